# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that cannot reach the service, or cannot sign in."""

from __future__ import annotations

from tests.faults.cases import HERE, Case

BY_CERTIFICATE = {**HERE, "auth_method": "certificate", "client_secret": ""}
BY_TOKEN = {**HERE, "access_token": "a token from elsewhere", "client_secret": ""}

CONNECTION = [
    Case(
        "a closed port",
        "sync_job",
        {**BY_TOKEN, "graph_endpoint": "https://localhost:1"},
        ["Could not list service principals", "https://localhost:1 cannot be reached", "refused", "firewall"],
    ),
    Case(
        "a closed port for signing in",
        "sync_job",
        {**HERE, "authority": "https://localhost:1"},
        ["Could not sign in to https://localhost:1/", "cannot be reached", "authority"],
    ),
    Case(
        "a name that means nothing",
        "sync_job",
        {**BY_TOKEN, "graph_endpoint": "https://graph.contoso.invalid"},
        ["https://graph.contoso.invalid cannot be reached", "resolve", "cloud, graph_endpoint"],
    ),
    Case(
        "an untrusted certificate",
        "sync_job",
        {**BY_TOKEN, "ca_path": ""},
        ["the certificate of {graph} is not trusted", "certificate verify failed", "ca_path"],
    ),
    Case(
        "an untrusted certificate for signing in",
        "sync_job",
        {**HERE, "authority": "{graph}", "ca_path": ""},
        ["Could not sign in", "the certificate of {graph} is not trusted", "ca_path"],
    ),
    Case("no ca_path", "sync_job", {**HERE, "ca_path": "/no/such/ca.pem"}, ["/no/such/ca.pem", "ca_path", "not exist"]),
    Case("garbage in ca_path", "sync_job", {**HERE, "ca_path": "{files}/garbage"}, ["{files}/garbage", "ca_path"]),
]

SIGN_IN = [
    *(
        Case(
            f"a certificate file that is {kind}",
            "sync_job",
            {**BY_CERTIFICATE, "certificate_path": f"{{files}}{file}"},
            [f"The certificate file {{files}}{file} cannot be used: {why}", "certificate_path", "PKCS #12"],
        )
        for kind, file, why in [
            ("empty", "/empty", "it is empty"),
            ("garbage", "/garbage", "it is neither PEM nor PKCS #12"),
            ("a key only", "/key.pem", "it holds no certificate"),
            ("a certificate only", "/certificate.pem", "it holds no private key"),
            ("of another kind of key", "/elliptic.pem", "its key is not an RSA key"),
            ("broken", "/broken.pem", "it holds a certificate that cannot be read"),
            ("a folder", "", "cannot be read: Is a directory"),
            ("missing", "/missing.pem", "cannot be read: No such file"),
        ]
    ),
    Case(
        "a wrong password",
        "sync_job",
        {**BY_CERTIFICATE, "certificate_path": "{pfx}", "certificate_password": "not the password"},
        ["{pfx} cannot be used", "password", "certificate_password"],
    ),
    Case("no password", "sync_job", {**BY_CERTIFICATE, "certificate_path": "{pfx}"}, ["{pfx}", "certificate_password"]),
    Case(
        "a certificate that is not registered",
        "sync_job",
        {**BY_CERTIFICATE, "certificate_path": "{files}/other.pem"},
        ["Could not sign in", "with certificate", "AADSTS700027", "Upload the certificate"],
    ),
    Case(
        "a wrong client secret",
        "sync_job",
        {**HERE, "client_secret": "not the secret"},
        ["Could not sign in to {graph}/", "with client_secret", "AADSTS7000215", "not its id"],
    ),
    Case(
        "an unknown tenant",
        "sync_job",
        {**HERE, "authority": "{graph}", "tenant_id": "nobody.example"},
        ["Could not sign in to {graph}/nobody.example", "tenant_id and cloud"],
    ),
    Case(
        "an unknown client",
        "sync_job",
        {**HERE, "client_id": "d0000001-0000-4000-8000-00000000dead"},
        ["AADSTS700016", "Check client_id and tenant_id"],
    ),
    Case(
        "a federated token that is none",
        "sync_job",
        {**HERE, "client_secret": "", "federated_token": "words alone"},
        ["AADSTS50027", "with federated", "federated token"],
    ),
    Case(
        "no federated token file",
        "sync_job",
        {**HERE, "client_secret": "", "federated_token_file": "/no/such/file"},
        ["/no/such/file", "federated_token_file"],
    ),
    Case(
        "no federated token",
        "sync_job",
        {**HERE, "client_secret": "", "auth_method": "federated"},
        ["federated_token or federated_token_file"],
    ),
    Case(
        "a token of somebody else",
        "sync_job",
        BY_TOKEN,
        ["Could not list service principals", "401 InvalidAuthenticationToken", "expired"],
        answered=True,
    ),
    Case(
        "half of what signing in needs",
        "sync_job",
        {**HERE, "client_id": "", "tenant_id": ""},
        ["Signing in with client_secret needs the options tenant_id and client_id"],
    ),
    Case(
        "two ways to sign in",
        "sync_job",
        {**HERE, "certificate_path": "{pfx}"},
        ["2 ways to sign in (client_secret, certificate_path", "auth_method"],
    ),
]
