# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The previous schema is kept before it is replaced, for its owner only, and leads back."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import NAME, application
from tests.faults.life import example
from tests.faults.mappings import puts, stored, task, users
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

Run = Callable[..., Result]

TEMPLATE = "entra.provisioning.sync_template"


def _title(attribute: str) -> dict[str, Any]:
    return {"object_mappings": users({"target": "title", "attribute": attribute})}


@pytest.fixture(autouse=True)
def _one_job(simulator: Simulator) -> None:
    job = {"template_id": "scim", "state": "created", "schema": example("customappsso_full")}
    simulator.reset({"applications": [application(jobs=[job])]})


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _content(schema: dict[str, Any]) -> tuple[Any, Any]:
    return schema["synchronizationRules"], schema["directories"]


@pytest.mark.parametrize("door", DOORS)
def test_a_backup_is_private_and_leads_back(simulator: Simulator, run_playbook: Run, tmp_path: Path, door: str) -> None:
    folder = tmp_path / "new" / "backup"
    keep = {"backup": True, "backup_dir": str(folder)}
    before = stored(simulator)
    change = _title("department")
    rollback = "{{ lookup('ansible.builtin.file', kept.backup_file) | from_json }}"
    tasks = [
        task(**change, **keep, check_mode=True),
        {**task(**change, **keep), "register": "kept"},
        task(**change, **keep),
    ]
    planned, done, again = run_playbook(tasks, door=door).tasks
    assert [planned.changed, done.changed, again.changed] == [True, True, False]
    assert "backup_file" not in {**planned.result, **again.result}
    (file,) = folder.iterdir()
    assert done.result["backup_file"] == str(file)
    assert (_mode(file), _mode(folder)) == (0o600, 0o700)
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert _content(kept) == _content(before)
    assert kept["version"]
    assert file.name.startswith("Contoso_SCIM.scim.")
    variables = {"kept": {"backup_file": str(file)}}
    restore = [task(schema=rollback), task(schema=rollback)]
    back, idle = run_playbook(restore, door=door, extra_vars=variables).tasks
    assert back.result["changes"] == ["User → User / title: [department] → [jobTitle]"]
    assert idle.changed is False
    assert _content(stored(simulator)) == _content(before)


def test_each_write_keeps_its_own(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    attributes = ["department", "city", "country", "state"]
    tasks = [task(**_title(one), backup=True, backup_dir=str(tmp_path)) for one in attributes]
    result = run_playbook(tasks)
    assert [one.status for one in result.tasks] == ["ok"] * 4, result.output
    files = [Path(one.result["backup_file"]) for one in result.tasks]
    assert len(set(files)) == len(list(tmp_path.iterdir())) == len(attributes)
    assert [_source(json.loads(one.read_text())) for one in files] == ["jobTitle", *attributes[:-1]]


def _source(schema: dict[str, Any]) -> Any:
    (found,) = (
        one["source"]["name"]
        for mapping in schema["synchronizationRules"][0]["objectMappings"]
        for one in mapping["attributeMappings"]
        if one["targetAttributeName"] == "title"
    )
    return found


def test_where_it_cannot_be_kept_nothing_is_written(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("x")
    folders = [str(taken), str(taken / "below"), "/proc/no-such-place"]
    result = run_playbook([task(**_title("department"), backup=True, backup_dir=one) for one in folders])
    for one, folder in zip(result.tasks, folders):
        assert (one.status, one.changed) == ("ignored", False)
        assert f"could not be kept in the folder {folder}: " in one.result["msg"]
        assert "backup_dir" in one.result["msg"]
    assert puts(simulator) == []


def test_it_is_off_unless_asked_for_and_takes_its_folder_from_the_environment(
    simulator: Simulator, run_playbook: Run, tmp_path: Path
) -> None:
    environment = {"ENTRA_BACKUP_DIR": str(tmp_path / "kept")}
    tasks = [task(**_title("city")), task(**_title("department"), backup=True)]
    plain, kept = run_playbook(tasks, env=environment).tasks
    assert "backup_file" not in plain.result
    assert os.path.dirname(kept.result["backup_file"]) == environment["ENTRA_BACKUP_DIR"]


def test_every_way_to_a_schema_keeps_the_previous_one(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    full = example("customappsso_full")
    keep = {"backup": True, "backup_dir": str(tmp_path)}
    result = run_playbook(
        [
            task(state="default", **keep),
            task(schema=full, **keep),
            task(from_job={"display_name": NAME}, **keep),
        ]
    )
    reset, whole, nothing = result.tasks
    documents = [json.loads(Path(one.result["backup_file"]).read_text()) for one in (reset, whole)]
    assert [_titles(one) for one in documents] == [_titles(full), _titles(example("customappsso_default"))]
    assert (nothing.changed, "backup_file" in nothing.result) == (False, False)


def _titles(schema: dict[str, Any]) -> list[str]:
    return sorted(
        one["targetAttributeName"]
        for mapping in schema["synchronizationRules"][0]["objectMappings"]
        for one in mapping["attributeMappings"]
    )


def test_a_template_is_kept_too(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    options = {"template_id": "scim", "backup": True, "backup_dir": str(tmp_path), **_title("department")}
    done, again = run_playbook([task(module=TEMPLATE, **options), task(module=TEMPLATE, **options)]).tasks
    assert (done.status, done.changed, again.changed) == ("ok", True, False)
    (file,) = tmp_path.iterdir()
    assert done.result["backup_file"] == str(file)
    assert (_mode(file), _source(json.loads(file.read_text()))) == (0o600, "jobTitle")
