# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets never leave: not in outputs at any verbosity, results, logs, files or command lines, whatever happens."""

from __future__ import annotations

import html
import json
import shutil
import stat
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.awx.jobs import Job
from tests.faults.cases import NAME, application
from tests.faults.markers import (
    ACCESS_TOKEN,
    CERTIFICATE_PASSWORD,
    CLIENT_SECRET,
    FEDERATED_TOKEN,
    PASSWORD,
    SECRET_TOKEN,
    TOKEN_KEY,
    leaking_processes,
    leaks,
    leaks_in,
)
from tests.faults.test_sign_in import with_az
from tests.graphsim.seed.clients import ALL_ROLES
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator

CLIENT = "d0000001-0000-4000-8000-0000000000bb"
BEN = "ben.okoro@contoso.example"
SEED = {
    "applications": [
        application(
            jobs=[{"template_id": "scim", "state": "paused"}],
            secrets={
                "BaseAddress": "https://scim.example",
                "SecretToken": "one",
                "Password": "two",
                "TokenKey": "three",
            },
        ),
        application("Fresh"),
    ],
    "clients": [{"client_id": CLIENT, "client_secret": CLIENT_SECRET, "roles": ALL_ROLES}],
}
SECRETS = {"SecretToken": SECRET_TOKEN, "Password": PASSWORD, "TokenKey": TOKEN_KEY}
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """A tenant that knows the marked secrets."""
    simulator.reset(SEED)


@pytest.fixture
def defaults(simulator: Simulator) -> dict[str, str]:
    """Every secret that signs in, at once; the method that is named uses one of them."""
    return {
        **simulator.options(),
        "auth_method": "client_secret",
        "client_id": CLIENT,
        "client_secret": CLIENT_SECRET,
        "certificate_password": CERTIFICATE_PASSWORD,
        "federated_token": FEDERATED_TOKEN,
        "access_token": ACCESS_TOKEN,
    }


SUCCESSES: list[tuple[str, dict[str, Any]]] = [
    ("gallery_application", {"display_name": "New"}),
    ("sync_template", {"display_name": NAME, "template_id": "scim", "description": "new"}),
    ("sync_job", {"display_name": "Fresh", "template_id": "scim"}),
    (
        "sync_secrets",
        {
            "display_name": NAME,
            "secrets": SECRETS,
            "settings": {"BaseAddress": "https://other.example"},
            "update_secrets": "always",
        },
    ),
    ("sync_schema", {"display_name": "Fresh", "from_job": {"display_name": NAME}}),
    ("app_role_assignment", {"display_name": NAME, "users": [BEN]}),
    ("sync_job_action", {"display_name": NAME, "action": "start"}),
    ("sync_info", {"gather": ["jobs", "health", "secrets", "templates", "access"]}),
]
MISTAKES: list[tuple[str, dict[str, Any]]] = [
    ("sync_secrets", {"display_name": NAME, "secrets": SECRETS, "timeout": "soon"}),
    ("sync_secrets", {"display_name": NAME, "secrets": SECRETS, "colour": "red"}),
    ("sync_secrets", {"display_name": NAME, "secretes": SECRETS}),
    ("sync_secrets", {"display_name": NAME, "secretes": SECRETS, "timeout": "soon"}),
    ("sync_secrets", {"display_name": NAME, "notification": {"token": SECRET_TOKEN}}),
    ("sync_job", {"display_name": NAME, "client_sceret": CLIENT_SECRET}),
    ("sync_secrets", {"display_name": NAME, "secrets": SECRET_TOKEN}),
    ("sync_secrets", {"display_name": NAME, "secrets": f"{{{SECRET_TOKEN}"}),
    ("sync_secrets", {"display_name": NAME, "secrets": [SECRET_TOKEN]}),
    ("sync_secrets", {"display_name": NAME, "secrets": {"Secret": SECRET_TOKEN}}),
    ("sync_secrets", {"display_name": NAME, "secrets": {"SecretToken": {"token": SECRET_TOKEN}}, "state": "x"}),
    ("sync_job_action", {"display_name": NAME, "action": "validate_credentials", "secrets": SECRETS}),
    ("sync_job_action", {"display_name": NAME, "action": "guess", "secrets": SECRETS}),
    ("sync_job", {"display_name": NAME, "secret": CLIENT_SECRET, "client_secret": CLIENT_SECRET, "enabled": "maybe"}),
]


