# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and certificates, made at start and kept in a folder that goes with the simulator."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from ..state import Client

ISSUER = "https://issuer.contoso.example"
AUDIENCE = "api://AzureADTokenExchange"
CERTIFICATE_PASSWORD = "certificate password of the simulator"


@dataclass
class Material:
    """`token_key` signs access tokens, `issuer_key` the federated assertions of the simulated outside issuer."""

    folder: Path
    token_key: rsa.RSAPrivateKey
    issuer_key: ec.EllipticCurvePrivateKey
    identity_header: str
    certificate: x509.Certificate
    certificate_key: rsa.RSAPrivateKey

    def equip(self, client: Client, endpoint: str) -> None:
        """Give a client a certificate, a federated token and a managed identity; the files go to the folder."""
        key = self.certificate_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = self.certificate.public_bytes(serialization.Encoding.PEM)
        pfx = pkcs12.serialize_key_and_certificates(
            b"simulator",
            self.certificate_key,
            self.certificate,
            None,
            serialization.BestAvailableEncryption(CERTIFICATE_PASSWORD.encode()),
        )
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        client.certificate_pem = public
        client.thumbprints = (base64url(hashlib.sha1(der).digest()), base64url(hashlib.sha256(der).digest()))
        client.subject = f"repo:contoso/identity:{client.client_id}"
        client.managed = True
        client.shown = {
            "certificate_path": self._write("client.pem", key + public),
            "certificate_pfx_path": self._write("client.pfx", pfx),
            "certificate_password": CERTIFICATE_PASSWORD,
            "federated_token_file": self._write("federated.jwt", self.federated_token(client.subject).encode()),
            "identity_endpoint": f"{endpoint}/_msi/token",
            "identity_header": self.identity_header,
            "imds_endpoint": f"{endpoint}/metadata/identity/oauth2/token",
        }

    def federated_token(self, subject: str) -> str:
        """An assertion as an outside issuer (a pipeline, a cluster) would give to a workload; valid for a day."""
        now = dt.datetime.now(dt.timezone.utc)
        claims = {"iss": ISSUER, "sub": subject, "aud": AUDIENCE, "iat": now, "exp": now + dt.timedelta(days=1)}
        return jwt.encode(claims, self.issuer_key, algorithm="ES256", headers={"kid": "issuer-1"})

    def _write(self, name: str, content: bytes) -> str:
        path = self.folder / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(content)
        return str(path)


def new_material(folder: Path) -> Material:
    """Make all keys."""
    certificate_key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "graphsim client")])
    now = dt.datetime.now(dt.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(certificate_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .sign(certificate_key, hashes.SHA256())
    )
    return Material(
        folder,
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256R1()),
        secrets.token_hex(16),
        certificate,
        certificate_key,
    )


def base64url(data: bytes) -> str:
    """Base64url without padding, as JOSE wants it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
