"""The session cookie: encrypted, so that nobody reads or changes it but the console."""

import hashlib
import json
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SessionInterface
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from services.web.portal.place import ROOT, is_portal

HEADER = {"alg": "dir", "enc": "A256GCM"}


class Sealed:
    """Text that only the holder of the key can read or make."""

    def __init__(self, secret: str) -> None:
        self._key = OctKey.import_key(hashlib.sha256(secret.encode()).digest())

    def seal(self, value: Any) -> str:
        return jwe.encrypt_compact(HEADER, json.dumps(value), self._key)

    def open(self, text: str) -> Any:
        """What was sealed; None for anything that this key did not seal."""
        try:
            return json.loads(jwe.decrypt_compact(text, self._key).plaintext or b"null")
        except (JoseError, ValueError):
            return None


class EncryptedSessions(SessionInterface):
    """Flask's session in one cookie. It holds the means to renew a token, never a token: it is small and changes
    only at sign-in and sign-out, so requests that run side by side do not overwrite each other's."""

    session_class = SecureCookieSession
    portal_suffix = "_portal"

    def __init__(self, secret: str) -> None:
        self._sealed = Sealed(secret)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        found = self._sealed.open(request.cookies.get(self.get_cookie_name(app), ""))
        return self.session_class(found if isinstance(found, dict) else None)

    def get_cookie_name(self, app: Flask) -> str:
        """Clients have a cookie of their own, so that staff and a client can be in at once and never mix."""
        return super().get_cookie_name(app) + (self.portal_suffix if is_portal() else "")

    def get_cookie_path(self, app: Flask) -> str:
        return ROOT if is_portal() else super().get_cookie_path(app)

    def forget_portal(self, app: Flask, response: Response) -> None:
        """Whoever was in at the portal in this browser is out."""
        response.delete_cookie(super().get_cookie_name(app) + self.portal_suffix, path=ROOT)

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        response.vary.add("Cookie")
        name = self.get_cookie_name(app)
        scope: dict[str, Any] = {
            "path": self.get_cookie_path(app),
            "secure": self.get_cookie_secure(app),
            "samesite": self.get_cookie_samesite(app),
            "httponly": True,
        }
        if not session and session.modified:
            response.delete_cookie(name, **scope)
        elif self.should_set_cookie(app, session):
            response.set_cookie(name, self._sealed.seal(dict(session)), **scope)
