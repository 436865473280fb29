# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Sign in with a certificate: PEM with its key in one file, or PKCS #12."""

from __future__ import annotations

import hashlib
import pathlib
import re
import typing as t

from ..connection import Connection
from ..errors import BadInput
from ..libraries import load
from .base import Method, Token, confidential_client_token
from .files import small_file

_LINE = re.compile(rb"-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----\s{0,8}")


class Certificate(Method):
    """A certificate whose public part is registered with the application."""

    NAME: t.ClassVar[str] = "certificate"
    MATERIAL: t.ClassVar[tuple[str, ...]] = ("certificate_path",)
    NEEDS: t.ClassVar[tuple[str, ...]] = ("tenant_id", "client_id")

    def token(self, connection: Connection) -> Token:
        """Ask for a token.

        :raises BadInput: where the file cannot be read, or is no certificate with its key.
        """
        path = pathlib.Path(connection.options["certificate_path"])
        credential = read_certificate(path, connection.options.get("certificate_password"))
        return confidential_client_token(connection, self.NAME, credential)

    def identity(self, connection: Connection) -> tuple[str, ...]:
        """Return what the file holds, which decides the thumbprint, and what opens it.

        Not its path: another certificate may lie there by now.
        """
        content = content_of(pathlib.Path(connection.options["certificate_path"]))
        return hashlib.sha256(content).hexdigest(), str(connection.options.get("certificate_password") or "")


def read_certificate(path: pathlib.Path, password: str | None) -> dict[str, t.Any]:
    """Return what msal wants of a certificate.

    :raises BadInput: naming the file and what is wrong with it.
    """
    content = content_of(path)
    secret = password.encode() if password else None
    unsupported = load("cryptography.exceptions", "to read certificates").UnsupportedAlgorithm
    try:
        key, certificates = _from_pem(content, secret) if b"-----BEGIN" in content else _from_pkcs12(content, secret)
    except (ValueError, TypeError, unsupported) as error:
        raise _refusal(path, str(error).split("\n", maxsplit=1)[0].rstrip(".")) from error
    # Without a thumbprint msal computes the SHA-256 one, which the sign-in service prefers.
    return {"private_key": key, "public_certificate": certificates}


def content_of(path: pathlib.Path) -> bytes:
    """Return what a certificate file holds.

    :raises BadInput: where it cannot be read, or is none.
    """
    try:
        content = small_file(path)
    except OSError as error:
        raise _refusal(path, f"cannot be read: {error.strerror or error}") from error
    if not content:
        raise _refusal(path, "it is empty")
    return content


def _blocks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Return the names and texts of the blocks of a PEM file. Each line is looked at once, however odd the file is."""
    found: list[tuple[bytes, bytes]] = []
    begin: re.Match[bytes] | None = None
    for line in _LINE.finditer(content):
        if line[1] == b"BEGIN":
            begin = line
        elif begin and begin[2] == line[2]:
            found.append((line[2], content[begin.start() : line.end()]))
            begin = None
    return found


def _from_pem(content: bytes, password: bytes | None) -> tuple[str, str]:
    serialization = load("cryptography.hazmat.primitives.serialization", "to read certificates")
    x509 = load("cryptography.x509", "to read certificates")
    blocks = _blocks(content)
    key = next((text for name, text in blocks if name.endswith(b"PRIVATE KEY")), None)
    certificates = [text for name, text in blocks if name == b"CERTIFICATE"]
    if not key or not certificates:
        raise ValueError(f"it holds no {'private key' if certificates else 'certificate'} in PEM form")
    for certificate in certificates:
        try:
            x509.load_pem_x509_certificate(certificate)
        except ValueError as error:
            raise ValueError("it holds a certificate that cannot be read") from error
    return _pem(serialization.load_pem_private_key(key, password)), b"".join(certificates).decode()


def _from_pkcs12(content: bytes, password: bytes | None) -> tuple[str, str]:
    pkcs12 = load("cryptography.hazmat.primitives.serialization.pkcs12", "to read certificates")
    serialization = load("cryptography.hazmat.primitives.serialization", "to read certificates")
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(content, password)
    except ValueError as error:
        if "password" in str(error):
            raise
        raise ValueError("it is neither PEM nor PKCS #12") from error
    if not key or not certificate:
        raise ValueError("it holds no certificate with its private key")
    pem = [one.public_bytes(serialization.Encoding.PEM).decode() for one in (certificate, *chain)]
    return _pem(key), "".join(pem)


def _pem(key: t.Any) -> str:
    serialization = load("cryptography.hazmat.primitives.serialization", "to read certificates")
    rsa = load("cryptography.hazmat.primitives.asymmetric.rsa", "to read certificates")
    if not isinstance(key, rsa.RSAPrivateKey):
        # Source: the page "Microsoft identity platform application authentication certificate credentials".
        raise ValueError("its key is not an RSA key, and the sign-in service accepts no other")
    text: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return text.decode()


def _refusal(path: pathlib.Path, why: str) -> BadInput:
    return BadInput(
        f"The certificate file {path} cannot be used: {why}. The option certificate_path takes a PEM file with the "
        "certificate and its private key, or a PKCS #12 file (.pfx); certificate_password opens a protected one.",
        option="certificate_path",
    )
