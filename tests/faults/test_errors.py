# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every failure is one paragraph that says what was attempted, what was answered and what to do; nothing is written."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.faults.cases import CUSTOM, NAME, Case, Door, application, check_message, nameless, run_cases
from tests.harness.playbook import run_playbook
from tests.harness.simulator import Simulator

SEED = {
    "applications": [
        application(
            jobs=[{"template_id": "scim", "state": "paused"}],
            secrets={"BaseAddress": "https://scim.example", "SecretToken": "the stored token"},
        ),
        application("Twin", count=2),
        application(
            "Two jobs", jobs=[{"template_id": "scim", "state": "paused"}, {"template_id": "scim", "state": "active"}]
        ),
        application("Fresh"),
    ],
    "clients": [
        {
            "client_id": "d0000001-0000-4000-8000-0000000000aa",
            "client_secret": "secret of the reader",
            "roles": ["Application.Read.All", "Synchronization.Read.All", "User.Read.All", "Group.Read.All"],
        }
    ],
}
READER = {"client_id": "d0000001-0000-4000-8000-0000000000aa", "client_secret": "secret of the reader"}
BEN = "ben.okoro@contoso.example"
HERE = {"display_name": NAME}
BY_CERTIFICATE = {**HERE, "auth_method": "certificate", "client_secret": ""}
BY_TOKEN = {**HERE, "access_token": "a token from elsewhere", "client_secret": ""}

WHICH = [
    Case(
        "two applications of one name",
        "sync_job",
        {"display_name": "Twin"},
        ["2 applications named 'Twin'", "{twin_1}", "{twin_2}", "service_principal_id"],
    ),
    Case(
        "no such application",
        "sync_info",
        {"display_name": "Nobody"},
        ["no application named 'Nobody'", "exact", "gallery_application"],
    ),
    Case("several jobs", "sync_job", {"display_name": "Two jobs"}, ["2 synchronization jobs", "template_id or job_id"]),
    Case(
        "several jobs of one template",
        "sync_job_action",
        {"display_name": "Two jobs", "template_id": "scim", "action": "start"},
        ["2 synchronization jobs of the template scim", "with the option job_id"],
    ),
    Case(
        "no job", "sync_job_action", {"display_name": "Fresh", "action": "start"}, ["no synchronization job", "makes"]
    ),
    Case("no such job to enable", "sync_job", {**HERE, "job_id": "scim.nope", "enabled": True}, ["scim.nope"]),
    Case(
        "no such job", "sync_job", {**HERE, "job_id": "scim.nope"}, ["no synchronization job scim.nope", "template_id"]
    ),
    Case(
        "no such template",
        "sync_job",
        {"display_name": "Fresh", "template_id": "slack"},
        ["Fresh has no synchronization template 'slack'", "it offers: scim", "template_id"],
    ),
    Case(
        "no such template of the application",
        "sync_template",
        {**HERE, "template_id": "slack"},
        ["no synchronization template 'slack'", "it has: scim"],
    ),
    Case(
        "a plain app registration has no job",
        "sync_job",
        {"display_name": "Plain OIDC app"},
        ["Plain OIDC app has no synchronization templates", "gallery_application"],
    ),
    Case(
        "a plain app registration is not from the gallery",
        "gallery_application",
        {"display_name": "Plain OIDC app"},
        ["plain app registration", "Nothing was made"],
    ),
    Case("two to choose from", "gallery_application", {"display_name": "Twin"}, ["Nothing was made", "{twin_1}"]),
    Case("no such entry", "gallery_application", {"display_name": "New", "gallery_name": "Nope"}, ["'Nope'", "exact"]),
    Case(
        "no such entry id",
        "gallery_application",
        {"display_name": "New", "gallery_id": "8adf8e6e-67b2-4cf2-a259-000000000000"},
        ["no entry with the id 8adf8e6e-67b2-4cf2-a259-000000000000"],
    ),
    Case(
        "nobody of these names",
        "app_role_assignment",
        {**HERE, "users": ["nobody@contoso.example"], "groups": ["No team"]},
        ["Nothing was changed", "no user 'nobody@contoso.example'", "no group 'No team'", "principal name or id"],
    ),
    Case("no such role", "app_role_assignment", {**HERE, "users": [BEN], "role": "Emperor"}, ["'Emperor'", "it has: "]),
    Case(
        "nobody to provision",
        "sync_job_action",
        {**HERE, "action": "provision_on_demand", "users": ["nobody@contoso.example"]},
        ["no user 'nobody@contoso.example'"],
    ),
    Case(
        "no job to take the schema from",
        "sync_schema",
        {**HERE, "from_job": {"display_name": "Fresh"}},
        ["Fresh", "from_job", "no such synchronization job"],
    ),
]

