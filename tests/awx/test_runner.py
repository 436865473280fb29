# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job templates as AWX carries them out, here and on another node: their outcome, and that no secret is left behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.awx.awx import Awx, awx_of
from tests.awx.credentials import HIDDEN, azure
from tests.awx.data import entry
from tests.awx.jobs import Job, Outcome
from tests.awx.surveys import filled_in
from tests.faults.cases import NAME, application
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

BEN, ADELE = "ben.okoro@contoso.example", "adele.vance@contoso.example"
ENTRA = "Entra provisioning automation"
WRONG = "not-the-token-of-the-target"


def onboarding(**answers: Any) -> dict[str, Any]:
    """The form of the job template Onboard."""
    return filled_in(entry("controller_templates", "Onboard"), onboard_display_name=NAME, **answers)


def with_secret(awx: Awx, simulator: Simulator) -> None:
    """As it is."""


def with_certificate(awx: Awx, simulator: Simulator) -> None:
    awx.inputs[ENTRA]["certificate"] = Path(simulator.client()["certificate_path"]).read_text()
    del awx.inputs[ENTRA]["client_secret"]


@pytest.mark.parametrize(
    ("credential", "remotely"),
    mostly(
        [(with_secret, False), (with_certificate, True)],
        [(with_certificate, True)],
        "With a secret, as all other jobs have it, and without a node in between.",
    ),
    ids=["secret-here", "certificate-remote"],
)
def test_a_job_template(
    simulator: Simulator, tmp_path: Path, credential: Callable[[Awx, Simulator], None], remotely: bool
) -> None:
    awx = awx_of(simulator, tmp_path, remotely=remotely)
    credential(awx, simulator)
    answers = onboarding(onboard_users=f"{BEN},{ADELE}", onboard_delete_threshold="20")

    mark = simulator.mark()
    dry = awx.launch("Onboard", answers, "-l", "localhost", "--forks=5", job_type="check")
    check(dry, awx, simulator)
    assert "--check" in dry.command and "--diff" in dry.command
    assert dry.changed() > 0
    assert simulator.writes(mark) == []

    first = awx.launch("Onboard", answers, "-vvvv")
    check(first, awx, simulator)
    assert first.changed() > 0

    mark = simulator.mark()
    second = awx.launch("Onboard", answers)
    check(second, awx, simulator)
    assert second.changed() == 0
    assert simulator.writes(mark) == []
    state = simulator.state()
    assert len(state["appRoleAssignments"]) == 2
    assert [one["displayName"] for one in state["applications"]].count(NAME) == 1

    (published,) = second.artifacts()["entra_provisioning_onboard"]
    principal = next(one for one in state["servicePrincipals"] if one["displayName"] == NAME)
    (job,) = state["synchronization"][principal["id"]]["jobs"]
    assert published == {
        "display_name": NAME,
        "service_principal_id": principal["id"],
        "job_id": job,
        "state": "Active",
        "code": published["code"],
        "failure": "",
    }


def test_the_credential_that_awx_has_for_azure(simulator: Simulator, tmp_path: Path) -> None:
    awx = awx_of(simulator, tmp_path)
    injected = azure(awx.inputs[ENTRA])
    assert injected.shown["AZURE_SECRET"] == HIDDEN
    answers = {**onboarding(onboard_users=BEN), "onboard_settings": {"BaseAddress": "https://scim.example"}}
    job = Job(tmp_path / "job", {**awx.environment, **injected.environment}, answers, arguments=["--check"])
    outcome = job.run()
    assert outcome.status == "successful", outcome.stdout
    assert outcome.changed() > 0


@pytest.mark.parametrize(
    "remotely", mostly([False, True], [True], "Without a node in between."), ids=["here", "remote"]
)
def test_a_job_that_fails_tells_why(simulator: Simulator, tmp_path: Path, remotely: bool) -> None:
    awx = awx_of(simulator, tmp_path, remotely=remotely)
    awx.inputs["Contoso SCIM"]["secret_token"] = WRONG
    outcome = awx.launch("Onboard", onboarding(onboard_users=BEN), "-vvvv")
    assert outcome.status == "failed"
    last = [one for one in outcome.results() if one["resolved_action"] == "ansible.builtin.fail"][-1]
    assert "target does not accept" in last["res"]["msg"]
    (published,) = outcome.artifacts()["entra_provisioning_onboard"]
    assert "target does not accept" in published["failure"]
    assert leaks(outcome, awx, simulator) == []


