"""The program that draws: `draw.py FILE MEDIA_TYPE FOLDER` writes `thumbnail` and perhaps `rendition` there."""

import sys
from pathlib import Path

from PIL import Image, ImageOps

EDGE = 480
QUALITY = 82
ORIENTATION, GPS = 0x0112, 0x8825
MOST_PIXELS = 80_000_000
"""More than any camera takes; a small file can claim to be more and fill the memory."""


def main(path: Path, media_type: str, folder: Path) -> None:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    picture = _first_page(path) if media_type == "application/pdf" else _opened(path)
    if media_type == "image/jpeg" and _tells_too_much(picture):
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.save(folder / "rendition", "JPEG", quality=92)
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((EDGE, EDGE))
    picture.convert("RGB").save(folder / "thumbnail", "WEBP", quality=QUALITY)


def _opened(path: Path) -> Image.Image:
    picture = Image.open(path)
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError(f"{picture.width} times {picture.height} pixels are too many")
    picture.load()
    return picture


def _tells_too_much(picture: Image.Image) -> bool:
    """Whether it lies on its side, or says where it was taken."""
    told = picture.getexif()
    return told.get(ORIENTATION, 1) != 1 or GPS in told


def _first_page(path: Path) -> Image.Image:
    import pypdfium2

    page = pypdfium2.PdfDocument(path)[0]
    width, height = page.get_size()
    drawn: Image.Image = page.render(scale=min(4.0, 2 * EDGE / max(width, height, 1))).to_pil()
    return drawn


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
