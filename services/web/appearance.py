"""The chain's own look: its name, its logo, and its accent colour in shades that stay readable."""

import colorsys
import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory, url_for

from shared.config import WebConfig

STATIC = Path(__file__).parent / "static"
YEAR_SECONDS = 365 * 24 * 3600
LEAST_CONTRAST = 4.6
TINT = 0.14
"""How much of the accent a tinted ground holds, on which the accent must be readable too."""
WHITE, INK = (1.0, 1.0, 1.0), (0.106, 0.129, 0.141)
"""The cards of the light and of the dark page."""

Colour = tuple[float, float, float]


def register(app: Flask, web: WebConfig) -> None:
    room = Blueprint("appearance", __name__)
    sheet, version = style_sheet(web.accent), version_of(STATIC)

    def theme() -> Response:
        return Response(sheet, mimetype="text/css", headers={"Cache-Control": "public, max-age=3600"})

    def static(version: str, filename: str) -> Response:
        return send_from_directory(STATIC, filename, max_age=YEAR_SECONDS)

    def asset(name: str) -> str:
        return url_for("appearance.static", version=version, filename=name)

    room.add_url_rule("/theme.css", "theme", theme)
    room.add_url_rule("/static/<version>/<path:filename>", "static", static)
    app.register_blueprint(room)
    app.context_processor(lambda: {"chain_name": web.chain_name, "logo_url": web.logo_url, "asset": asset})


def version_of(folder: Path) -> str:
    """Part of every file's address, so that browsers may keep a file for a year and still see the next release.

    A module imports others by their place beside it, so they too come from the same release.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def style_sheet(accent: str) -> str:
    """The accent as custom properties: dark enough on white, light enough on ink."""
    colour = _parsed(accent)
    light, dark = _readable(colour, WHITE, -1), _readable(colour, INK, +1)
    return (
        f":root{{--accent:{_written(light)};--accent-rgb:{_numbers(light)};--on-accent:#fff}}\n"
        f"[data-bs-theme=dark]{{--accent:{_written(dark)};--accent-rgb:{_numbers(dark)};--on-accent:{_written(INK)}}}\n"
    )


def _readable(colour: Colour, against: Colour, step: int) -> Colour:
    """The same hue, darker (-1) or lighter (+1) until its contrast suffices for text."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    while contrast(colour, _tinted(against, colour)) < LEAST_CONTRAST:
        lightness += step * 0.01
        colour = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness)), saturation)
    return colour


def _tinted(ground: Colour, colour: Colour) -> Colour:
    red, green, blue = (TINT * part + (1 - TINT) * under for part, under in zip(colour, ground, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """As WCAG 2 defines it: from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parsed(text: str) -> Colour:
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _numbers(colour: Colour) -> str:
    return ",".join(str(round(part * 255)) for part in colour)


def _written(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
