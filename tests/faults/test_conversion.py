# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook convert_to_scim: a job is deleted and made anew, and nothing of it is lost, wherever that stops."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import application
from tests.faults.killed import killed_at
from tests.faults.life import example
from tests.faults.schema_playbooks import done, jobs, play, portable
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

NAME = "Old"
WRITES = ["POST customappsso/pause", "DELETE customappsso", "POST", "PUT scim/schema", "POST scim/start"]
# The requests that a run can end with.
POINTS = {
    "pausing": ("POST", r"/pause$"),
    "reading the schema": ("GET", r"/jobs/customappsso[^/]*/schema$"),
    "deleting": ("DELETE", r"/synchronization/jobs/[^/]+$"),
    "making": ("POST", r"/synchronization/jobs$"),
    "writing the schema": ("PUT", r"/schema$"),
    "starting": ("POST", r"/start$"),
}
# Where a run is killed; at the others it is refused.
KILLED = ("deleting", "making", "writing the schema")


def _seed(simulator: Simulator, *jobs_seeded: dict[str, Any]) -> None:
    secrets = {"BaseAddress": "https://scim.example", "SecretToken": "Zsecrettoken"}
    simulator.reset({"applications": [application(NAME, jobs=list(jobs_seeded), secrets=secrets)]})
    simulator.quirks(schema_echo="noise")


def _old(state: str = "active") -> dict[str, Any]:
    return {"template_id": "customappsso", "state": state, "schema": example("customappsso_full")}


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """An application with a running job of the old template."""
    _seed(simulator, _old())


@pytest.fixture
def call(tmp_path: Path) -> dict[str, Any]:
    """The variables that convert it."""
    return {"convert_display_name": NAME, "convert_confirm": "true", "convert_backup_dir": str(tmp_path / "kept")}


def _secrets(simulator: Simulator) -> list[Any]:
    return [one["secrets"] for one in simulator.state()["synchronization"].values()]


def _is_converted(simulator: Simulator, wanted: dict[str, Any], secrets: list[Any], state: str = "Active") -> None:
    (job,) = jobs(simulator, NAME).items()
    assert (job[0].split(".")[0], job[1]) == ("scim", state)
    assert portable(simulator, NAME) == wanted
    assert _secrets(simulator) == secrets


def test_a_job_is_converted_once(simulator: Simulator, call: dict[str, Any], tmp_path: Path) -> None:
    wanted, secrets, kept = portable(simulator, NAME), _secrets(simulator), tmp_path / "kept"
    told = done(simulator, "convert_to_scim", **{**call, "convert_confirm": ""})
    assert (told.result.changed, told.writes, kept.exists()) == (0, [], False)
    assert "set convert_confirm to true" in told.result.output
    # The plan can be seen without consent.
    dry = done(simulator, "convert_to_scim", check=True, **{**call, "convert_confirm": ""})
    assert (dry.writes, kept.exists()) == ([], False)
    assert "+User → User / externalId: [objectId]" in dry.result.stdout
    run = done(simulator, "convert_to_scim", **call)
    assert run.writes == WRITES
    _is_converted(simulator, wanted, secrets)
    (backup,) = kept.iterdir()
    assert (stat.S_IMODE(backup.stat().st_mode), stat.S_IMODE(kept.stat().st_mode)) == (0o600, 0o700)
    assert json.loads(backup.read_text())["synchronizationRules"]
    assert str(backup) in run.told
    again = done(simulator, "convert_to_scim", **call)
    assert (again.result.changed, again.writes) == (0, [])
    assert "already converted" in again.result.output


@pytest.mark.parametrize(
    ("state", "start", "then"),
    [
        pytest.param("active", "false", "Disabled", marks=pytest.mark.wider("The choice that quarantine makes too.")),
        pytest.param("active", "", "Active", marks=pytest.mark.wider("A blank answer, as for every option.")),
        ("quarantine", True, "Disabled"),
    ],
)
def test_only_what_was_running_is_started(
    simulator: Simulator, call: dict[str, Any], state: str, start: Any, then: str
) -> None:
    _seed(simulator, _old(state))
    wanted, secrets = portable(simulator, NAME), _secrets(simulator)
    run = done(simulator, "convert_to_scim", convert_start=start, **call)
    _is_converted(simulator, wanted, secrets, then)
    assert ("It was started" in run.told) is (then == "Active")