def test_credentials_from_a_password_of_the_survey(simulator: Simulator, tmp_path: Path) -> None:
    target = simulator.ready["scim"]
    stored = {"BaseAddress": target["base_address"], "SecretToken": "an expired token"}
    jobs = [{"template_id": "scim", "state": "quarantine"}]
    simulator.reset({"applications": [application(jobs=jobs, secrets=stored)]})
    awx = awx_of(simulator, tmp_path, remotely=True)
    answers = filled_in(
        entry("controller_templates", "Rotate credentials"),
        rotate_credentials_display_name=NAME,
        rotate_credentials_secrets=json.dumps({"SecretToken": target["token"]}),
    )
    outcome = awx.launch("Rotate credentials", answers, "-vvvv")
    check(outcome, awx, simulator, "entra.provisioning.sync_secrets")
    assert outcome.changed() == 2
    (published,) = outcome.artifacts()["entra_provisioning_rotate_credentials"]
    assert (published["state"], published["quarantine_reason"]) == ("Active", "")
    assert published["fingerprint"] != ""


@pytest.mark.parametrize(
    ("name", "answers", "variable", "published"),
    [
        (
            "Promote schema",
            {"promote_from": "display_name: Staging", "promote_to": f"display_name: {NAME}"},
            "entra_provisioning_schema",
            {"display_name": NAME, "changed": False, "backup_file": ""},
        ),
        (
            "Offboard",
            {"offboard_display_name": NAME, "offboard_accounts": "keep"},
            "entra_provisioning_offboard",
            {"display_name": NAME, "failure": ""},
        ),
    ],
)
def test_other_templates_as_a_check(
    simulator: Simulator,
    tmp_path: Path,
    name: str,
    answers: dict[str, Any],
    variable: str,
    published: dict[str, Any],
) -> None:
    jobs = [{"template_id": "scim", "state": "active"}]
    simulator.reset({"applications": [application(jobs=jobs), application("Staging", jobs=jobs)]})
    awx = awx_of(simulator, tmp_path)
    mark = simulator.mark()
    form = filled_in(entry("controller_templates", name), **answers)
    outcome = awx.launch(name, form, job_type="check")
    assert outcome.status == "successful", outcome.stdout
    assert simulator.writes(mark) == []
    (found,) = outcome.artifacts()[variable]
    principal = next(one["id"] for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME)
    assert found["service_principal_id"] == principal
    assert published.items() <= found.items()
    assert leaks(outcome, awx, simulator) == []


def test_a_text_that_is_no_dictionary_is_refused_without_repeating_it(simulator: Simulator, tmp_path: Path) -> None:
    awx = awx_of(simulator, tmp_path)
    answers = {"onboard_display_name": NAME, "onboard_secrets": f"SecretToken={WRONG}"}
    outcome = Job(tmp_path / "job", awx.environment, answers).run("-vvvv")
    assert outcome.status == "failed"
    assert "onboard_secrets takes a dictionary" in outcome.results()[-1]["res"]["msg"]
    assert WRONG not in str(outcome.events)


def test_answers_that_awx_refuses(simulator: Simulator, tmp_path: Path) -> None:
    awx = awx_of(simulator, tmp_path)
    with pytest.raises(ValueError, match="onboard_profile: 'other' is none of the choices"):
        awx.launch("Onboard", onboarding(onboard_profile="other"))
    with pytest.raises(ValueError, match="onboard_role: not asked for"):
        awx.launch("Onboard", onboarding(onboard_role="User"))
    assert awx.jobs == []


def check(
    outcome: Outcome, awx: Awx, simulator: Simulator, action: str = "entra.provisioning.gallery_application"
) -> None:
    """Successful, without a warning, without a secret, every action by its full name."""
    assert outcome.status == "successful", outcome.stdout
    noise = [
        one["stdout"] for one in outcome.events if one["event"] in ("warning", "deprecated", "system_warning", "error")
    ]
    assert noise == []
    assert "[WARNING]" not in outcome.stdout and "[DEPRECATION" not in outcome.stdout
    actions = {one["resolved_action"] for one in outcome.results()}
    assert action in actions
    assert [one for one in actions if not one.startswith(("entra.provisioning.", "ansible.builtin."))] == []
    assert leaks(outcome, awx, simulator) == []


def leaks(outcome: Outcome, awx: Awx, simulator: Simulator) -> list[str]:
    """Where a secret is in what AWX keeps of the last job, and in the files that the runner leaves.

    But for one: the runner writes its environment into the file ``command`` on either path. AWX does not read it, and
    deletes the folder after the job. Where the environment has a secret, that file has to be found here.
    """
    token = simulator.ready["scim"]["token"]
    secrets = [simulator.client()["client_secret"], token, WRONG, "PRIVATE KEY", "eyJ"]
    kept = {
        "events": json.dumps(outcome.events),
        "output": outcome.stdout,
        "environment": str(outcome.environment),
        "arguments": str(outcome.command),
    }
    found = [f"{place}: {secret}" for place, text in kept.items() for secret in secrets if secret in text]
    files = [file for file in (awx.jobs[-1].folder / "artifacts").rglob("*") if file.is_file()]
    assert {"rc", "status", "command"} <= {file.name for file in files}
    holding = {file.name for file in files for secret in secrets if secret.encode() in file.read_bytes()}
    assert holding == ({"command"} if awx.inputs[ENTRA].get("client_secret") else set())
    return found
