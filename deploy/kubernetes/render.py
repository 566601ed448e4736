"""The manifests as they are applied, written into `rendered/`: for review, and for machines without kustomize.

`make manifests` after a change of the sources. Each file carries a fingerprint of them, so that a test sees on any
machine that it was forgotten.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OVERLAYS = ("small", "high-availability")


def rendered(overlay: str) -> Path:
    return HERE / "rendered" / f"{overlay}.yaml"


def kustomize() -> list[str] | None:
    """The command that renders a folder; None where this machine has neither kubectl nor kustomize."""
    if shutil.which("kubectl"):
        return ["kubectl", "kustomize"]
    return ["kustomize", "build"] if shutil.which("kustomize") else None


def render(overlay: str) -> str:
    command = kustomize()
    if command is None:
        sys.exit("This needs kubectl or kustomize.")
    done = subprocess.run([*command, str(HERE / "overlays" / overlay)], capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def fingerprint() -> str:
    """Of all sources, by name and content."""
    sources = [file for file in sorted(HERE.rglob("*.yaml")) if HERE / "rendered" not in file.parents]
    digest = hashlib.sha256()
    for file in sources:
        digest.update(f"{file.relative_to(HERE)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def main() -> None:
    for overlay in OVERLAYS:
        rendered(overlay).parent.mkdir(exist_ok=True)
        head = f"# overlays/{overlay}, rendered by `make manifests`. Sources: {fingerprint()}\n"
        rendered(overlay).write_text(head + render(overlay))


if __name__ == "__main__":
    main()
