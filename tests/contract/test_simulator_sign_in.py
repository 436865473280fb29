# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in: every method, through MSAL where it can do it, and every refusal."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path
from typing import Any

import jwt
import msal
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.contract.graph_client import Graph


def _application(graph: Graph, credential: Any) -> msal.ConfidentialClientApplication:
    # The session ignores REQUESTS_CA_BUNDLE of the machine, which would win over `verify`.
    http = requests.Session()
    http.trust_env = False
    http.verify = graph.ready["ca_path"]
    return msal.ConfidentialClientApplication(
        graph.ready["clients"][0]["client_id"],
        authority=graph.ready["authority"],
        client_credential=credential,
        instance_discovery=False,
        http_client=http,
    )


def _acquired(graph: Graph, credential: Any) -> dict[str, Any]:
    scope = f"{graph.ready['graph_endpoint']}/.default"
    answer: dict[str, Any] = _application(graph, credential).acquire_token_for_client([scope])
    return answer


def _works(graph: Graph, token: str) -> bool:
    graph.session.headers["Authorization"] = f"Bearer {token}"
    return graph.call("GET", "/users").status_code == 200


def test_secret(graph: Graph) -> None:
    """MSAL with a client secret."""
    answer = _acquired(graph, graph.ready["clients"][0]["client_secret"])
    assert answer["expires_in"] == 3599
    assert _works(graph, answer["access_token"])


def test_certificate(graph: Graph) -> None:
    """MSAL with a PEM file (PS256 and x5t#S256) and with a PFX file."""
    client = graph.ready["clients"][0]
    pem = Path(client["certificate_path"]).read_text()
    assert _works(graph, _acquired(graph, {"private_key": pem, "public_certificate": pem})["access_token"])
    pfx = {"private_key_pfx_path": client["certificate_pfx_path"], "passphrase": client["certificate_password"]}
    assert _works(graph, _acquired(graph, pfx)["access_token"])


def test_certificate_with_a_thumbprint(graph: Graph) -> None:
    """The older form: RS256 and x5t."""
    client = graph.ready["clients"][0]
    header = jwt.get_unverified_header(_assertion(graph))
    assert "x5t" in header
    assert graph.token(**_assertion_form(client["client_id"], _assertion(graph))).status_code == 200


def test_federated(graph: Graph) -> None:
    """MSAL with an assertion of the outside issuer."""
    assertion = Path(graph.ready["clients"][0]["federated_token_file"]).read_text()
    assert _works(graph, _acquired(graph, {"client_assertion": lambda: assertion})["access_token"])


def _refused(reply: requests.Response, status: int, number: int) -> None:
    body = reply.json()
    assert (reply.status_code, body["error_codes"]) == (status, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")


def test_refusals_of_the_token_endpoint(graph: Graph) -> None:
    """With the codes of the real service."""
    client = graph.ready["clients"][0]
    who, secret = client["client_id"], client["client_secret"]
    _refused(graph.token(client_id=who, client_secret="wrong"), 401, 7000215)
    _refused(graph.token(client_id=who), 401, 7000218)
    _refused(graph.token(client_id="d0000001-0000-4000-8000-00000000ffff", client_secret=secret), 400, 700016)
    _refused(graph.token(client_id=who, client_secret=secret, scope="https://elsewhere/.default"), 400, 70011)
    _refused(graph.token(client_id=who, client_secret=secret, grant_type="password"), 400, 70003)
    _refused(graph.token(tenant="nowhere.example", client_id=who, client_secret=secret), 400, 90002)
    _refused(graph.token(client_id=who, client_assertion="x"), 400, 900144)
    _refused(graph.token(**_assertion_form(who, "not a token")), 400, 50027)


def _assertion_form(client_id: str, assertion: str) -> dict[str, str]:
    return {
        "client_id": client_id,
        "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }


def _assertion(graph: Graph, *, key: Any = None, seconds: int = 600, **claims: str) -> str:
    """A certificate assertion, wrong in one way."""
    client = graph.ready["clients"][0]
    pem = Path(client["certificate_path"]).read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)
    key = key or serialization.load_pem_private_key(pem, None)
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(hashes.SHA1())).decode().rstrip("=")
    thumbprint = claims.pop("x5t", thumbprint)
    whole = {
        "iss": client["client_id"],
        "sub": client["client_id"],
        "aud": f"{graph.ready['authority']}/oauth2/v2.0/token",
        "exp": dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=seconds),
        **claims,
    }
    return jwt.encode(whole, key, algorithm="RS256", headers={"x5t": thumbprint})


