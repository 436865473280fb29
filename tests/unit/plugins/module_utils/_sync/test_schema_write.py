# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A schema is not written over somebody else's change, kept where that is wanted, and read back."""

from __future__ import annotations

import copy
import json
import os
import pathlib
import stat
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import Difference
from ansible_collections.entra.provisioning.plugins.module_utils._sync import schema_write
from ansible_collections.entra.provisioning.plugins.modules import sync_schema
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, answer
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.schema_service import (
    JOB,
    NEVER_RAN,
    SCHEMA,
    Document,
    SchemaService,
    job,
)

DEFAULT = example("customappsso_default")
NO_TITLE = [{"source": "User", "attributes": [{"target": "title", "state": "absent"}]}]
CHANGE = "User → User / title: removed (was [jobTitle])"
WROTE = ["GET jobs", "GET schema", "GET schema", "PUT schema", "GET schema"]


def _edited(document: Document, target: str, **changes: t.Any) -> Document:
    """Return a document with another mapping of one target attribute."""
    other = copy.deepcopy(document)
    for mapping in other["synchronizationRules"][0]["objectMappings"]:
        for one in mapping["attributeMappings"]:
            if one["targetAttributeName"] == target:
                one.update(changes)
    return other


class Versions(SchemaService):
    """What a GET gives, one after the other; the last one again and again."""

    def __init__(self, *documents: Document, the_job: Document | None = None) -> None:
        super().__init__(documents[0], the_job=the_job)
        self.left = list(documents)
        self.routes["GET", SCHEMA] = lambda _request: self.left.pop(0) if len(self.left) > 1 else self.left[0]

    def puts(self) -> int:
        """How often a schema was written."""
        return self.http.verbs().count("PUT")


def test_somebody_elses_change_stops_the_write() -> None:
    theirs = {**_edited(DEFAULT, "userName", defaultValue="nobody"), "version": "v2"}
    service = Versions(DEFAULT, theirs)
    result = service.run(object_mappings=NO_TITLE)
    assert (result["failed"], result["changed"], service.puts()) == (True, False, 0)
    assert f"The changes of this task: {CHANGE}." in result["msg"]
    assert 'Their changes: User → User / userName / default: "nobody" (new).' in result["msg"]
    assert result["error"]["their_changes"] == ['User → User / userName / default: "nobody" (new)']


def test_their_change_stops_it_even_where_it_is_the_same() -> None:
    without = copy.deepcopy(DEFAULT)
    people = without["synchronizationRules"][0]["objectMappings"]
    for mapping in people:
        mapping["attributeMappings"] = [
            one for one in mapping["attributeMappings"] if one["targetAttributeName"] != "title"
        ]
    service = Versions(DEFAULT, {**without, "version": "v2"})
    assert service.run(object_mappings=NO_TITLE)["failed"] is True
    assert service.puts() == 0


def test_a_version_alone_stops_nothing() -> None:
    service = SchemaService(DEFAULT)
    count = iter(range(100))
    service.routes["GET", SCHEMA] = lambda _request: {**copy.deepcopy(service.schema), "version": f"v{next(count)}"}
    result = service.run(object_mappings=NO_TITLE)
    assert (result["changed"], result["changed_by_service"], service.calls()) == (True, [], WROTE)


def test_what_the_service_makes_of_it_is_told() -> None:
    service = SchemaService(DEFAULT)

    def put(request: Request) -> t.Any:
        service.schema = _edited(request.body, "userName", defaultValue="added")
        return answer(204)

    service.routes["PUT", SCHEMA] = put
    made = service.task(object_mappings=NO_TITLE)
    result = made.perform(sync_schema.run)
    assert result["changed"] is True
    assert [(one["type"], one["before"], one["after"]) for one in result["changed_by_service"]] == [
        ("mapping_changed", None, '"added"')
    ]
    assert 'changed by itself what was written: User → User / userName / default: "added" (new)' in made.warnings[0]
    assert len(made.warnings) == 1


def test_an_old_replica_is_waited_for() -> None:
    service = SchemaService(DEFAULT)
    stale = iter([DEFAULT, DEFAULT, DEFAULT, DEFAULT])
    service.routes["GET", SCHEMA] = lambda _request: copy.deepcopy(next(stale, service.schema))
    result = service.run(object_mappings=NO_TITLE)
    assert (result["changed"], result["changed_by_service"]) == (True, [])
    assert service.calls() == [*WROTE, "GET schema", "GET schema"]


