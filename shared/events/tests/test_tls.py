"""RabbitMQ behind TLS: what is written in one piece arrives whole, and a server that is another is not talked to."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.events.rabbitmq import RabbitMQ
from shared.events.transport import Delivery, Outgoing, Unreachable
from shared.ids import new_id
from shared.testing.eventually import eventually

EVENTS = [
    Outgoing(new_id(), "directory.branch.stated.v1", f'{{"n": {n}, "text": "{"x" * 20_000}"}}') for n in range(200)
]


def test_two_hundred_large_events_arrive_whole_and_in_their_order(vhost, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_for("localhost", tmp_path)))
    with behind_tls(vhost.url, tmp_path) as url, closing(RabbitMQ(url, service="clients")) as transport:
        transport.declare("clients", [EVENTS[0].type])
        assert not transport.publish(EVENTS)
        eventually(lambda: vhost.ready("clients") == len(EVENTS))
        arrived: list[Delivery] = []
        while len(arrived) < len(EVENTS):
            arrived += transport.take("clients", 50, 5.0)
        assert [each.body for each in arrived] == [each.body.encode() for each in EVENTS]


def test_a_certificate_for_another_host_is_refused(vhost, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_for("broker.example", tmp_path)))
    with behind_tls(vhost.url, tmp_path) as url, pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        RabbitMQ(url, service="clients").declare("clients", [EVENTS[0].type])


def test_a_certificate_that_nobody_vouches_for_is_refused(vhost, tmp_path):
    certificate_for("localhost", tmp_path)
    with behind_tls(vhost.url, tmp_path) as url, pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        RabbitMQ(url, service="clients").declare("clients", [EVENTS[0].type])


def certificate_for(host: str, folder: Path) -> Path:
    """One that vouches for itself, and its key beside it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime.now(UTC) - timedelta(1)).not_valid_after(datetime.now(UTC) + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(plain)
    return folder / "certificate.pem"


@contextmanager
def behind_tls(url: str, folder: Path) -> Iterator[str]:
    """The address of a door that speaks TLS with the certificate of the folder, and hands on to the server."""
    parts = urlsplit(url)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    loop = asyncio.new_event_loop()

    async def hand_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while said := await source.read(65536):
            target.write(said)
            await target.drain()
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(parts.hostname, parts.port)
        ways = hand_on(reader, to_server), hand_on(from_server, writer)
        await asyncio.gather(*ways, return_exceptions=True)

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    # In that thread, for in ours the loop of a browser may be running that an earlier test has opened.
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(serve, "127.0.0.1", 0, ssl=context), loop).result(10)
    port = server.sockets[0].getsockname()[1]
    try:
        yield parts._replace(scheme="amqps", netloc=f"{parts.username}:{parts.password}@localhost:{port}").geturl()
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
