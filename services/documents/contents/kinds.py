"""What a file is, by its first bytes. Pure. Its name is believed only where bytes cannot tell, as with plain text."""

from pathlib import PurePosixPath

import puremagic

HEAD = 8192
"""Bytes that are looked at."""
PDF = "application/pdf"
TEXT = "text/plain"
OOXML = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_OFFICE = {".doc": "application/msword", ".xls": "application/vnd.ms-excel"}
IMAGES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/heic")
SHOWN_IN_PLACE = (PDF, *IMAGES[:4])
"""What a browser shows without running anything of it."""
ENDINGS = {
    PDF: (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/webp": (".webp",),
    "image/gif": (".gif",), "image/tiff": (".tif", ".tiff"), "image/heic": (".heic", ".heif"),
    TEXT: (".txt", ".csv", ".md", ".log"), **{kind: (ending,) for ending, kind in OLD_OFFICE.items()},
    OOXML[b"word/"]: (".docx",), OOXML[b"xl/"]: (".xlsx",),
}  # fmt: skip
LIKE_A_PAGE = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script")


def media_type(head: bytes, name: str) -> str | None:
    """The media type; None for what nobody can tell. Never a page or a drawing that could run a script."""
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in OOXML.items() if b"[Content_Types].xml" in head and mark in head), None)
    if head.startswith(OLE):
        return OLD_OFFICE.get(_ending(name))
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"hevc"):
        return "image/heic"
    return _image(head) or (TEXT if _is_text(head) and _ending(name) in ENDINGS[TEXT] else None)


def named_as_it_is(name: str, kind: str) -> str:
    """The name for a download: with the ending of what it is, if it has another."""
    endings = ENDINGS.get(kind, ())
    return name if not endings or _ending(name) in endings else f"{name}{endings[0]}"


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _image(head: bytes) -> str | None:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    return next((one.mime_type for one in found if one.mime_type in IMAGES), None)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head or head.lstrip().lower().startswith(LIKE_A_PAGE):
        return False
    try:
        head[: len(head) - 4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
