# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets never leave through results and outputs, at any verbosity, whatever happens."""

from __future__ import annotations

import html
import json
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import BEN, NAME
from tests.faults.markers import (
    CLIENT_SECRET,
    SECRET_TOKEN,
    SECRETS,
    SEED,
    SIGN_IN,
    TOKEN_KEY,
    everything,
    leaks,
    places,
    task,
)
from tests.faults.tokens import with_az
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """A tenant that knows the marked secrets."""
    simulator.reset(SEED)


@pytest.fixture
def defaults(simulator: Simulator) -> dict[str, str]:
    """Every secret that signs in, at once."""
    return {**places(simulator), **SIGN_IN}


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
            "validate": False,
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


@pytest.mark.parametrize("door", DOORS)
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


@pytest.mark.parametrize("door", DOORS)
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


@pytest.mark.parametrize("door", DOORS)
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
    tasks = [task("sync_secrets", {**given, "validate": False}) for _body in bodies]
    tasks += [task("sync_secrets", {**given, "validate": True}) for _body in bodies]
    result = run_playbook(tasks, defaults=defaults, door=door, diff=True, verbosity=4)
    assert [one.status for one in result.tasks] == ["ignored"] * len(tasks)
    assert leaks(everything(result)) == []
    assert sum("********" in one.result["msg"] for one in result.tasks) == 2 * len(ECHOES)


@pytest.mark.parametrize("door", DOORS)
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