def test_a_write_that_never_shows_tells_what_is_still_there() -> None:
    service = Versions(DEFAULT)
    result = service.run(object_mappings=NO_TITLE, timeout=30)
    assert (result["failed"], result["changed"]) == (True, True)
    assert "it cannot be seen, it is as before: User → User / title: [jobTitle] (new)." in result["msg"]
    # Once more where nothing happened.
    assert service.puts() == 2


RUNS = job("active_steady")


def test_the_pause_surrounds_everything_that_writes() -> None:
    service = SchemaService(copy.deepcopy(DEFAULT), the_job=RUNS)
    result = service.run(object_mappings=NO_TITLE, pause_around=True)
    assert service.calls() == [
        *("GET jobs", "GET schema", "POST pause", "GET scim.1"),
        *WROTE[2:],
        *("POST start", "GET scim.1"),
    ]
    assert result["changes"] == [
        "pause the synchronization job of the template scim",
        CHANGE,
        "start the synchronization job of the template scim",
    ]
    assert service.job["schedule"]["state"] == "Active"
    assert result["summary"]["object_mappings"]


@pytest.mark.parametrize("state", ["paused_by_admin", "created"])
def test_a_job_that_rests_is_left_alone(state: str) -> None:
    service = SchemaService(copy.deepcopy(DEFAULT), the_job=job(state))
    assert service.run(object_mappings=NO_TITLE, pause_around=True)["changes"] == [CHANGE]
    assert service.calls() == WROTE


def test_a_quarantine_is_not_lifted_by_the_way() -> None:
    service = SchemaService(copy.deepcopy(DEFAULT), the_job=job("quarantine_bad_credentials"))
    made = service.task(object_mappings=NO_TITLE, pause_around=True)
    result = made.perform(sync_schema.run)
    assert result["changes"] == [CHANGE]
    assert service.calls() == WROTE
    assert "is in quarantine and was not paused" in made.warnings[0]


def test_nothing_is_paused_for_nothing() -> None:
    service = SchemaService(copy.deepcopy(DEFAULT), the_job=RUNS)
    assert service.run(object_mappings=[], pause_around=True)["changed"] is False
    assert service.calls() == ["GET jobs", "GET schema"]


def test_the_job_starts_again_after_a_write_that_failed() -> None:
    service = SchemaService(copy.deepcopy(DEFAULT), the_job=RUNS)
    service.routes["PUT", SCHEMA] = answer(400, {"error": {"code": "Bad"}})
    result = service.run(object_mappings=NO_TITLE, pause_around=True)
    made = ["pause the synchronization job of the template scim", "start the synchronization job of the template scim"]
    assert service.calls()[-3:] == ["PUT schema", "POST start", "GET scim.1"]
    assert (result["failed"], result["error"]["changes_made"]) == (True, made)
    assert service.job["schedule"]["state"] == "Active"


def test_the_job_starts_again_after_somebody_elses_change() -> None:
    theirs = {**_edited(DEFAULT, "userName", defaultValue="nobody"), "version": "v2"}
    service = Versions(DEFAULT, theirs, the_job=RUNS)
    assert service.run(object_mappings=NO_TITLE, pause_around=True)["failed"] is True
    assert service.calls()[-5:] == ["POST pause", "GET scim.1", "GET schema", "POST start", "GET scim.1"]


def test_a_start_that_fails_too_is_told_with_the_first_failure() -> None:
    service = SchemaService(copy.deepcopy(DEFAULT), the_job=RUNS)
    service.routes["PUT", SCHEMA] = answer(400, {"error": {"code": "First"}})
    service.routes["POST", f"{JOB}/start"] = answer(400, {"error": {"code": "Second"}})
    result = service.run(object_mappings=NO_TITLE, pause_around=True)
    assert "the service answered 400 First" in result["msg"]
    assert "Nor was it possible to start the synchronization job of the template scim" in result["msg"]
    assert "400 Second" in result["msg"]
    assert result["error"]["changes_made"] == ["pause the synchronization job of the template scim"]