def task(module: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """A task of the collection that may fail."""
    return {f"entra.provisioning.{module}": options, "ignore_errors": True, **keywords}


def everything(result: Result) -> str:
    """What a person sees and what callback plugins (job events, loggers) get."""
    return result.output + "".join(json.dumps(one.result) for one in result.tasks)


@pytest.mark.parametrize("door", ["fast", "module"])
@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_modules_that_succeed(
    run_playbook: Run, defaults: dict[str, str], tmp_path: Path, door: str, check: bool
) -> None:
    log = tmp_path / "ansible.log"
    tasks = [task(*one, register="result") for one in SUCCESSES]
    tasks.append({"ansible.builtin.debug": {"var": "result"}})
    result = run_playbook(
        tasks,
        defaults=defaults,
        door=door,
        check=check,
        diff=True,
        verbosity=4,
        env={"ANSIBLE_LOG_PATH": str(log)},
    )
    assert [one.status for one in result.tasks] == ["ok"] * len(tasks), result.output
    # The schema is that of the template already.
    assert result.changed == len(SUCCESSES) - 2
    assert leaks(everything(result)) == []
    assert log.stat().st_size > 1000
    assert leaks(log.read_text()) == []


@pytest.mark.parametrize("door", ["fast", "module"])
def test_modules_that_fail(run_playbook: Run, defaults: dict[str, str], tmp_path: Path, door: str) -> None:
    log = tmp_path / "ansible.log"
    missing = [task(module, {**options, "display_name": "Nobody"}) for module, options in SUCCESSES[1:]]
    mistaken = [task(*one) for one in MISTAKES]
    refused = [task(module, {**options, "client_id": "nobody"}) for module, options in SUCCESSES]
    tasks = [*missing, *mistaken, *refused]
    result = run_playbook(
        tasks, defaults=defaults, door=door, diff=True, verbosity=4, env={"ANSIBLE_LOG_PATH": str(log)}
    )
    # sync_info without a name reads the tenant.
    assert [one.status for one in result.tasks] == ["ignored"] * len(tasks), result.output
    assert leaks(everything(result)) == []
    assert leaks(log.read_text()) == []


ECHOES: dict[str, Callable[[str], Any]] = {
    "JSON": lambda text: {"error": {"code": "Bad", "message": text}},
    "JSON in JSON": lambda text: {"error": {"code": "Bad", "message": json.dumps({"error": {"message": text}})}},
    "broken JSON in JSON": lambda text: {"error": {"code": "Bad", "message": "{" + json.dumps({"token": text})}},
    "JSON without accents": lambda text: "answer: " + json.dumps(text),
    "JSON with accents": lambda text: "answer: " + json.dumps(text, ensure_ascii=False),
    "an address": lambda text: "GET /?token=" + urllib.parse.quote(text, safe=""),
    "a form": lambda text: "token=" + urllib.parse.quote_plus(text),
    "a page": lambda text: f"<html>\n<p>{html.escape(text)}</p>\n</html>",
}


@pytest.mark.parametrize("door", ["fast", "module"])
def test_a_service_that_echoes_what_it_gets(
    simulator: Simulator, run_playbook: Run, defaults: dict[str, str], door: str
) -> None:
    """The targets of provisioning and proxies put what they got into their error messages."""
    bodies = [echo(SECRET_TOKEN) for echo in ECHOES.values()]
    # Where these long pages are cut off, a secret stands half before and half behind.
    bodies += ["word " * 95 + TOKEN_KEY, "x" * 490 + SECRET_TOKEN]
    paths = ("/secrets$", "/validateCredentials$")
    simulator.faults(
        [
            {"match": {"method": method, "path": path}, "fault": "status", "status": 400, "body": body}
            for method, path in zip(("PUT", "POST"), paths)
            for body in bodies
        ]
    )
    given = {"display_name": NAME, "secrets": SECRETS, "update_secrets": "always"}
    tasks = [task("sync_secrets", given) for _body in bodies]
    tasks += [task("sync_secrets", {**given, "validate": True}) for _body in bodies]
    result = run_playbook(tasks, defaults=defaults, door=door, diff=True, verbosity=4)
    assert [one.status for one in result.tasks] == ["ignored"] * len(tasks)
    assert leaks(everything(result)) == []
    assert sum("********" in one.result["msg"] for one in result.tasks) == 2 * len(ECHOES)


@pytest.mark.parametrize("door", ["fast", "module"])
def test_a_proxy_that_echoes_the_token_in_use(
    simulator: Simulator, run_playbook: Run, tmp_path: Path, door: str
) -> None:
    token = "Zbearer.of.the/cli+1=="
    answer = json.dumps({"accessToken": token, "expires_on": int(time.time()) + 3600})
    page = f"<html><pre>Authorization: Bearer {token}</pre></html>"
    simulator.faults([{"match": {"path": "/v1.0/"}, "fault": "status", "status": 403, "body": page, "times": None}])
    options = simulator.options()
    defaults = {name: options[name] for name in ("graph_endpoint", "authority", "ca_path")}
    path = with_az(tmp_path, f"echo '{answer}'\n")
    result = run_playbook(
        [task("sync_job", {"display_name": NAME})], defaults=defaults, door=door, verbosity=4, env={"PATH": path}
    )
    assert "answered 403" in result.last.result["msg"]
    assert leaks(everything(result), "Zbearer") == []


ENVIRONMENT = {
    "AZURE_CLIENT_SECRET": CLIENT_SECRET,
    "AZURE_CLIENT_CERTIFICATE_PASSWORD": CERTIFICATE_PASSWORD,
    "AZURE_FEDERATED_TOKEN": FEDERATED_TOKEN,
    "GRAPH_ACCESS_TOKEN": ACCESS_TOKEN,
}


@pytest.mark.parametrize("door", ["fast", "module"])
@pytest.mark.parametrize("as_keyword", [False, True], ids=["inherited", "keyword"])
def test_secrets_from_the_environment_stay_off_command_lines(
    simulator: Simulator, run_playbook: Run, defaults: dict[str, str], door: str, as_keyword: bool
) -> None:
    simulator.faults([{"match": {"path": "/synchronization/jobs"}, "fault": "delay", "seconds": 1.5}])
    where = {name: value for name, value in defaults.items() if name not in _SECRET_OPTIONS}
    read = task("sync_job", {"display_name": NAME}, **({"environment": ENVIRONMENT} if as_keyword else {}))
    seen: list[str] = []
    watching = threading.Event()

    def watch() -> None:
        while not watching.wait(0.05):
            seen.extend(leaking_processes())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        result = run_playbook(
            [read, read], defaults=where, door=door, verbosity=4, env={} if as_keyword else ENVIRONMENT
        )
    finally:
        watching.set()
        thread.join()
    assert [one.status for one in result.tasks] == ["ok", "ok"], result.output
    assert seen == []
    assert leaks(everything(result)) == []


_SECRET_OPTIONS = ("client_secret", "certificate_password", "federated_token", "access_token")


@pytest.mark.parametrize("door", ["fast", "module"])
def test_nothing_outlives_the_run(
    simulator: Simulator, run_playbook: Run, defaults: dict[str, str], tmp_path: Path, door: str
) -> None:
    simulator.faults([{"match": {"path": "/synchronization/jobs"}, "fault": "delay", "seconds": 2}])
    local, remote = tmp_path / "local", tmp_path / "remote"
    during: dict[str, tuple[int, int]] = {}

    def watch() -> None:
        until = time.monotonic() + 10
        while not during and time.monotonic() < until:
            for file in local.glob("*/entra-token-*"):
                if not file.name.endswith(".lock") and ".lock" not in file.suffixes:
                    during[file.name] = (file.stat().st_mode, file.parent.stat().st_mode)
            time.sleep(0.05)

    thread = threading.Thread(target=watch)
    thread.start()
    result = run_playbook(
        [task("sync_job", {"display_name": NAME})],
        defaults=defaults,
        door=door,
        env={"ANSIBLE_LOCAL_TEMP": str(local), "ANSIBLE_REMOTE_TEMP": str(remote)},
    )
    thread.join()
    assert result.rc == 0, result.output
    assert [(stat.S_IMODE(file), stat.S_IMODE(folder)) for file, folder in during.values()] == [(0o600, 0o700)]
    assert leaks_in(tmp_path) == []
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_run_in_the_background_keeps_nothing(run_playbook: Run, defaults: dict[str, str], tmp_path: Path) -> None:
    background = {"async": 30, "poll": 1, "environment": {**ENVIRONMENT, "ANSIBLE_ASYNC_DIR": str(tmp_path / "async")}}
    given = {"display_name": NAME, "secrets": SECRETS, "update_secrets": "always"}
    result = run_playbook([task("sync_secrets", given, **background)], defaults=defaults, diff=True, verbosity=4)
    assert result.last.status == "ok", result.output
    assert leaks(everything(result)) == []
    assert leaks_in(tmp_path) == []


def environment(simulator: Simulator) -> dict[str, str]:
    """The environment of a job that signs in with the marked secret."""
    return {**simulator.environment(), "AZURE_CLIENT_ID": CLIENT, "AZURE_CLIENT_SECRET": CLIENT_SECRET}


def role(simulator: Simulator, **more: Any) -> dict[str, Any]:
    """The variables of the role, with marked secrets of which the target takes one."""
    return {
        "onboard_display_name": "Onboarded",
        "onboard_gallery_name": "Custom",
        "onboard_template_id": "scim",
        "onboard_settings": {"BaseAddress": simulator.ready["scim"]["base_address"]},
        "onboard_secrets": {"SecretToken": simulator.ready["scim"]["token"], "Password": PASSWORD},
        "onboard_users": [BEN],
        "onboard_canary_users": [BEN],
        **more,
    }


@pytest.mark.parametrize("door", ["fast", "module"])
@pytest.mark.parametrize("outcome", ["success", "failure", "mistake", "several"])
def test_the_role(simulator: Simulator, run_playbook: Run, tmp_path: Path, outcome: str, door: str) -> None:
    token = simulator.ready["scim"]["token"]
    log = tmp_path / "ansible.log"
    variables = role(simulator)
    if outcome == "failure":
        variables["onboard_secrets"] = {"SecretToken": SECRET_TOKEN, "Password": PASSWORD}
    if outcome == "mistake":
        variables["onboard_update_secrets"] = "sometimes"
    if outcome == "several":
        names = ("onboard_display_name", "onboard_settings", "onboard_secrets", "onboard_users")
        entry = {name.removeprefix("onboard_"): variables.pop(name) for name in names}
        variables["onboard_applications"] = [entry, {**entry, "display_name": "Another"}]
    result = run_playbook(
        "entra.provisioning.onboard",
        defaults={},
        extra_vars=variables,
        door=door,
        diff=True,
        verbosity=4,
        env={"ANSIBLE_LOG_PATH": str(log), **environment(simulator)},
    )
    assert result.rc == (0 if outcome in ("success", "several") else 2), result.output
    assert leaks(everything(result), token) == []
    assert leaks(log.read_text(), token) == []


@pytest.mark.parametrize("outcome", ["success", "failure"])
def test_the_role_in_a_job_of_ansible_runner(simulator: Simulator, tmp_path: Path, outcome: str) -> None:
    token = simulator.ready["scim"]["token"]
    more = {} if outcome == "success" else {"onboard_secrets": {"SecretToken": SECRET_TOKEN}}
    job = Job(tmp_path / "job", environment(simulator), role(simulator, **more))
    outcome_of = job.run("--diff", "-vvvv")
    assert outcome_of.status == ("successful" if outcome == "success" else "failed")
    assert len(outcome_of.events) > 20
    # The runner writes the environment that it was given into this one; AWX deletes the folder after the job.
    command = tmp_path / "job" / "artifacts" / "1" / "command"
    assert leaks_in(tmp_path / "job" / "artifacts", token, but=[command]) == []
    shutil.rmtree(tmp_path / "job")
