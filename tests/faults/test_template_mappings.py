# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of a template is managed as that of a job is: shorthand, documents, tests, backup, and no guard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.contract.graph_client import Graph
from tests.faults.cases import NAME, application, check_message
from tests.faults.life import example
from tests.faults.mappings import altered, clause, group, puts, steps, synchronization, task, users
from tests.harness.playbook import Result, TaskResult
from tests.harness.simulator import Simulator

Run = Callable[..., Result]

MODULE = "entra.provisioning.sync_template"
DESK = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:desk"
WISHES: dict[str, Any] = {
    "custom_attributes": [
        {"directory": "target", "object": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "name": DESK}
    ],
    "object_mappings": users(
        {"target": DESK, "expression": 'Append("D", [employeeId])'},
        {"target": "displayName", "expression": 'Join(", ", [surname], [givenName])'},
        {"target": "title", "state": "absent"},
        scope=[group("Sales", clause("department", "EQUALS", "Sales"))],
    ),
}
CHANGES = [
    f"directory / customappsso / urn:ietf:params:scim:schemas:extension:enterprise:2.0:User / {DESK}: type String",
    "User → User / displayName: [displayName] → Join",
    "User → User / scope / Sales: department EQUALS",
    "User → User / title: removed (was [jobTitle])",
    f'User → User / {DESK}: Append("D"',
]


def _template(**options: Any) -> dict[str, Any]:
    return task(NAME, MODULE, template_id="scim", **options)


def _schema(simulator: Simulator) -> Any:
    """The schema of the template as it can be read."""
    principal = next(one for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME)
    path = f"/servicePrincipals/{principal['id']}/synchronization/templates/scim/schema"
    found = Graph(simulator).ok("GET", path)
    return {name: value for name, value in found.items() if "@odata." not in name}


def _told(one: TaskResult) -> list[str]:
    """The sentences up to where blanks in expressions may differ."""
    assert one.status == "ok", one.result["msg"]
    said = one.result["changes"]
    assert len(said) == len(CHANGES), said
    assert all(text.startswith(start) for text, start in zip(said, CHANGES)), said
    return [str(text) for text in said]


def test_shorthand(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "active"}])]})
    simulator.quirks(schema_echo="noise")
    said = run_playbook([_template(**WISHES, backup=True, backup_dir=str(tmp_path), check_mode=True)], diff=True).last
    assert (simulator.writes(), list(tmp_path.iterdir())) == ([], [])
    done, again = run_playbook(
        [_template(**WISHES, backup=True, backup_dir=str(tmp_path)), _template(**WISHES)], diff=True
    ).tasks
    assert len(_told(said)) == len(_told(done))
    assert (said.changed, done.changed, again.changed, again.result["changes"]) == (True, True, False, [])
    assert done.result["changed_by_service"] == []
    (sent,) = puts(simulator)
    assert sent["path"].startswith("/v1.0/applications/")
    before = json.loads(Path(done.result["backup_file"]).read_text("utf-8"))
    assert altered(before, sent["body"]) == {
        f"customappsso / User / {DESK}",
        "User → User / displayName",
        "User → User / groups / Sales",
        "User → User / scope",
        "User → User / title",
        f"User → User / {DESK}",
    }
    # A job that there is keeps its own schema, so nobody has to allow what changes for the jobs to come.
    (job,) = synchronization(simulator)["jobs"].values()
    assert job["schema"] is None or "Sales" not in json.dumps(job["schema"])


def test_a_backup_is_put_back(simulator: Simulator, run_playbook: Run, tmp_path: Path) -> None:
    simulator.reset({"applications": [application()]})
    before = _schema(simulator)
    folder = str(tmp_path / "kept" / "here")
    run_playbook([_template(**WISHES, backup=True, backup_dir=folder)])
    (file,) = (tmp_path / "kept" / "here").iterdir()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    back = _template(schema=f"{{{{ lookup('ansible.builtin.file', '{file}') | from_json }}}}")
    first, second = run_playbook([back, back]).tasks
    assert (first.status, first.changed, second.changed) == ("ok", True, False)
    after = _schema(simulator)
    assert {**after, "version": None} == {**before, "version": None}
    absent = run_playbook([_template(**WISHES), _template(state="absent", backup=True, backup_dir=folder)]).last
    kept = json.loads(Path(absent.result["backup_file"]).read_text("utf-8"))
    assert DESK in json.dumps(kept)
    assert len(list((tmp_path / "kept" / "here").iterdir())) == 2


