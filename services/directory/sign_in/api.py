"""Signing in and out."""

from typing import Any

from flask import request
from gevent import sleep
from sqlalchemy import select

from services.directory.employees.models import Employee
from services.directory.machines.models import Machine
from services.directory.machines.secrets import is_right as secret_is_right
from services.directory.sign_in import attempts, authorizations, passwords, sessions, tokens
from services.directory.sign_in.oidc import identity_provider
from services.directory.sign_in.schemas import (
    AuthorizationAnswer,
    Jwks,
    TokenAnswer,
    TokenRequest,
    token_request_schema,
)
from shared.api import ANYONE, PUBLIC, Door, principal, transaction
from shared.api.json_schema import json_body
from shared.errors import Unauthenticated
from shared.words import Words

door = Door("sign_in", __name__, url_prefix="/api/v1/directory")

WRONG = Words("The name or the password is not right.")
NOT_HERE = Words("Nobody works here under the name that the identity provider gave.")
WRONG_SECRET = Words("This machine is not known, or its secret is not right.")
SIGNS_PEOPLE_IN = "directory.sessions.open"

Sent = dict[str, Any]


@door.get("/jwks", needs=PUBLIC)
@door.response(200, Jwks)
def jwks() -> Any:
    """The public keys that tokens are verified with."""
    return tokens.signing().jwks()


@door.post("/tokens", needs=PUBLIC)
@door.doc(requestBody=json_body(token_request_schema()), **{"x-problems": [401, 429]})
@door.arguments(TokenRequest)
@door.response(200, TokenAnswer)
def sign_in(sent: Sent) -> Any:
    """A token of five minutes, for a person or a machine."""
    return WAYS[sent["grant_type"]](sent)


@door.get("/oidc/authorization", needs=SIGNS_PEOPLE_IN)
@door.doc(**{"x-problems": [404]})
@door.response(200, AuthorizationAnswer)
def authorization() -> Any:
    """Where to send a person who signs in at the chain's own identity provider; asked by the console."""
    with transaction() as session:
        begun = authorizations.begin(session, identity_provider().settings.redirect_uri)
    url = identity_provider().authorization_url(begun.state, begun.nonce, begun.verifier)
    return {"authorization_url": url, "state": begun.state}


@door.delete("/sessions/current", needs=ANYONE)
@door.doc(**{"x-problems": [404]})
@door.response(204)
def sign_out() -> None:
    """Ends the session of the token: it and all others of the session are refused from now on."""
    with transaction() as session:
        sessions.end_session(session, principal().session_id)


def with_password(sent: Sent) -> Any:
    """The same answer after the same time, whether the name, the password or the person is the wrong one."""
    machine = trusted_machine(sent) if "client_id" in sent else None
    address = sent.get("address", "") if machine else request.remote_addr or ""
    name = sent["username"].casefold()
    with transaction() as session:
        failures = attempts.begin(session, name, address)
    with transaction() as session:
        employee = session.scalar(select(Employee).where(Employee.username == name))
    right = passwords.is_right(employee.password_hash if employee else None, sent["password"])
    if not employee or not right or not employee.active:
        sleep(min(1.0, 0.2 * failures))
        raise Unauthenticated(WRONG, code="wrong_credentials")
    with transaction() as session:
        attempts.forgive(session, name)
        opened = sessions.open_session(session, employee, machine.id if machine else None)
        return tokens.for_staff(session, opened)


def with_client_credentials(sent: Sent) -> Any:
    return tokens.for_machine(known_machine(sent))


def with_refresh_token(sent: Sent) -> Any:
    machine = trusted_machine(sent)
    with transaction() as session:
        return tokens.for_staff(session, sessions.renew(session, sent["refresh_token"], machine.id))


def with_authorization_code(sent: Sent) -> Any:
    """The person is who the identity provider says, once, for a sign-in that began here."""
    machine = trusted_machine(sent)
    with transaction() as session:
        begun = authorizations.take(session, sent["state"])
    username = identity_provider().username(sent["code"], begun.verifier, begun.nonce, begun.redirect_uri)
    with transaction() as session:
        employee = session.scalar(select(Employee).where(Employee.username == username.casefold()))
        if employee is None or not employee.active:
            raise Unauthenticated(NOT_HERE, code="wrong_credentials")
        return tokens.for_staff(session, sessions.open_session(session, employee, machine.id))


WAYS = {
    "password": with_password,
    "client_credentials": with_client_credentials,
    "refresh_token": with_refresh_token,
    "authorization_code": with_authorization_code,
}


def known_machine(sent: Sent) -> Machine:
    """The machine that showed its secret. No attempts are counted: nobody guesses 256 bits."""
    with transaction() as session:
        machine = session.scalar(select(Machine).where(Machine.client_id == sent["client_id"]))
    right = secret_is_right(machine.secret_hash if machine else None, sent.get("client_secret", ""))
    if not machine or not right or not machine.active:
        raise Unauthenticated(WRONG_SECRET, code="wrong_credentials")
    return machine


def trusted_machine(sent: Sent) -> Machine:
    """One that may sign people in, as the console does."""
    machine = known_machine(sent)
    if SIGNS_PEOPLE_IN not in machine.permissions:
        raise Unauthenticated(WRONG_SECRET, code="wrong_credentials")
    return machine