@pytest.mark.parametrize(
    "point",
    mostly(
        [one for one in POINTS if one not in KILLED], ["reading the schema"], "The same refusal of another request."
    ),
)
def test_a_refusal_at_any_step_loses_nothing(simulator: Simulator, call: dict[str, Any], point: str) -> None:
    wanted, secrets = portable(simulator, NAME), _secrets(simulator)
    method, path = POINTS[point]
    simulator.faults([{"match": {"method": method, "path": path}, "fault": "status", "status": 400}])
    failed = play(simulator, "convert_to_scim", **call)
    assert failed.result.rc == 2, failed.result.output
    assert f"goes on from here with what is kept in {call['convert_backup_dir']}" in failed.told
    done(simulator, "convert_to_scim", **call)
    _is_converted(simulator, wanted, secrets)


@pytest.mark.parametrize("point", mostly(KILLED, ["writing the schema"], "The same kill at another request."))
def test_a_run_that_is_killed_is_finished_by_the_next(
    simulator: Simulator, call: dict[str, Any], tmp_path: Path, point: str
) -> None:
    wanted, secrets = portable(simulator, NAME), _secrets(simulator)
    killed_at(simulator, tmp_path, "entra.provisioning.convert_to_scim", call, *POINTS[point])
    done(simulator, "convert_to_scim", **call)
    _is_converted(simulator, wanted, secrets)
    assert done(simulator, "convert_to_scim", **call).result.changed == 0


@pytest.mark.wider("The same kill, found by the backup instead of the note.")
def test_a_run_whose_note_is_lost_goes_on_from_the_backup(
    simulator: Simulator, call: dict[str, Any], tmp_path: Path
) -> None:
    wanted, secrets, kept = portable(simulator, NAME), _secrets(simulator), tmp_path / "kept"
    simulator.faults([{"match": {"method": "POST", "path": POINTS["making"][1]}, "fault": "status", "status": 400}])
    assert play(simulator, "convert_to_scim", **call).result.rc == 2
    for note in kept.glob("*.conversion.json"):
        note.unlink()
    lost = play(simulator, "convert_to_scim", **call)
    assert (lost.result.rc, lost.writes) == (2, [])
    assert "name its backup in convert_backup_file" in lost.told
    (backup,) = kept.iterdir()
    done(simulator, "convert_to_scim", convert_backup_file=str(backup), **call)
    # Whether the old job was running is not known any more.
    _is_converted(simulator, wanted, secrets, "Disabled")
    again = done(simulator, "convert_to_scim", convert_backup_file=str(backup), **call)
    assert (again.result.changed, again.writes) == (0, [])


@pytest.mark.parametrize(
    ("seeded", "more", "says"),
    [
        ([], {}, "neither a job of the template customappsso nor one of scim"),
        ([_old(), {"template_id": "scim"}], {}, "has both jobs"),
        ([_old()], {"convert_display_name": "Nobody"}, "Nobody"),
        ([_old()], {"convert_backup_file": "/no/file.json"}, "There is no file /no/file.json."),
    ],
)
def test_what_cannot_be_converted_is_left_alone(
    simulator: Simulator, call: dict[str, Any], seeded: list[Any], more: dict[str, Any], says: str
) -> None:
    _seed(simulator, *seeded)
    run = play(simulator, "convert_to_scim", **{**call, **more})
    assert run.result.rc == 2, run.result.output
    assert says in run.told
    assert run.writes == []


def test_a_job_whose_template_has_another_name_is_recognized(simulator: Simulator, call: dict[str, Any]) -> None:
    simulator.quirks(template_alias={"scim": "customappsso", "customappsso": "scim"})
    wanted, secrets = portable(simulator, NAME), _secrets(simulator)
    assert done(simulator, "convert_to_scim", **call).writes == WRITES
    _is_converted(simulator, wanted, secrets)
    assert done(simulator, "convert_to_scim", **call).result.changed == 0


def test_nothing_is_deleted_where_the_new_template_is_missing(simulator: Simulator, call: dict[str, Any]) -> None:
    listed = {"value": [{"id": "customappsso"}]}
    match = {"method": "GET", "path": r"/synchronization/templates$"}
    simulator.faults([{"match": match, "fault": "status", "status": 200, "body": listed, "times": None}])
    run = play(simulator, "convert_to_scim", **call)
    assert (run.result.rc, run.writes) == (2, [])
    assert "does not offer the template scim" in run.told
