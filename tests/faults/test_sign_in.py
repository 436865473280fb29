# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to sign in, for real: by options, by the environment, and by what the machine offers."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import NAME, application, check_message
from tests.faults.tokens import access_token, with_az
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

READ = {"name": "read", "entra.provisioning.sync_job": {"display_name": NAME}}
Run = Callable[..., Result]
# Options and environment that sign in, besides the addresses.
Material = tuple[dict[str, Any], dict[str, str]]


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """One application with a job."""
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "paused"}])]})


def places(simulator: Simulator) -> dict[str, str]:
    """The options that say where, without those that say who."""
    options = simulator.options()
    return {name: options[name] for name in ("graph_endpoint", "authority", "ca_path")}


def client_secret(simulator: Simulator, folder: Path) -> Material:
    who = simulator.client()
    return {**tenant_and_client(simulator), "client_secret": who["client_secret"]}, {}


def certificate(simulator: Simulator, folder: Path) -> Material:
    return {**tenant_and_client(simulator), "certificate_path": simulator.client()["certificate_path"]}, {}


def pkcs12(simulator: Simulator, folder: Path) -> Material:
    who = simulator.client()
    options = {"certificate_path": who["certificate_pfx_path"], "certificate_password": who["certificate_password"]}
    return {**tenant_and_client(simulator), **options}, {}


def federated_token(simulator: Simulator, folder: Path) -> Material:
    token = Path(simulator.client()["federated_token_file"]).read_text()
    return {**tenant_and_client(simulator), "federated_token": token}, {}


def federated_file(simulator: Simulator, folder: Path) -> Material:
    file = folder / "token"
    file.write_text(Path(simulator.client()["federated_token_file"]).read_text() + "\n")
    return {**tenant_and_client(simulator), "federated_token_file": str(file)}, {}


def app_service(simulator: Simulator, folder: Path) -> Material:
    who = simulator.client()
    return {}, {"IDENTITY_ENDPOINT": who["identity_endpoint"], "IDENTITY_HEADER": who["identity_header"]}


def virtual_machine(simulator: Simulator, folder: Path) -> Material:
    """Nothing in the environment announces the identity of a machine, so the method has to be named."""
    host = simulator.ready["graph_endpoint"]
    return {"auth_method": "managed_identity"}, {"AZURE_POD_IDENTITY_AUTHORITY_HOST": host}


def azure_cli(simulator: Simulator, folder: Path) -> Material:
    answer = {"accessToken": access_token(simulator), "expires_on": int(time.time()) + 3600, "tokenType": "Bearer"}
    return {}, {"PATH": with_az(folder, f"cat <<'END'\n{json.dumps(answer)}\nEND\n")}


def ready_token(simulator: Simulator, folder: Path) -> Material:
    return {"access_token": access_token(simulator)}, {}


def tenant_and_client(simulator: Simulator) -> dict[str, str]:
    return {"tenant_id": simulator.ready["tenant_id"], "client_id": simulator.client()["client_id"]}


