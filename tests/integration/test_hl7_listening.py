"""The HL7 process: its shared port and those of senders, with TLS and proof of who sends."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from backend.cli.hl7 import Listening
from backend.core.context import ProcessContext
from tests.integration.test_hl7 import adt
from tests.ports import free_port


def certificate(folder: Path, name: str) -> Path:
    """A certificate that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


async def sent(port: int, message: bytes, tls: ssl.SSLContext | None = None) -> bytes:
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=tls, server_hostname="localhost" if tls else None
    )
    writer.write(b"\x0b" + message + b"\x1c\r")
    await writer.drain()
    try:
        return await asyncio.wait_for(reader.readuntil(b"\x1c\r"), 10)
    finally:
        writer.close()


@pytest.fixture
async def listening(context: ProcessContext, tmp_path: Path) -> AsyncIterator[tuple[Listening, Path, Path]]:
    """With our certificate, and with the demand for the senders'."""
    ours, theirs = certificate(tmp_path, "ours"), certificate(tmp_path, "theirs")
    settings = context.settings.model_copy(
        update={"hl7_port": free_port(), "hl7_certificate": str(ours), "hl7_clients": str(theirs)}
    )
    found = Listening(
        ProcessContext(
            settings, context.database, context.redis, context.keyring, context.documents, context.inbox, context.clock
        )
    )
    await found.look()
    yield found, ours, theirs
    for server in found.servers.values():
        await server.stop()


async def test_tls_and_proof_of_the_sender(
    client: httpx.AsyncClient, listening: tuple[Listening, Path, Path], context: ProcessContext
) -> None:
    found, ours, theirs = listening
    body = {"version": 0, "name": "EMR", "application": "PTEMR", "facility": "NORTHSIDE"}
    assert (await client.post("/api/v1/settings/hl7-senders", json=body)).status_code == 201
    port = found._context.settings.hl7_port
    trusting = ssl.create_default_context(cafile=ours)
    with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
        await sent(port, adt("A04"), trusting)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await sent(port, adt("A04"))
    trusting.load_cert_chain(theirs)
    assert b"MSA|AA|D1" in await sent(port, adt("A04"), trusting)


async def test_ports_are_opened_and_closed_as_they_are_named(
    client: httpx.AsyncClient, listening: tuple[Listening, Path, Path]
) -> None:
    found, ours, theirs = listening
    trusting = ssl.create_default_context(cafile=ours)
    trusting.load_cert_chain(theirs)
    port, path = free_port(), "/api/v1/settings/hl7-senders"
    made = (await client.post(path, json={"version": 0, "name": "Own", "port": port})).json()
    await found.look()
    assert b"MSA|AA|" in await sent(port, adt("A04"), trusting)
    body = {"version": made["version"], "name": "Own", "port": port, "active": False}
    assert (await client.put(f"{path}/{made['id']}", json=body)).status_code == 200
    await found.look()
    with pytest.raises(ConnectionError):
        await sent(port, adt("A04"), trusting)
