"""What is one's own: the password."""

from flask import Blueprint, Response, redirect, url_for
from flask_babel import gettext as _

from services.web.backend import tell
from services.web.forms import Form
from services.web.pages import show
from services.web.wire import done

room = Blueprint("account", __name__)


@room.get("/.well-known/change-password")
def for_password_managers() -> Response:
    """Where a password manager looks for the page (W3C, "A Well-Known URL for Changing Passwords")."""
    return redirect(url_for("account.password"))  # type: ignore[return-value]


@room.get("/account/password")
def password() -> Response:
    return show("account/page.html", form=Form())


@room.post("/account/password")
def change_password() -> Response:
    """A new one for who knows the present one; the directory ends the person's other sessions."""
    form = Form.sent()
    if form.get("password") != form.get("again"):
        form.refuse("again", _("This is not the same as the new password above."))
        return show("account/password.html", form.status, form=form)
    with form.attempt():
        body = {name: form.get(name) for name in ("current_password", "password")}
        tell("PUT", "directory", "directory/me/password", body)
        text = _("Your password was changed. You are signed out everywhere else.")
        return done(text, go=url_for("clients.page"))
    return show("account/password.html", form.status, form=form)
