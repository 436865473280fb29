# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every failure is one paragraph that says what was attempted, what was answered and what to do; nothing is written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import trustme

from tests.faults.cases import NAME, Case, Door, application, check_message, nameless, run_cases
from tests.faults.wrong_access import CONNECTION, SIGN_IN
from tests.faults.wrong_mappings import CONTRADICTIONS, EXPRESSIONS, NEAREST, TYPES
from tests.faults.wrong_objects import ARGUMENTS, TARGET, WHICH, WRONG_IDS
from tests.harness.playbook import run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

MAPPINGS = [*NEAREST, *CONTRADICTIONS, *EXPRESSIONS, *TYPES]
CASES = [*WHICH, *WRONG_IDS, *TARGET, *CONNECTION, *SIGN_IN, *ARGUMENTS, *MAPPINGS]
# The module door takes half a second for each.
BOTH_DOORS = CASES[::3]
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
    ]
}


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
def fast(running_simulator: Simulator, places: dict[str, str]) -> Door:
    """All cases, inside Ansible's worker."""
    return run_cases(running_simulator, CASES, places, "fast")


@pytest.fixture(scope="module")
def module(running_simulator: Simulator, places: dict[str, str]) -> Door:
    """Some of them, each in a process of its own."""
    return run_cases(running_simulator, BOTH_DOORS, places, "module")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_failure_is_one_paragraph(fast: Door, places: dict[str, str], case: Case) -> None:
    task = fast.tasks[case.name]
    assert task.status == "ignored", f"{task.status}: {task.result}"
    assert task.result["changed"] is False
    check_message(task.result["msg"], [text.format_map(places) for text in case.says], answered=case.answered)


@pytest.mark.wider("The messages above, from a module in a process of its own.")
@pytest.mark.parametrize("case", BOTH_DOORS, ids=lambda case: case.name)
def test_a_failure_is_the_same_through_both_doors(fast: Door, module: Door, case: Case) -> None:
    inside, outside = fast.tasks[case.name], module.tasks[case.name]
    assert (outside.status, outside.result["changed"]) == ("ignored", False), outside.result
    assert nameless(outside.result["msg"]) == nameless(inside.result["msg"])


@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_written_and_nothing_is_dumped(request: pytest.FixtureRequest, door: str) -> None:
    ran: Door = request.getfixturevalue(door)
    assert ran.writes == []
    assert "Traceback" not in ran.result.output


def test_a_host_that_is_not_there_is_told_soon(running_simulator: Simulator, places: dict[str, str]) -> None:
    for case in CONNECTION[:3]:
        begin = time.monotonic()
        run_cases(running_simulator, [case], places, "fast")
        assert time.monotonic() - begin < 15


@pytest.mark.parametrize("door", DOORS)
def test_ansible_fails_with_the_task(simulator: Simulator, door: str) -> None:
    task = {"entra.provisioning.sync_job": {"display_name": "Nobody"}}
    result = run_playbook([task], door=door, defaults=simulator.options(), verbosity=4)
    assert result.rc == 2
    assert result.stats["localhost"]["failures"] == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("door", DOORS)
def test_a_page_of_a_proxy_becomes_a_paragraph(simulator: Simulator, door: str) -> None:
    page = "<html>\n  <h1>Forbidden</h1>\n\n" + "<p>our policy</p>\n" * 100 + "</html>"
    simulator.faults([{"match": {"path": "/v1.0/"}, "times": None, "fault": "status", "status": 403, "body": page}])
    task = {"entra.provisioning.sync_job": {"display_name": "Nobody"}}
    result = run_playbook([task], door=door, defaults=simulator.options(), verbosity=4)
    check_message(result.last.result["msg"], ["answered 403", "Forbidden"], answered=True)
    assert len(result.last.result["msg"]) < 1500
