"""Reads what Amazon SES tells by SNS, once the signature is checked."""

import base64
import re
from typing import Any
from uuid import UUID

import orjson
import urllib3
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from services.notifications.providers.email.reports import OURS, NoReport, Report
from shared.config import Messaging

SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
HASHES: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 (SNS's own choice)
_http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=5), retries=False)
_certificates: dict[str, rsa.RSAPublicKey] = {}


class BadSignature(Exception):
    """Nothing that Amazon has signed for our topic."""


def verified(messaging: Messaging, body: bytes) -> dict[str, Any]:
    """What SNS says. Raises BadSignature."""
    try:
        said = orjson.loads(body)
        names = SIGNED[said["Type"]]
        if not messaging.sns_topic or said["TopicArn"] != messaging.sns_topic:
            raise BadSignature
        text = "".join(f"{name}\n{said[name]}\n" for name in names if said.get(name) is not None)
        key = _key(messaging, said["SigningCertURL"])
        algorithm = HASHES[str(said["SignatureVersion"])]
        key.verify(base64.b64decode(said["Signature"]), text.encode(), padding.PKCS1v15(), algorithm)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, InvalidSignature) as error:
        raise BadSignature from error
    return dict(said)


def confirm(messaging: Messaging, said: dict[str, Any]) -> None:
    """Says yes to the subscription that we asked for; only ever to where the certificates come from."""
    if re.match(messaging.sns_certificates, said["SubscribeURL"]):
        _http.request("GET", said["SubscribeURL"])


def reports(said: dict[str, Any]) -> list[Report]:
    """What the notification is about. Raises NoReport."""
    try:
        told = orjson.loads(said["Message"])
        message_id = _ours(told["mail"])
        kind = told.get("notificationType") or told.get("eventType")
        if kind == "Bounce":
            bounce = told["bounce"]
            hard = bounce["bounceType"] == "Permanent" and bounce.get("bounceSubType") != "ContentRejected"
            return [
                Report(message_id, "bounced" if hard else "delayed", f"ses_{str(bounce['bounceType']).lower()}", hard)
            ]
        if kind == "Complaint":
            return [Report(message_id, "complained", "complaint")]
        return [Report(message_id, "delivered", "")] if kind == "Delivery" else []
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise NoReport from error


def _ours(mail: dict[str, Any]) -> UUID:
    headers = {str(each["name"]).lower(): str(each["value"]) for each in mail.get("headers", ())}
    found = OURS.fullmatch(headers.get("x-foyer-message", headers.get("message-id", "")).strip())
    if found is None:
        raise NoReport
    return UUID(found.group(1))


def _key(messaging: Messaging, address: str) -> rsa.RSAPublicKey:
    if not re.match(messaging.sns_certificates, address):
        raise BadSignature
    if address not in _certificates:
        try:
            answer = _http.request("GET", address)
            key = x509.load_pem_x509_certificate(answer.data).public_key()
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise BadSignature from error
        if not isinstance(key, rsa.RSAPublicKey):
            raise BadSignature
        _certificates[address] = key
    return _certificates[address]
