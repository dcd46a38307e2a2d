"""Ports, a certificate and secret files for servers on the loopback interface."""

from __future__ import annotations

import os
import random
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a TCP port of loopback that is free at the moment, below those from 32768 on that the
    system gives to connections: one may take such a port before the server does."""
    while not port_is_free(port := random.randrange(10_000, 32_768)):  # noqa: S311 - no secret
        pass
    return port


def port_is_free(port: int) -> bool:
    """Return whether this TCP port of loopback is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def write_certificate(certificate: Path, key: Path) -> None:
    """Write a self-signed certificate for loopback. The servers that use it don't check it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    private = secret.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_secret(key, private.decode())
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read (mode 0600)."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
