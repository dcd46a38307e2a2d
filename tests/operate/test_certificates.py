"""What is wrong with a homeserver's certificate has its own cure. Real handshakes, a CA of ours."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)
LOOK = """
import asyncio, sys
from bot.operate.server_discovery import Unreachable, find_homeserver
try:
    print(asyncio.run(find_homeserver(sys.argv[1])))
except Unreachable as error:
    print(error)
"""
ASK = """
import asyncio, sys
from bot.run.optional_libraries import without_authorities
with without_authorities():
    from bot.matrix.http import Http
from bot.gateway import TryLater

async def ask():
    http = Http(sys.argv[1])
    try:
        print(await http.call("GET", "/_matrix/client/versions"))
    except TryLater as later:
        print(later.code)
    finally:
        await http.close()

asyncio.run(ask())
"""
Key = ec.EllipticCurvePrivateKey


def make(
    name: str, key: Key, issuer: str, by: Key, *, begins: timedelta, is_ca: bool = False
) -> bytes:
    """Return a certificate that is good for three days from `begins` on, counted from now."""
    now = datetime.now(UTC)
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer)]
    made = (
        x509.CertificateBuilder()
        .subject_name(named[0])
        .issuer_name(named[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + begins + 3 * DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )
    made = made.add_extension(usage, critical=True)
    ids = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    theirs = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key())
    made = made.add_extension(ids, critical=False).add_extension(theirs, critical=False)
    return made.sign(by, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    ("name", "begins", "trusted", "told"),
    [
        ("localhost", -DAY, True, "https://localhost:"),
        ("localhost", -9 * DAY, True, "has run out: whoever runs it renews it (certbot renew)"),
        ("localhost", 2 * DAY, True, "is not valid yet: is this machine's clock right?"),
        ("matrix.example.org", -DAY, True, "is for another name: type the name that people's"),
        ("localhost", -DAY, False, "sends the whole chain (fullchain.pem)"),
    ],
)
async def test_each_fault_of_a_certificate_has_its_cure(
    tmp_path: Path, name: str, begins: timedelta, trusted: bool, told: str
) -> None:
    said = await run_beside_server(tmp_path, LOOK, name=name, begins=begins, trusted=trusted)
    assert told in said


@pytest.mark.parametrize(
    ("trusted", "heard"),
    [(True, "{'versions': ['v1.11']}"), (False, "ClientConnectorCertificateError")],
)
async def test_the_running_bot_trusts_whom_the_operator_names_and_nobody_else(
    tmp_path: Path, trusted: bool, heard: str
) -> None:
    said = await run_beside_server(tmp_path, ASK, trusted=trusted)
    assert said == f"{heard}\n"


async def run_beside_server(
    folder: Path,
    program: str,
    *,
    name: str = "localhost",
    begins: timedelta = -DAY,
    trusted: bool,
) -> str:
    """Return what a program prints that is given the address of a homeserver with a certificate."""
    authority, key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    root = make("ours", authority, "ours", authority, begins=-DAY, is_ca=True)
    (folder / "ca.pem").write_bytes(root)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
    (folder / "crt.pem").write_bytes(make(name, key, "ours", authority, begins=begins))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "crt.pem", folder / "key.pem")

    async def versions(_request: web.Request) -> web.Response:
        return web.json_response({"versions": ["v1.11"]})

    app = web.Application()
    app.router.add_get("/_matrix/client/versions", versions)
    server = TestServer(app, scheme="https", host="localhost")
    await server.start_server(ssl=context)
    try:
        environment = {**os.environ, "LC_ALL": "en"}
        if trusted:
            environment["SSL_CERT_FILE"] = str(folder / "ca.pem")
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", program, f"https://localhost:{server.port}"],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        await server.close()
    return done.stdout
