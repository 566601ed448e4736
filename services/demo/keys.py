"""The secrets of a demo installation, made at its first start: what an operator mounts on Kubernetes.

One file per secret, readable by its owner only. A file that is there is kept: who replaces it, replaces the key.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path


def make_missing_keys(folder: Path, names: Iterable[str] | None = None) -> None:
    """Those of these names, by default all that an installation has."""
    for name in MAKERS if names is None else names:
        if not (folder / name).exists():
            write_whole(folder / name, MAKERS[name]())


def _signing_key() -> str:
    """An Ed25519 key pair as a JWK, for the tokens that directory signs."""
    from joserfc.jwk import OKPKey  # a slow import that only the first start needs

    key = OKPKey.generate_key("Ed25519", parameters={"use": "sig"}, auto_kid=True)
    return json.dumps(key.as_dict(private=True))


def write_whole(path: Path, text: str) -> None:
    """Whole or not at all: half a key would lock everybody out, and nobody would know why."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


MAKERS: dict[str, Callable[[], str]] = {
    "directory-signing-key": _signing_key,
    "gift-card-key": secrets.token_urlsafe,
    "sandbox-key": secrets.token_urlsafe,
    "suppression-key": secrets.token_urlsafe,
    "web-cookie-key": secrets.token_urlsafe,
    "web-machine-secret": secrets.token_urlsafe,
}