def test_refusals_of_certificates(graph: Graph) -> None:
    """Signature, thumbprint, time, audience and issuer are checked for real."""
    who = graph.ready["clients"][0]["client_id"]
    other_key = rsa.generate_private_key(65537, 2048)

    def refused(number: int, assertion: str) -> None:
        _refused(graph.token(**_assertion_form(who, assertion)), 401, number)

    refused(700027, _assertion(graph, key=other_key))
    refused(700027, _assertion(graph, x5t="AAAAAAAAAAAAAAAAAAAAAAAAAAA"))
    refused(700024, _assertion(graph, seconds=-10))
    refused(700023, _assertion(graph, aud="https://elsewhere"))
    refused(700021, _assertion(graph, sub="somebody"))
    second = graph.ready["clients"][1]["client_id"]
    _refused(graph.token(**_assertion_form(second, _assertion(graph))), 401, 700027)


def test_refusals_of_federated_assertions(graph: Graph) -> None:
    """Issuer and subject must be known, the signature must be the issuer's."""
    who = graph.ready["clients"][0]["client_id"]
    good = Path(graph.ready["clients"][0]["federated_token_file"]).read_text()
    claims = jwt.decode(good, options={"verify_signature": False})
    foreign = jwt.encode({**claims, "sub": "somebody"}, "a" * 32, algorithm="HS256")
    _refused(graph.token(**_assertion_form(who, foreign)), 400, 70021)
    forged = jwt.encode(claims, "a" * 32, algorithm="HS256")
    _refused(graph.token(**_assertion_form(who, forged)), 401, 700027)
    expired = jwt.encode({**claims, "exp": 1}, "a" * 32, algorithm="HS256")
    _refused(graph.token(**_assertion_form(who, expired)), 401, 700024)
    _refused(graph.token(**_assertion_form(graph.ready["clients"][1]["client_id"], good)), 400, 70021)


def test_configuration_and_keys(graph: Graph) -> None:
    """What MSAL reads, and keys that really verify a token."""
    base = graph.ready["authority"]
    document = graph.session.get(f"{base}/v2.0/.well-known/openid-configuration").json()
    assert document["token_endpoint"] == f"{base}/oauth2/v2.0/token"
    keys = graph.session.get(document["jwks_uri"]).json()["keys"]
    token = str(graph.session.headers["Authorization"]).removeprefix("Bearer ")
    claims = jwt.decode(token, jwt.PyJWK(keys[0]).key, algorithms=["RS256"], audience=graph.ready["graph_endpoint"])
    assert claims["roles"] == graph.ready["clients"][0]["roles"]


def test_managed_identity_endpoints(graph: Graph) -> None:
    """App Service and machine; without their headers they refuse."""
    client = graph.ready["clients"][0]
    query = {"api-version": "2019-08-01", "resource": graph.ready["graph_endpoint"]}
    plain = requests.Session()
    plain.trust_env = False
    plain.verify = graph.ready["ca_path"]
    service = plain.get(
        client["identity_endpoint"], params=query, headers={"X-IDENTITY-HEADER": client["identity_header"]}
    )
    assert _works(graph, service.json()["access_token"])
    machine = plain.get(client["imds_endpoint"], params=query, headers={"Metadata": "true"})
    assert _works(graph, machine.json()["access_token"])
    assert plain.get(client["identity_endpoint"], params=query).status_code == 401
    assert plain.get(client["imds_endpoint"], params=query).status_code == 400
    wrong = {**query, "resource": "https://elsewhere"}
    assert plain.get(client["imds_endpoint"], params=wrong, headers={"Metadata": "true"}).status_code == 400
    unknown = {**query, "client_id": "nobody"}
    assert plain.get(client["imds_endpoint"], params=unknown, headers={"Metadata": "true"}).status_code == 400


def test_managed_identity_through_msal(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library finds the App Service endpoint in the environment."""
    client = graph.ready["clients"][0]
    monkeypatch.setenv("IDENTITY_ENDPOINT", client["identity_endpoint"])
    monkeypatch.setenv("IDENTITY_HEADER", client["identity_header"])
    http = requests.Session()
    http.trust_env = False
    http.verify = graph.ready["ca_path"]
    identity = msal.ManagedIdentityClient(msal.SystemAssignedManagedIdentity(), http_client=http)
    answer = identity.acquire_token_for_client(resource=graph.ready["graph_endpoint"])
    assert _works(graph, answer["access_token"])


def test_bad_tokens(graph: Graph) -> None:
    """No token, nonsense, a foreign signature and an expired token give 401."""
    good = str(graph.session.headers["Authorization"]).removeprefix("Bearer ")
    claims = jwt.decode(good, options={"verify_signature": False})
    forged = jwt.encode(claims, rsa.generate_private_key(65537, 2048), algorithm="RS256")
    for value in ("", "Bearer", "Basic x", "Bearer x.y.z", f"Bearer {forged}"):
        graph.session.headers["Authorization"] = value
        reply = graph.call("GET", "/users")
        assert (reply.status_code, reply.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_short_tokens(graph: Graph) -> None:
    """The lifetime can be seeded."""
    graph.simulator.reset({"token_seconds": 0})
    graph.sign_in(0)
    reply = graph.call("GET", "/users")
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert "expired" in reply.json()["error"]["message"]
