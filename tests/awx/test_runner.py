# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role as a job template: credential, survey and project as AWX prepares them, the artifact as it is published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.awx.credentials import azure, custom
from tests.awx.jobs import Job, Outcome
from tests.harness.simulator import Simulator

# What a survey sends for questions that nobody answered.
UNANSWERED = (
    "onboard_gallery_id",
    "onboard_role",
    "onboard_skip_out_of_scope_deletions",
    "onboard_groups",
    "onboard_canary_users",
    "onboard_canary_groups",
)


def survey(simulator: Simulator) -> dict[str, Any]:
    """The answers of a survey, in texts."""
    target = simulator.ready["scim"]
    return {
        **dict.fromkeys(UNANSWERED, ""),
        "onboard_display_name": "Contoso SCIM",
        "onboard_gallery_name": "Custom",
        "onboard_template_id": "scim",
        "onboard_update_secrets": "on_create",
        "onboard_users": "ben.okoro@contoso.example,adele.vance@contoso.example",
        "onboard_delete_threshold": 20,
        "onboard_settings": {"BaseAddress": target["base_address"]},
        "onboard_secrets": {"SecretToken": target["token"]},
    }


def with_secret(simulator: Simulator, folder: Path) -> dict[str, str]:
    return custom(folder, inputs(simulator, "client_secret"))


def with_certificate(simulator: Simulator, folder: Path) -> dict[str, str]:
    certificate = Path(simulator.client()["certificate_path"]).read_text()
    return custom(folder, {**inputs(simulator), "certificate": certificate})


def with_azure(simulator: Simulator, folder: Path) -> dict[str, str]:
    return azure(inputs(simulator, "client_secret"))


def inputs(simulator: Simulator, *more: str) -> dict[str, str]:
    """The inputs of a credential."""
    who = simulator.client()
    return {"tenant_id": simulator.ready["tenant_id"], **{name: who[name] for name in ("client_id", *more)}}


@pytest.mark.parametrize("credential", [with_secret, with_certificate, with_azure], ids=lambda one: one.__name__)
def test_a_job_template(
    simulator: Simulator, tmp_path: Path, credential: Callable[[Simulator, Path], dict[str, str]]
) -> None:
    places = {
        name: simulator.environment()[name] for name in ("AZURE_AUTHORITY_HOST", "GRAPH_ENDPOINT", "ENTRA_CA_PATH")
    }
    job = Job(tmp_path / "job", {**places, **credential(simulator, tmp_path)}, survey(simulator))

    mark = simulator.mark()
    dry = job.run("--check", "--diff")
    check(dry, simulator)
    assert dry.changed() > 0
    assert simulator.writes(mark) == []

    first = job.run("--diff")
    check(first, simulator)
    assert first.changed() > 0

    mark = simulator.mark()
    second = job.run("--diff")
    check(second, simulator)
    assert second.changed() == 0
    assert simulator.writes(mark) == []
    state = simulator.state()
    assert len(state["appRoleAssignments"]) == 2
    assert [one["displayName"] for one in state["applications"]].count("Contoso SCIM") == 1


def check(outcome: Outcome, simulator: Simulator) -> None:
    """Successful, without a warning, without a secret, every action by its full name."""
    assert outcome.status == "successful", outcome.stdout
    noise = [
        one["stdout"] for one in outcome.events if one["event"] in ("warning", "deprecated", "system_warning", "error")
    ]
    assert noise == []
    assert "[WARNING]" not in outcome.stdout and "[DEPRECATION" not in outcome.stdout
    actions = {one["resolved_action"] for one in outcome.results()}
    assert "entra.provisioning.gallery_application" in actions
    assert [one for one in actions if not one.startswith(("entra.provisioning.", "ansible.builtin."))] == []
    told = str(outcome.events) + outcome.stdout
    secrets = (simulator.client()["client_secret"], simulator.ready["scim"]["token"], "PRIVATE KEY", "eyJ")
    assert [secret for secret in secrets if secret in told] == []


def test_a_job_that_fails_tells_why(simulator: Simulator, tmp_path: Path) -> None:
    answers = {**survey(simulator), "onboard_secrets": {"SecretToken": "not the token of the target"}}
    outcome = Job(tmp_path / "job", simulator.environment(), answers).run("-vvvv")
    assert outcome.status == "failed"
    last = [one for one in outcome.results() if one["resolved_action"] == "ansible.builtin.fail"][-1]
    assert "target does not accept" in last["res"]["msg"]
    assert "not the token of the target" not in str(outcome.events) + outcome.stdout
