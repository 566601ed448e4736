"""Hands bytes out: in one range or whole, by their hash, under the right name, and never as a page of ours."""

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response, request

from services.documents.contents.kinds import SHOWN_IN_PLACE, named_as_it_is
from services.documents.contents.models import Blob
from services.documents.stores.port import Store
from shared.api.problems import Refused
from shared.aside import begun_aside

HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
"""For whoever opens it by its address: nothing in it runs. (A `sandbox` would keep browsers from showing a PDF.)"""


def served(store: Store, blob: Blob, name: str, *, download: bool) -> Response:
    """The answer to a request for the bytes. Refuses with 416 what lies past them. Raises StoreAway."""
    key, tag = (blob.rendition_key, f"{blob.sha256}-r") if blob.has_rendition else (blob.key, blob.sha256)
    size = blob.size if not blob.has_rendition else (store.size(key) or 0)
    kind = "image/jpeg" if blob.has_rendition else blob.media_type
    headers = {
        "ETag": f'"{tag}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(
            named_as_it_is(name, kind), in_place=not download and kind in SHOWN_IN_PLACE
        ),
        "Content-Security-Policy": HARMLESS,
        "X-Content-Type-Options": "nosniff",
    }
    if request.if_none_match.contains(tag):
        return Response(status=304, headers=headers)
    start, end, status = 0, size, 200
    if request.range and not (request.if_range and request.if_range.etag not in (None, tag)):
        wanted = request.range.range_for_length(size)
        if wanted is None:
            raise Refused(416, headers={"Content-Range": f"bytes */{size}"})
        (start, end), status = wanted, 206
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    return Response(_aside(store.read(key, start, end)), status, headers, content_type=kind)


def is_first_part() -> bool:
    """Whether this request opens it, and does not read on in what was opened."""
    return not request.range or request.range.ranges[0][0] in (0, None)


def disposition(name: str, *, in_place: bool) -> str:
    """RFC 6266: the name in any script, and a plain one for what is older."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\%' else "_" for letter in name)
    return f"{'inline' if in_place else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _aside(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Each piece is read in a thread aside while the one before it is sent: a disk that is slow holds up nobody."""
    following = begun_aside(next, pieces, b"")
    while piece := following():
        following = begun_aside(next, pieces, b"")
        yield piece