WRONG_IDS = [
    Case(
        f"an application id for {module}",
        module,
        {"service_principal_id": "{app_id}", **options},
        ["{app_id}", "answered", *advice],
        answered=True,
    )
    for module, options, advice in [
        ("sync_job", {}, ["application id", "Synchronization.Read.All"]),
        ("sync_job_action", {"action": "start"}, ["application id", "Synchronization.Read.All"]),
        ("sync_secrets", {"secrets": {"SecretToken": "a new token"}}, ["application id", "Synchronization.Read.All"]),
        (
            "sync_schema",
            {"schema": {"synchronizationRules": [], "directories": []}},
            ["application id", "Synchronization.Read.All"],
        ),
        ("sync_info", {}, ["application id", "Synchronization.Read.All"]),
        ("sync_template", {"template_id": "scim"}, ["Check the id"]),
        ("app_role_assignment", {"users": [BEN]}, ["Check the id"]),
    ]
] + [
    Case(
        "an object id for an application id",
        "sync_job",
        {"app_id": "{application}"},
        ["no service principal with the application (client) id {application}", "service_principal_id"],
    ),
    Case(
        "no id", "sync_job", {"service_principal_id": "Contoso"}, ["service_principal_id", "'Contoso'", "display_name"]
    ),
    Case("no application id", "sync_info", {"app_id": "12-34"}, ["The option app_id takes an id", "'12-34'"]),
]

TARGET = [
    Case(
        "new credentials that the target refuses",
        "sync_secrets",
        {
            **HERE,
            "settings": {"BaseAddress": "{scim}"},
            "secrets": {"SecretToken": "not the token of the target"},
            "update_secrets": "always",
            "validate": True,
        },
        ["target does not accept the new credentials", "401", "Nothing was written", "BaseAddress", "SecretToken"],
        answered=True,
    ),
    Case(
        "stored credentials that lead nowhere",
        "sync_job_action",
        {**HERE, "action": "validate_credentials"},
        ["target does not accept the stored credentials", "scim.example", "BaseAddress"],
        answered=True,
    ),
]

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