def test_a_portable_document_is_exact(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset(
        {"applications": [application(jobs=[{"template_id": "scim", "schema": example("customappsso_full")}])]}
    )
    simulator.quirks(schema_echo="noise")
    read = {"display_name": NAME, "gather": ["schema"], "portable": True}
    document = "{{ read.applications[0].schema[0].schema }}"
    _read, first, second = run_playbook(
        [
            {"entra.provisioning.sync_info": read, "register": "read"},
            _template(schema=document, substitutions={"Sales": "Board"}),
            _template(schema=document, substitutions={"Sales": "Board"}),
        ]
    ).tasks
    assert (first.status, first.changed, second.changed) == ("ok", True, False), first.result
    assert 'department EQUALS "Board"' in "; ".join(first.result["changes"])
    text = json.dumps(_schema(simulator))
    assert '"Board"' in text
    assert '"Sales"' not in text


def test_tests_and_typos_are_told_before_any_write(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [application()]})
    wrong = {"expression": "ToUpper([givenName])", "input": {"givenName": "Eva"}, "expect": "Eva"}
    cases = [
        ({"expression_tests": [wrong]}, ["1 of 1 expression tests failed", "expected 'Eva', got 'EVA'"]),
        ({**WISHES, "expression_tests": [wrong]}, ["expected 'Eva', got 'EVA'"]),
        (
            {"object_mappings": users({"target": "titel", "attribute": "jobTitle"})},
            ["no attribute 'titel'", "Nearest: title"],
        ),
        (
            {"object_mappings": users({"target": "title", "expression": "ToUper([jobTitle])"})},
            ["cannot parse this expression", "There is no function ToUper. Nearest: ToUpper", "nothing was written"],
        ),
    ]
    told = run_playbook([_template(**options, **how) for options, _says in cases for how in ({}, {"check_mode": True})])
    for number, one in enumerate(told.tasks):
        assert (one.status, one.changed) == ("ignored", False)
        check_message(one.result["msg"], cases[number // 2][1], answered=False)
    assert simulator.writes() == []


def test_what_somebody_else_writes_in_between_stays(simulator: Simulator, run_playbook: Run) -> None:
    """The second read of the schema gives what the first one gave no more."""
    simulator.reset({"applications": [application()]})
    other = example("customappsso_default")
    other["synchronizationRules"][0]["objectMappings"][0]["enabled"] = False
    theirs = {
        "match": {"method": "GET", "path": r"/applications/.*/schema$"},
        "skip": 1,
        "fault": "status",
        "status": 200,
    }
    simulator.faults([{**theirs, "body": {**other, "version": "theirs"}}])
    one = run_playbook([_template(**WISHES)]).last
    assert (one.status, one.changed) == ("ignored", False)
    check_message(
        one.result["msg"],
        ["Somebody else changed", "enabled: yes → no", "The changes of this task", DESK],
        answered=False,
    )
    assert simulator.writes() == []


def test_what_it_costs(simulator: Simulator, run_playbook: Run) -> None:
    simulator.reset({"applications": [application()]})
    app_id = next(one["appId"] for one in simulator.state()["servicePrincipals"] if one["displayName"] == NAME)
    options = {"app_id": app_id, "template_id": "scim", **WISHES}
    run = [{MODULE: options}, {MODULE: options}]
    assert run_playbook(run).rc == 0
    told = steps(simulator)
    find = [f"GET servicePrincipals(appId='{app_id}')", f"GET applications(appId='{app_id}')", "GET scim"]
    # Both expressions cost one request; the template is looked at again in the end.
    change = ["GET schema", "POST $batch", "GET schema", "PUT schema", "GET schema", "GET scim"]
    assert told == [*find, *change, *find, "GET schema"]