def test_a_job_that_cannot_be_paused_is_not_written_to() -> None:
    service = SchemaService(copy.deepcopy(DEFAULT), the_job=RUNS)
    service.routes["POST", f"{JOB}/pause"] = answer(400, {"error": {"code": "Bad"}})
    result = service.run(object_mappings=NO_TITLE, pause_around=True)
    assert (result["failed"], result["changed"]) == (True, False)
    assert service.calls() == ["GET jobs", "GET schema", "POST pause"]


def _name(number: int) -> Difference:
    return Difference(("schema", str(number)), "1", "2", "mapping", "property_changed")


@pytest.mark.parametrize(("count", "more"), [(1, ""), (10, ""), (11, "; and 1 more"), (500, "; and 490 more")])
def test_the_first_of_many_are_told(count: int, more: str) -> None:
    text = schema_write.told([_name(number) for number in range(count)])
    assert text.count("1 → 2") == min(count, 10)
    assert text.endswith(more or "1 → 2")


def _mode(path: str | pathlib.Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_kept_schema_is_its_owners_and_whole(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "new" / "backup"
    path = schema_write.keep({"id": "Größe"}, str(folder), "Contoso (SCIM)/übung.scim.1")
    assert (_mode(path), _mode(folder)) == (0o600, 0o700)
    text = pathlib.Path(path).read_text(encoding="utf-8")
    assert json.loads(text) == {"id": "Größe"}
    assert text.endswith("}\n")
    assert "Größe" in text
    name = pathlib.Path(path).name
    assert name.startswith("Contoso_SCIM_bung.scim.1.20")
    assert name.endswith("Z.json")


def test_several_in_one_second_do_not_overwrite_one_another(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema_write.time, "strftime", lambda *_given: "20260101T000000Z")
    paths = [schema_write.keep({"number": number}, str(tmp_path), "x") for number in range(3)]
    assert [pathlib.Path(one).name for one in paths] == [
        "x.20260101T000000Z.json",
        "x.20260101T000000Z.1.json",
        "x.20260101T000000Z.2.json",
    ]
    assert [json.loads(pathlib.Path(one).read_text())["number"] for one in paths] == [0, 1, 2]


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: pathlib.Path) -> None:
    tmp_path.chmod(0o750)
    schema_write.keep({}, str(tmp_path), "x")
    assert _mode(tmp_path) == 0o750


def test_what_cannot_be_kept_is_not_overwritten(tmp_path: pathlib.Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("x")
    service = SchemaService(copy.deepcopy(DEFAULT))
    result = service.run(object_mappings=NO_TITLE, backup=True, backup_dir=str(taken))
    assert (result["failed"], result["changed"]) == (True, False)
    assert f"could not be kept in the folder {taken}" in result["msg"]
    assert "backup_dir" in result["msg"]
    assert "PUT" not in service.http.verbs()


def test_the_backup_is_what_was_there(tmp_path: pathlib.Path) -> None:
    service = SchemaService(copy.deepcopy(DEFAULT), the_job=NEVER_RAN)
    backup = {"backup": True, "backup_dir": str(tmp_path)}
    assert "backup_file" not in service.run(check_mode=True, object_mappings=NO_TITLE, **backup)
    assert list(tmp_path.iterdir()) == []
    result = service.run(object_mappings=NO_TITLE, **backup)
    assert json.loads(pathlib.Path(result["backup_file"]).read_text()) == DEFAULT
    assert "backup_file" not in service.run(object_mappings=NO_TITLE, **backup)
    assert len(list(tmp_path.iterdir())) == 1
    assert service.run(schema=json.loads(pathlib.Path(result["backup_file"]).read_text()))["changed"] is True
    assert service.schema["synchronizationRules"] == DEFAULT["synchronizationRules"]


def test_differences_in_one_line() -> None:
    found = [_name(one) for one in range(12)]
    assert schema_write.told(found[:2]) == f"{schema_write.said(found[0])}; {schema_write.said(found[1])}"
    assert schema_write.told(found[:10]).count("; ") == 9
    assert schema_write.told(found).endswith("; and 2 more")
    assert schema_write.told(found).count("; ") == 10
    assert schema_write.told([]) == ""