ARGUMENTS = [
    Case("nothing named", "sync_job", {}, ["required", "service_principal_id, app_id, display_name"]),
    Case("two names", "sync_job", {**HERE, "app_id": CUSTOM}, ["mutually exclusive", "app_id|display_name"]),
    Case("two jobs", "sync_job", {**HERE, "job_id": "1", "template_id": "scim"}, ["mutually exclusive", "job_id"]),
    Case("an unknown option", "sync_job", {**HERE, "colour": "red"}, ["entra.provisioning.sync_job", "colour"]),
    Case("an unknown suboption", "sync_secrets", {**HERE, "notification": {"to": "a@b.example"}}, ["notification.to"]),
    Case("an unknown state", "sync_job", {**HERE, "state": "gone"}, ["state", "present, absent", "gone"]),
    Case("no number", "sync_job", {**HERE, "timeout": "soon"}, ["timeout", "int"]),
    Case("no boolean", "sync_job", {**HERE, "enabled": "maybe"}, ["enabled", "bool"]),
    Case("no action", "sync_job_action", HERE, ["required", "action"]),
    Case("no template", "sync_template", HERE, ["required", "template_id"]),
    Case("an unknown subset", "sync_info", {"gather": ["gossip"]}, ["gather", "gossip"]),
    Case("an empty application", "sync_info", {"applications": [{}]}, ["required", "display_name"]),
    Case("a name with blanks around it", "gallery_application", {"display_name": " New"}, ["' New'", "blanks"]),
    Case("no schema", "sync_schema", HERE, ["state is present", "schema, from_job"]),
    Case("half a schema", "sync_schema", {**HERE, "schema": {"directories": []}}, ["synchronizationRules", "whole"]),
    Case("nobody named", "app_role_assignment", HERE, ["Nobody is named"]),
    Case(
        "an unknown key", "sync_secrets", {**HERE, "secrets": {"secret_token": "words"}}, ["Did you mean SecretToken?"]
    ),
    Case("an unknown setting", "sync_secrets", {**HERE, "settings": {"Colour": "red"}}, ["'Colour'", "BaseAddress"]),
    Case("a mask as a secret", "sync_secrets", {**HERE, "secrets": {"SecretToken": "*"}}, ["SecretToken", "mask"]),
    Case("a short secret", "sync_secrets", {**HERE, "secrets": {"SecretToken": "abc"}}, ["four characters"]),
    Case("a setting as a secret", "sync_secrets", {**HERE, "secrets": {"SyncAll": "true"}}, ["the option scope"]),
    Case("no dictionary of secrets", "sync_secrets", {**HERE, "secrets": "words"}, ["secrets", "dict"]),
    Case(
        "blanked notification settings",
        "sync_secrets",
        {**HERE, "settings": {"SyncNotificationSettings": ""}},
        ["SyncNotificationSettings", "the option notification or delete_threshold"],
    ),
    Case(
        "blanked JSON", "sync_secrets", {**HERE, "settings": {"Domain": ""}}, ["Domain holds JSON", "cannot be blanked"]
    ),
    Case(
        "a secret that would get lost",
        "sync_secrets",
        {**HERE, "settings": {"BaseAddress": "https://other.example"}},
        ["Nothing was written", "SecretToken", "allow_partial"],
    ),
    Case("a negative threshold", "sync_secrets", {**HERE, "delete_threshold": -1}, ["delete_threshold takes 0"]),
    Case(
        "a full restart without a word",
        "sync_job_action",
        {**HERE, "action": "restart", "reset_scope": ["Full"]},
        ["matched anew", "confirm"],
    ),
    Case(
        "a reset without a restart",
        "sync_job_action",
        {**HERE, "action": "start", "reset_scope": ["Watermark"]},
        ["reset_scope belongs to the action restart"],
    ),
    Case("provision nobody", "sync_job_action", {**HERE, "action": "provision_on_demand"}, ["users or groups"]),
]

CASES = [*WHICH, *WRONG_IDS, *TARGET, *CONNECTION, *SIGN_IN, *ARGUMENTS]
CLOSED = [case.name for case in CONNECTION[:3]]


