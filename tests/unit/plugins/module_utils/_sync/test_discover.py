# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking the target which attributes it has."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._sync.actions import discover
from ansible_collections.entra.provisioning.plugins.modules import sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task
from ansible_collections.entra.provisioning.tests.unit.examples import example

SP = "11111111-1111-1111-1111-111111111111"
JOB: dict[str, t.Any] = example("job_examples")["active_steady"]
PATH = f"/servicePrincipals/{SP}/synchronization/jobs/{JOB['id']}"
SCHEMA = example("customappsso_default")
TARGET = SCHEMA["directories"][1]
URL = f"{PATH}/schema/directories/{TARGET['id']}/discover"


def _fresh(name: str = "nickName") -> dict[str, t.Any]:
    """The target's definition as it may be discovered: with one attribute more, and new stamps."""
    fresh = copy.deepcopy(TARGET)
    fresh.update(discoveryDateTime="2026-11-05T00:00:00Z", version="Date:2026")
    if name:
        fresh["objects"][0]["attributes"].append(
            {**fresh["objects"][0]["attributes"][0], "name": name, "anchor": False}
        )
    return fresh


def _run(
    fresh: dict[str, t.Any], *, keeps: bool = True, check_mode: bool = False, **params: t.Any
) -> tuple[dict[str, t.Any], ScriptedHttp, t.Any]:
    asked: list[t.Any] = []

    def schema(_request: t.Any) -> dict[str, t.Any]:
        known = [SCHEMA["directories"][0], fresh if asked and keeps else TARGET]
        return {**SCHEMA, "directories": known}

    def found(request: t.Any) -> t.Any:
        asked.append(request)
        return answer(200, fresh)

    http = ScriptedHttp(routes={("GET", PATH): JOB, ("GET", f"{PATH}/schema"): schema, ("POST", URL): found})
    made = task(
        sync_job_action.ARGUMENTS,
        http,
        check_mode=check_mode,
        service_principal_id=SP,
        job_id=JOB["id"],
        action="discover",
        **params,
    )
    return made.perform(sync_job_action.run), http, made


@pytest.mark.parametrize("directory", [None, "target", TARGET["name"]])
def test_what_is_new_is_told(directory: str | None) -> None:
    result, http, _made = _run(_fresh(), directory=directory)
    assert result["changed"] is True
    assert result["directory"] == TARGET["name"]
    assert [one["type"] for one in result["differences"]] == ["attribute_definition_added"]
    assert "nickName" in result["changes"][0]
    assert "nickName" in result["diff"]["after"]
    assert http.verbs() == ["GET", "GET", "POST", "GET"]


def test_new_stamps_are_no_change() -> None:
    result, _http, _made = _run(_fresh(""))
    assert (result["changed"], result["differences"], result["changes"]) == (False, [], [])


def test_a_discovery_that_is_not_kept_is_no_change_but_a_warning() -> None:
    result, _http, made = _run(_fresh(), keeps=False)
    assert (result["changed"], len(result["differences"])) == (False, 1)
    assert "did not keep them" in made.warnings[0]


def test_check_mode_chooses_and_calls_nothing() -> None:
    result, http, _made = _run(_fresh(), check_mode=True)
    assert result["changes"] == [f"discover the attributes of the directory {TARGET['name']}"]
    assert result["changed"] is True
    assert "POST" not in http.verbs()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("source", "its discoverabilities are None"),
        ("Azure Active Directory", "its discoverabilities are None"),
        ("elsewhere", "no directories that 'elsewhere' can mean; it has Azure Active Directory, customappsso"),
    ],
)
def test_what_cannot_be_discovered_is_refused(wanted: str, words: str) -> None:
    for check_mode in (False, True):
        result, http, _made = _run(_fresh(), directory=wanted, check_mode=check_mode)
        assert result["failed"] is True
        assert words in result["msg"]
        assert "POST" not in http.verbs()


def test_a_choice_is_left_to_the_admin() -> None:
    both = [{**one, "discoverabilities": "AttributeNames"} for one in SCHEMA["directories"]]
    with pytest.raises(BadInput, match="Say which one with the option directory"):
        discover.chosen({**SCHEMA, "directories": both}, None)
    assert discover.chosen({**SCHEMA, "directories": both}, "source")["name"] == "Azure Active Directory"
    with pytest.raises(BadInput, match="There is nothing to discover"):
        discover.chosen(example("api2aad_inbound"), None)


def test_what_can_be_chosen_word_for_word() -> None:
    both = {**SCHEMA, "directories": [{**one, "discoverabilities": "AttributeNames"} for one in SCHEMA["directories"]]}
    fixed = {**SCHEMA, "directories": [{**one, "discoverabilities": None} for one in SCHEMA["directories"]]}
    told = {}
    for name, schema, wanted in (
        ("both", both, None),
        ("none", fixed, None),
        ("other", both, "elsewhere"),
        ("fixed", SCHEMA, "source"),
        ("all fixed", fixed, "target"),
    ):
        with pytest.raises(BadInput) as caught:
            discover.chosen(schema, wanted)
        told[name] = caught.value.message
    names = "Azure Active Directory, customappsso"
    fact = "cannot be discovered: its discoverabilities are None, so its attributes are those of the template."
    assert told == {
        "both": f"The job reads and writes {names}. Of these, {names} can be discovered. Say which one with the option "
        "directory.",
        "none": f"The job reads and writes {names}. Of these, none of them can be discovered. There is nothing to "
        "discover.",
        "other": f"The job has no directories that 'elsewhere' can mean; it has {names}.",
        "fixed": f"The directory Azure Active Directory {fact} Of the job's directories, customappsso can be "
        "discovered.",
        "all fixed": f"The directory customappsso {fact} Of the job's directories, none of them can be discovered.",
    }