WAYS: dict[str, tuple[Callable[[Simulator, Path], Material], str]] = {
    "client secret": (client_secret, "client_secret"),
    "certificate": (certificate, "certificate"),
    "PKCS #12": (pkcs12, "certificate"),
    "federated token": (federated_token, "federated"),
    "federated token file": (federated_file, "federated"),
    "App Service": (app_service, "managed_identity"),
    "virtual machine": (virtual_machine, "managed_identity"),
    "Azure CLI": (azure_cli, "azure_cli"),
    "access token": (ready_token, "access_token"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_signs_in_and_is_named(
    simulator: Simulator, run_playbook: Run, tmp_path: Path, way: str, door: str
) -> None:
    prepare, method = WAYS[way]
    options, environment = prepare(simulator, tmp_path)
    result = run_playbook([READ], defaults={**places(simulator), **options}, env=environment, door=door, verbosity=1)
    assert result.rc == 0, result.output
    assert result.last.result["signed_in_with"] == method
    assert re.search(rf'"signed_in_with": "{method}"', result.stdout)


@pytest.mark.parametrize("way", WAYS)
def test_a_named_way_ignores_other_material(simulator: Simulator, run_playbook: Run, tmp_path: Path, way: str) -> None:
    prepare, method = WAYS[way]
    options, environment = prepare(simulator, tmp_path)
    noise = {"AZURE_CLIENT_SECRET": "of somebody else", "AZURE_CLIENT_CERTIFICATE_PATH": "/of/somebody/else"}
    defaults = {**places(simulator), **options, "auth_method": method}
    result = run_playbook([READ], defaults=defaults, env={**noise, **environment})
    assert result.rc == 0, result.output
    assert result.last.result["signed_in_with"] == method


@pytest.mark.parametrize("door", DOORS)
def test_material_of_two_kinds_is_refused(simulator: Simulator, run_playbook: Run, door: str) -> None:
    defaults = {**places(simulator), **certificate(simulator, Path())[0]}
    environment = {"AZURE_CLIENT_SECRET": "of somebody else"}
    result = run_playbook([READ], defaults=defaults, env=environment, door=door)
    says = ["2 ways to sign in", "client_secret, certificate_path", "environment", "auth_method"]
    check_message(result.last.result["msg"], says, answered=False)
    assert simulator.requests() == []


def test_nothing_to_sign_in_with(simulator: Simulator, run_playbook: Run) -> None:
    nowhere = READ | {"environment": {"PATH": "/nowhere"}}
    result = run_playbook([nowhere], defaults={**places(simulator), **tenant_and_client(simulator)})
    says = ["nothing to sign in with", "client_secret", "managed identity", "az is not installed"]
    check_message(result.last.result["msg"], says, answered=False)


def variables(simulator: Simulator, **more: str) -> dict[str, str]:
    """The environment without who signs in."""
    found = simulator.environment()
    return {name: found[name] for name in ("AZURE_AUTHORITY_HOST", "GRAPH_ENDPOINT", "ENTRA_CA_PATH")} | more


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("as_keyword", [False, True], ids=["inherited", "keyword"])
def test_the_environment_signs_in(simulator: Simulator, run_playbook: Run, door: str, as_keyword: bool) -> None:
    found = simulator.environment()
    task = READ | {"environment": found} if as_keyword else READ
    result = run_playbook([task], defaults={}, env={} if as_keyword else found, door=door, verbosity=1)
    assert result.rc == 0, result.output
    assert result.last.result["signed_in_with"] == "client_secret"


WRONG = "of somebody else"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("inherited", "keyword"),
    [
        ({"AZURE_CLIENT_SECRET": "{secret}"}, {"AZURE_SECRET": WRONG}),
        ({"AZURE_CLIENT_SECRET": WRONG}, {"AZURE_CLIENT_SECRET": "{secret}"}),
        ({"AZURE_CLIENT_SECRET": WRONG}, {"AZURE_CLIENT_SECRET": "", "AZURE_SECRET": "{secret}"}),
        ({"AZURE_SECRET": WRONG}, {"AZURE_CLIENT_SECRET": "{secret}"}),
    ],
    ids=["earlier name", "same name", "emptied", "later name"],
)
def test_the_keyword_and_the_inherited_environment_add_up(
    simulator: Simulator, run_playbook: Run, door: str, inherited: dict[str, str], keyword: dict[str, str]
) -> None:
    who = simulator.client()

    def filled(values: dict[str, str]) -> dict[str, str]:
        return {name: value.format(secret=who["client_secret"]) for name, value in values.items()}

    # Two items and two tries of each: what the first one does to the task must not harm the others.
    task = READ | {"environment": filled(keyword), "loop": [1, 2], "register": "tried", "retries": 1, "delay": 0}
    task["until"] = "tried.attempts | default(1) > 1"
    defaults = {**places(simulator), **tenant_and_client(simulator)}
    result = run_playbook([task], defaults=defaults, env=filled(inherited), door=door)
    assert [one.result.get("signed_in_with") for one in result.tasks if one.is_item] == ["client_secret"] * 2
    assert [one for one in simulator.requests() if one["status"] != 200] == [], result.output


@pytest.mark.parametrize("door", DOORS)
def test_the_names_of_the_azure_credential_of_awx_sign_in(simulator: Simulator, run_playbook: Run, door: str) -> None:
    who = simulator.client()
    environment = variables(
        simulator,
        AZURE_TENANT=simulator.ready["tenant_id"],
        AZURE_CLIENT_ID=who["client_id"],
        AZURE_SECRET=who["client_secret"],
        AZURE_SUBSCRIPTION_ID="",
        AZURE_CLOUD_ENVIRONMENT="AzureCloud",
    )
    result = run_playbook([READ], defaults={}, env=environment, door=door)
    assert result.rc == 0, result.output


@pytest.mark.parametrize("door", DOORS)
def test_what_is_empty_is_not_given(simulator: Simulator, run_playbook: Run, tmp_path: Path, door: str) -> None:
    """As a credential type of AWX renders it: empty texts, and a file without content."""
    empty = tmp_path / "empty"
    empty.touch()
    environment = variables(
        simulator,
        AZURE_TENANT_ID=simulator.ready["tenant_id"],
        AZURE_CLIENT_ID=simulator.client()["client_id"],
        AZURE_CLIENT_SECRET="",
        AZURE_CLIENT_CERTIFICATE_PATH=str(empty),
        AZURE_CLIENT_CERTIFICATE_PASSWORD="",
        AZURE_FEDERATED_TOKEN=Path(simulator.client()["federated_token_file"]).read_text(),
        AZURE_FEDERATED_TOKEN_FILE="",
        GRAPH_ACCESS_TOKEN="",
        AZURE_CLOUD="",
        ENTRA_AUTH_METHOD="",
    )
    result = run_playbook([READ], defaults={}, env=environment, door=door)
    assert result.rc == 0, result.output
    assert result.last.result["signed_in_with"] == "federated"
    options = {"client_secret": "", "certificate_path": str(empty), "access_token": "", "template_id": ""}
    by_options = {**READ, "entra.provisioning.sync_job": {"display_name": NAME, **options}}
    result = run_playbook([by_options], defaults={}, env=environment, door=door)
    assert result.rc == 0, result.output
    assert result.last.result["signed_in_with"] == "federated"


def test_the_azure_cli_is_asked_for_this_tenant_and_service(
    simulator: Simulator, run_playbook: Run, tmp_path: Path
) -> None:
    _options, environment = azure_cli(simulator, tmp_path)
    tenant_id = simulator.ready["tenant_id"]
    result = run_playbook([READ, READ], defaults={**places(simulator), "tenant_id": tenant_id}, env=environment)
    assert result.rc == 0, result.output
    asked = (
        f"account get-access-token --resource {simulator.ready['graph_endpoint']} --output json --tenant {tenant_id}"
    )
    assert (tmp_path / "arguments").read_text().strip() == asked


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1\n", ["Please run 'az login'"]),
        ("echo 'not JSON'\n", ["what az printed holds no token"]),
        ("exec sleep 20\n", ["az gave no answer within 2 seconds and was ended"]),
        ("sleep 20\n", ["az gave no answer within 2 seconds and was ended"]),
    ],
    ids=["signed out", "garbage", "hanging", "a script that hangs"],
)
def test_the_azure_cli_fails_in_words(
    simulator: Simulator, run_playbook: Run, tmp_path: Path, script: str, says: list[str]
) -> None:
    begin = time.monotonic()
    defaults = {**places(simulator), "timeout": 2}
    result = run_playbook([READ], defaults=defaults, env={"PATH": with_az(tmp_path, script)}, verbosity=4)
    check_message(result.last.result["msg"], ["Could not sign in with azure_cli", *says], answered=False)
    assert "Traceback" not in result.output
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "{graph}/nothing/here"], ids=["closed", "something else"])
def test_no_managed_identity_here(simulator: Simulator, run_playbook: Run, host: str) -> None:
    environment = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": host.format(graph=simulator.ready["graph_endpoint"])}
    defaults = {**places(simulator), "auth_method": "managed_identity"}
    result = run_playbook([READ], defaults=defaults, env=environment, verbosity=4)
    check_message(result.last.result["msg"], ["sign in with the managed identity", "auth_method"], answered=False)
    assert "Traceback" not in result.output