@pytest.fixture(scope="module")
def places(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the cases name in braces. Also sets up the tenant."""
    running_simulator.reset(SEED)
    principals = running_simulator.state()["servicePrincipals"]
    here = next(one for one in principals if one["displayName"] == NAME)
    twins = [one["id"] for one in principals if one["displayName"] == "Twin"]
    client = running_simulator.client()
    files = tmp_path_factory.mktemp("certificates")
    _write_certificates(files, Path(client["certificate_path"]).read_text())
    return {
        "application": here["id"],
        "app_id": here["appId"],
        "twin_1": twins[0],
        "twin_2": twins[1],
        "files": str(files),
        "pfx": client["certificate_pfx_path"],
        "graph": running_simulator.ready["graph_endpoint"],
        "scim": running_simulator.ready["scim"]["base_address"],
    }


def _write_certificates(files: Path, pem: str) -> None:
    start = pem.index("-----BEGIN CERTIFICATE")
    (files / "empty").touch()
    (files / "garbage").write_text("words, not a certificate")
    (files / "key.pem").write_text(pem[:start])
    (files / "certificate.pem").write_text(pem[start:])
    (files / "broken.pem").write_text(pem[:start] + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    for name, kind in (("other", trustme.KeyType.RSA), ("elliptic", trustme.KeyType.ECDSA)):
        issued = trustme.CA(key_type=kind).issue_cert("somebody.else", key_type=kind)
        issued.private_key_and_cert_chain_pem.write_to_path(str(files / f"{name}.pem"))


@pytest.fixture(scope="module")
def doors(running_simulator: Simulator, places: dict[str, str]) -> dict[str, Door]:
    """All cases through both doors."""
    return {door: run_cases(running_simulator, CASES, places, door) for door in ("fast", "module")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_failure_is_one_paragraph_and_the_same_through_both_doors(
    doors: dict[str, Door], places: dict[str, str], case: Case
) -> None:
    says = [text.format_map(places) for text in case.says]
    messages = []
    for door in doors.values():
        task = door.tasks[case.name]
        assert task.status == "ignored", f"{task.status}: {task.result}"
        assert task.result["changed"] is False
        check_message(task.result["msg"], says, answered=case.answered)
        messages.append(nameless(task.result["msg"]))
    assert messages[0] == messages[1]


def test_nothing_is_written_and_nothing_is_dumped(doors: dict[str, Door]) -> None:
    for door in doors.values():
        assert door.writes == []
        assert "Traceback" not in door.result.output


def test_a_host_that_is_not_there_is_told_soon(running_simulator: Simulator, places: dict[str, str]) -> None:
    for case in CONNECTION[:3]:
        begin = time.monotonic()
        run_cases(running_simulator, [case], places, "fast")
        assert time.monotonic() - begin < 15


# Module, options, the permission that is missing without any, and the one that is missing with all for reading.
PERMISSIONS: list[tuple[str, dict[str, Any], str, str]] = [
    ("sync_info", {"service_principal_id": "{application}"}, "Synchronization.Read.All", ""),
    (
        "sync_job",
        {"service_principal_id": "{application}", "enabled": True},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_job_action",
        {"service_principal_id": "{application}", "action": "start"},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_secrets",
        {"service_principal_id": "{application}", "secrets": {"SecretToken": "new token"}, "update_secrets": "always"},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_schema",
        {"service_principal_id": "{application}", "schema": {"synchronizationRules": [], "directories": []}},
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    (
        "sync_template",
        {"service_principal_id": "{application}", "template_id": "scim", "description": "another"},
        "Application.Read.All",
        "Synchronization.ReadWrite.All",
    ),
    ("gallery_application", {"display_name": "New"}, "Application.Read.All", "Application.ReadWrite.All"),
    (
        "app_role_assignment",
        {"service_principal_id": "{application}", "users": [BEN]},
        "User.Read.All",
        "AppRoleAssignment.ReadWrite.All",
    ),
]


@pytest.mark.parametrize("refusal", ["401_unknown", "403"])
@pytest.mark.parametrize("door", ["fast", "module"])
def test_a_missing_permission_is_named(
    running_simulator: Simulator, places: dict[str, str], refusal: str, door: str
) -> None:
    nobody = running_simulator.client(2)
    identity = {name: nobody[name] for name in ("client_id", "client_secret")}
    cases = [
        Case(f"{module} as nobody", module, {**options, **identity}, [f"permission {reading},"], answered=True)
        for module, options, reading, _writing in PERMISSIONS
    ] + [
        Case(f"{module} as a reader", module, {**options, **READER}, [f"permission {writing},"], answered=True)
        for module, options, _reading, writing in PERMISSIONS
        if writing
    ]
    running_simulator.quirks(permission_denied=refusal)
    try:
        outcome = run_cases(running_simulator, cases, places, door)
    finally:
        running_simulator.quirks(permission_denied="401_unknown")
    for case in cases:
        assert outcome.tasks[case.name].status == "ignored"
        check_message(outcome.tasks[case.name].result["msg"], [*case.says, "admin consent"], answered=True)
        assert outcome.tasks[case.name].result["error"]["status"] in (401, 403)
    assert [one for one in outcome.writes if one["status"] and one["status"] < 300] == []


@pytest.mark.parametrize("door", ["fast", "module"])
def test_ansible_fails_with_the_task(simulator: Simulator, door: str) -> None:
    task = {"entra.provisioning.sync_job": {"display_name": "Nobody"}}
    result = run_playbook([task], door=door, defaults=simulator.options(), verbosity=4)
    assert result.rc == 2
    assert result.stats["localhost"]["failures"] == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("door", ["fast", "module"])
def test_a_page_of_a_proxy_becomes_a_paragraph(simulator: Simulator, door: str) -> None:
    page = "<html>\n  <h1>Forbidden</h1>\n\n" + "<p>our policy</p>\n" * 100 + "</html>"
    simulator.faults([{"match": {"path": "/v1.0/"}, "times": None, "fault": "status", "status": 403, "body": page}])
    task = {"entra.provisioning.sync_job": {"display_name": "Nobody"}}
    result = run_playbook([task], door=door, defaults=simulator.options(), verbosity=4)
    check_message(result.last.result["msg"], ["answered 403", "Forbidden"], answered=True)
    assert len(result.last.result["msg"]) < 1500
