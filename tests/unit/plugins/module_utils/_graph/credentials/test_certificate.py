# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates in all the forms that people have them in."""

from __future__ import annotations

import datetime
import os
import pathlib
import time
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.certificate import read_certificate
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

PEM, TRADITIONAL = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
PKCS8, OPEN = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
PASSWORD = "pass word"
CLOSED = serialization.BestAvailableEncryption(PASSWORD.encode())


def _certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    day = datetime.datetime(2026, 1, 1)
    return x509.CertificateBuilder(
        subject, subject, key.public_key(), 1, day, day + datetime.timedelta(days=3650)
    ).sign(key, hashes.SHA256())


KEY = rsa.generate_private_key(65537, 2048)
LEAF, ISSUER = _certificate(KEY, "leaf"), _certificate(KEY, "issuer")
LEAF_PEM, ISSUER_PEM = LEAF.public_bytes(PEM), ISSUER.public_bytes(PEM)
OPEN_KEY = KEY.private_bytes(PEM, PKCS8, OPEN)


def _pkcs12(encryption: serialization.KeySerializationEncryption, key: t.Any = KEY, leaf: t.Any = LEAF) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"name", key, leaf, [ISSUER], encryption)


GOOD: dict[str, tuple[bytes, str | None, int]] = {
    "PEM": (OPEN_KEY + LEAF_PEM, None, 1),
    "PEM with the certificate first": (LEAF_PEM + OPEN_KEY, None, 1),
    "PEM with words around": (b"Bag Attributes\n x: y\n" + LEAF_PEM + b"Key Attributes\n" + OPEN_KEY, None, 1),
    "PEM with a chain": (OPEN_KEY + LEAF_PEM + ISSUER_PEM, None, 2),
    "PEM of an RSA key": (KEY.private_bytes(PEM, TRADITIONAL, OPEN) + LEAF_PEM, None, 1),
    "PEM with line ends of Windows": ((OPEN_KEY + LEAF_PEM).replace(b"\n", b"\r\n"), None, 1),
    "protected PEM": (KEY.private_bytes(PEM, PKCS8, CLOSED) + LEAF_PEM, PASSWORD, 1),
    "protected PEM of an RSA key": (KEY.private_bytes(PEM, TRADITIONAL, CLOSED) + LEAF_PEM, PASSWORD, 1),
    "PKCS 12": (_pkcs12(OPEN), None, 2),
    "protected PKCS 12": (_pkcs12(CLOSED), PASSWORD, 2),
}
BAD: dict[str, tuple[bytes, str | None, str]] = {
    "empty": (b"", None, ""),
    "a word": (b"certificate", None, ""),
    "no key": (LEAF_PEM, None, "no private key in PEM form"),
    "no certificate": (OPEN_KEY, None, "no certificate in PEM form"),
    "a spoilt key": (OPEN_KEY.replace(b"MII", b"!!!", 1) + LEAF_PEM, None, ""),
    "a spoilt certificate": (OPEN_KEY + LEAF_PEM.replace(b"MII", b"!!!", 1), None, ""),
    "half a key": (LEAF_PEM + OPEN_KEY[:300], None, "no private key in PEM form"),
    "protected PEM without its password": (KEY.private_bytes(PEM, PKCS8, CLOSED) + LEAF_PEM, None, "assword"),
    "protected PEM with a wrong password": (KEY.private_bytes(PEM, PKCS8, CLOSED) + LEAF_PEM, "wrong", "assword"),
    "protected PKCS 12 without its password": (_pkcs12(CLOSED), None, "assword"),
    "protected PKCS 12 with a wrong password": (_pkcs12(CLOSED), "wrong", "assword"),
    "PKCS 12 without a key": (_pkcs12(OPEN, None, None), None, "no certificate with its private key"),
    "half a PKCS 12": (_pkcs12(OPEN)[:500], None, ""),
}


@pytest.mark.parametrize("form", GOOD)
def test_every_usual_form_is_read(form: str, tmp_path: pathlib.Path) -> None:
    content, password, count = GOOD[form]
    file = tmp_path / "certificate"
    file.write_bytes(content)
    credential = read_certificate(file, password)
    key = serialization.load_pem_private_key(credential["private_key"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.private_numbers() == KEY.private_numbers()
    certificates = x509.load_pem_x509_certificates(credential["public_certificate"].encode())
    assert certificates == [LEAF, ISSUER][:count]


@pytest.mark.parametrize("form", BAD)
def test_everything_else_is_refused_in_one_paragraph(form: str, tmp_path: pathlib.Path) -> None:
    content, password, words = BAD[form]
    file = tmp_path / "certificate"
    file.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_certificate(file, password)
    assert str(file) in caught.value.message
    assert words in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.facts["option"] == "certificate_path"
    assert PASSWORD not in caught.value.message


@pytest.mark.parametrize("place", ["none", "."])
def test_a_file_that_cannot_be_read(place: str, tmp_path: pathlib.Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_certificate(tmp_path / place, None)


HUGE = {
    "lines that begin": b"-----BEGIN CERTIFICATE-----\n" * 35_000,
    "keys that begin": b"-----BEGIN PRIVATE KEY-----\n" * 35_000,
    "names without an end": b"-----BEGIN " + b"A " * 450_000,
    "dashes": b"-" * 900_000,
    "blanks": (b"-----END CERTIFICATE-----" + b" " * 900_000),
}


@pytest.mark.parametrize("kind", HUGE)
def test_a_file_that_is_none_is_told_at_once(kind: str, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "certificate"
    file.write_bytes(OPEN_KEY[:50] + HUGE[kind])
    begin = time.monotonic()
    with pytest.raises(BadInput, match="cannot be used"):
        read_certificate(file, None)
    assert time.monotonic() - begin < 2


def test_what_might_never_end_is_not_read(tmp_path: pathlib.Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "huge").write_bytes(b"-" * 1_000_001)
    for name, says in (("pipe", "Is not a file"), ("huge", "Is of 1000001 bytes"), ("none", "No such file")):
        with pytest.raises(BadInput, match=f"cannot be read: {says}"):
            read_certificate(tmp_path / name, None)
    with pytest.raises(BadInput, match="cannot be read: Is not a file"):
        read_certificate(pathlib.Path("/dev/zero"), None)