def test_an_identity_that_is_not_assigned_here(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    _options, environment = app_service(simulator, tmp_path)
    defaults = {**places(simulator), "client_id": "d0000001-0000-4000-8000-00000000dead"}
    result = run_playbook([READ], defaults=defaults, env=environment)
    says = ["user-assigned identity d0000001-0000-4000-8000-00000000dead", "Identity found", "auth_method"]
    check_message(result.last.result["msg"], says, answered=False)


@pytest.mark.parametrize("door", DOORS)
def test_two_people_of_the_azure_cli_share_no_token(
    simulator: Simulator, run_playbook: Run, tmp_path: Path, door: str
) -> None:
    """The reader's task must not be done with the writer's token, which an earlier task has got."""
    for person, client in (("writer", 0), ("reader", 1)):
        answer = {"accessToken": access_token(simulator, client), "expires_on": int(time.time()) + 3600}
        (tmp_path / person).mkdir()
        (tmp_path / person / "token").write_text(json.dumps(answer))
    path = with_az(tmp_path, 'echo asked >> "$AZURE_CONFIG_DIR/asked"\ncat "$AZURE_CONFIG_DIR/token"\n')

    def by(person: str, name: str) -> dict[str, Any]:
        task = {"display_name": name, "timeout": 20}
        environment = {"AZURE_CONFIG_DIR": str(tmp_path / person), "PATH": path}
        return {"name": f"{person} {name}", "entra.provisioning.gallery_application": task, "environment": environment}

    tasks = [by("writer", "One"), by("writer", "Two"), by("reader", "Three") | {"ignore_errors": True}]
    result = run_playbook(tasks, defaults=places(simulator), door=door)
    assert [one.changed for one in result.tasks] == [True, True, False], result.output
    assert "answered 403" in result.last.result["msg"]
    assert [(tmp_path / person / "asked").read_text().count("asked") for person in ("writer", "reader")] == [1, 1]
    names = [one["displayName"] for one in simulator.state()["applications"]]
    assert "Two" in names and "Three" not in names


@pytest.mark.parametrize("option", ["graph_endpoint", "authority"])
@pytest.mark.parametrize("door", DOORS)
def test_no_token_goes_out_unencrypted(simulator: Simulator, run_playbook: Run, option: str, door: str) -> None:
    defaults = simulator.options()
    for address in (defaults[option].replace("https://", "http://"), defaults[option].replace("//", "//me:s3cret@")):
        result = run_playbook([READ], defaults={**defaults, option: address}, door=door, verbosity=1)
        check_message(result.last.result["msg"], [f"The option {option} ", "https://"], answered=False)
        assert simulator.requests() == []
