# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans are carried out exactly, and what went wrong is told exactly."""

from __future__ import annotations

import json
import typing as t

import pytest
import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.entra.provisioning.plugins.module_utils._graph.endpoint import Endpoint
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import (
    GraphError,
    ProvisioningError,
    Unconfirmed,
)
from ansible_collections.entra.provisioning.plugins.module_utils._options import CREDENTIALS, arguments
from ansible_collections.entra.provisioning.plugins.module_utils._task import (
    NOT_REPEATED,
    RESTORING,
    Change,
    Outcome,
    Task,
    difference,
)
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task

MAKE = Endpoint("make it", "POST", "/things", "P", repeatable=False)
START = Endpoint("start {id}", "POST", "/things/{id}/start", "P")
SET = Endpoint("set it", "PUT", "/settings", "P")
ARGUMENTS = arguments(CREDENTIALS, hidden={"type": "str", "no_log": True})
BROKEN = requests.exceptions.ConnectionError("reset")
OK, FAILS = answer(200, {"id": "real"}), answer(400, {"error": {"code": "Bad"}})


def _task(*steps: t.Any, check_mode: bool = False, **params: t.Any) -> tuple[Task, ScriptedHttp]:
    http = ScriptedHttp(*steps)
    return task(ARGUMENTS, http, check_mode=check_mode, **params), http


def _change(name: str, call: t.Any = None, **more: t.Any) -> Change:
    return Change(name, None, "there", call, says=f"do {name}", **more)


PLAN = [_change("a"), _change("b", SET.call()), _change("c"), _change("d", SET.call())]


def test_check_mode_sends_nothing() -> None:
    made, http = _task(OK, check_mode=True)
    outcome = made.carry_out(PLAN, record=lambda _seen: pytest.fail("read"), planned={"job": None})
    assert http.sent == []
    assert (outcome.changed, outcome.result) == (True, {"changes": ["do a", "do b", "do c", "do d"], "job": None})


def test_an_empty_plan_sends_nothing() -> None:
    made, http = _task(OK)
    outcome = made.carry_out([], record=lambda _seen: pytest.fail("read"), planned={"job": 1})
    assert http.sent == []
    assert (outcome.changed, outcome.result) == (False, {"changes": [], "job": 1})


def test_a_run_says_what_check_mode_said() -> None:
    planned = _task(OK, check_mode=True)[0].carry_out(PLAN, record=lambda _seen: {})
    done = _task(OK)[0].carry_out(PLAN, record=lambda _seen: {})
    assert planned == done


def test_every_call_is_made_once_in_order() -> None:
    made, http = _task(OK)
    made.carry_out([_change("a", MAKE.call()), _change("b", SET.call())], record=lambda _seen: {})
    assert [(one.method, one.path) for one in http.sent] == [("POST", "/things"), ("PUT", "/settings")]


def test_the_id_of_what_was_made_goes_into_later_calls() -> None:
    made, http = _task(OK)
    plan = [_change("a", MAKE.call(), gives="<new>"), _change("b", START.call(id="<new>"))]
    made.carry_out(plan, record=lambda _seen: {})
    assert http.sent[1].path == "/things/real/start"
    assert made.graph.memory.is_fresh(["real"])


@pytest.mark.parametrize("body", [None, {}, {"id": None}, []])
def test_an_answer_without_an_id_is_told(body: t.Any) -> None:
    made, http = _task(answer(201, body))
    plan = [_change("a", MAKE.call(), gives="<new>"), _change("b", START.call(id="<new>"))]
    with pytest.raises(ProvisioningError, match="names nothing that was made"):
        made.carry_out(plan, record=lambda _seen: {})
    assert len(http.sent) == 1


def test_the_record_is_made_of_what_the_last_change_saw() -> None:
    made, _http = _task(OK)
    plan = [_change("a", SET.call(), then=lambda _answer: "first"), _change("b", SET.call(), then=lambda body: body)]
    assert made.carry_out(plan, record=lambda seen: {"record": seen}).result["record"] == {"id": "real"}


def _failure(plan: list[Change], *steps: t.Any, record: t.Any = lambda _seen: {}) -> dict[str, t.Any]:
    made, _http = _task(*steps)
    return made.perform(lambda one: one.carry_out(plan, record=record))


@pytest.mark.parametrize(
    ("plan", "steps", "count"),
    [
        (PLAN, [FAILS], 0),
        (PLAN, [OK, FAILS], 2),
        ([_change("a", SET.call()), _change("b", SET.call()), _change("c", SET.call())], [OK, FAILS], 1),
        ([_change("a", SET.call()), _change("b", SET.call()), _change("c", SET.call())], [OK, OK, FAILS], 2),
    ],
)
def test_a_failure_counts_what_was_made(plan: list[Change], steps: list[t.Any], count: int) -> None:
    result = _failure(plan, *steps)
    made = [change.sentence for change in plan[:count]]
    assert (result["failed"], result["changed"]) == (True, bool(count))
    assert result["error"].get("changes_made", []) == made
    expected = f"{count} of {len(plan)} changes were made: {'; '.join(made)}. Then it failed."
    assert result["msg"].startswith(expected) is bool(count)
    assert "Could not set it: the service answered 400 Bad" in result["msg"]


def _out_of_time(_seen: t.Any) -> t.NoReturn:
    raise ProvisioningError("Gave up.")


def test_a_change_that_cannot_be_seen_was_made_all_the_same() -> None:
    result = _failure([_change("a", SET.call(), then=_out_of_time), _change("b", SET.call())], OK)
    assert (result["changed"], result["error"]["changes_made"]) == (True, ["do a"])


def test_a_record_that_cannot_be_read_does_not_hide_the_changes() -> None:
    result = _failure([_change("a", SET.call())], OK, record=_out_of_time)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["msg"] == "1 of 1 changes were made: do a. Then it failed. Gave up."


def test_a_lost_answer_is_looked_after() -> None:
    made, http = _task(BROKEN, OK)
    plan = [
        _change("a", MAKE.call(), gives="<new>", look=lambda: {"id": "found"}),
        _change("b", START.call(id="<new>")),
    ]
    outcome = made.carry_out(plan, record=lambda _seen: {})
    assert outcome.changed
    assert [one.path for one in http.sent] == ["/things", "/things/found/start"]


@pytest.mark.parametrize(("look", "sent"), [(None, 1), (lambda: None, 2)])
def test_a_lost_answer_without_a_trace_is_told(look: t.Any, sent: int) -> None:
    """With a look that finds nothing it is sent once more; without one nobody knows whether that does it twice."""
    made, http = _task(BROKEN)
    with pytest.raises(Unconfirmed):
        made.carry_out([_change("a", MAKE.call(), look=look)], record=lambda _seen: {})
    assert len(http.sent) == sent


def test_a_refusal_is_not_looked_after() -> None:
    made, _http = _task(FAILS)
    with pytest.raises(GraphError):
        made.carry_out([_change("a", MAKE.call(), look=lambda: pytest.fail("looked"))], record=lambda _seen: {})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change("userName", "[mail]", "[userPrincipalName]", None), "userName: [mail] → [userPrincipalName]"),
        (Change("title", None, "[title]", None), "title: [title] (new)"),
        (Change("title", "[title]", None, None), "title: removed (was [title])"),
        (Change("x", "1", "2", None, says="say so"), "say so"),
    ],
)
def test_a_change_in_one_line(change: Change, sentence: str) -> None:
    assert change.sentence == sentence


def test_the_diff_has_a_line_per_change() -> None:
    plan = [Change("a", "1", "2", None), Change("b", None, "new", None), Change("c", "old", None, None)]
    assert difference(plan, "the job") == {
        "before_header": "the job",
        "after_header": "the job",
        "before": "a: 1\nc: old\n",
        "after": "a: 2\nb: new\n",
    }
    assert difference([])["before"] == difference([])["after"] == ""


def test_the_diff_is_returned_only_where_it_is_asked_for() -> None:
    made, _http = _task(OK)
    outcome = Outcome(True, {}, {"before": "", "after": "x"})
    assert made.perform(lambda _task: outcome)["diff"] == outcome.diff
    made.diff_mode = False
    assert "diff" not in made.perform(lambda _task: outcome)


def test_no_secret_leaves_with_a_result_or_a_failure() -> None:
    def run(one: Task) -> Outcome:
        one.warn("careful with hidden-1")
        return Outcome(True, {"changes": ["hidden-1"], "hidden-1": [{"x": "y hidden-1"}]}, {"after": "hidden-1"})

    def fail(_task: Task) -> Outcome:
        raise ProvisioningError("The target says hidden-1.", body={"a": "hidden-1"})

    made, _http = _task(OK, hidden="hidden-1")
    told = json.dumps([made.perform(run), made.warnings, made.perform(fail)])
    assert "hidden-1" not in told
    assert "careful with" in told


def test_a_failure_carries_its_facts() -> None:
    result = _failure([_change("a", SET.call())], FAILS)
    assert result["error"]["status"] == 400
    assert result["error"]["code"] == "Bad"
    assert (result["error"]["method"], result["error"]["path"]) == ("PUT", "/settings")
    assert "inner_code" not in result["error"]


def test_the_invocation_is_recorded_without_secrets() -> None:
    made, _http = _task(OK, hidden="hidden-1", tenant_id="t")
    invocation = made.perform(lambda _task: Outcome())["invocation"]["module_args"]
    assert invocation["tenant_id"] == "t"
    assert "hidden-1" not in json.dumps(invocation)
    assert invocation["access_token"] != "token"


def test_what_comes_first_is_done_right_before_the_request() -> None:
    made, http = _task(OK)
    seen: list[list[str]] = []
    plan = [_change("a", MAKE.call()), _change("b", SET.call(), first=lambda: seen.append(http.verbs()))]
    made.carry_out(plan, record=lambda _seen: {})
    assert seen == [["POST"]]
    assert http.verbs() == ["POST", "PUT"]


def test_a_request_is_not_made_where_what_comes_first_refuses() -> None:
    made, http = _task(OK)

    def refuse() -> None:
        raise ProvisioningError("Not so.")

    plan = [_change("a", MAKE.call()), _change("b"), _change("c", SET.call(), first=refuse)]
    result = made.perform(lambda one: one.carry_out(plan, record=lambda _seen: {}))
    assert http.verbs() == ["POST"]
    assert result["error"]["changes_made"] == ["do a"]


def test_nothing_comes_first_in_check_mode() -> None:
    plan = [_change("a", SET.call(), first=lambda: pytest.fail("done"), always=True)]
    assert _task(OK, check_mode=True)[0].carry_out(plan, record=lambda _seen: {}).changed is True


REST, WAKE = Endpoint("rest", "POST", "/rest", "P"), Endpoint("wake", "POST", "/wake", "P", repeatable=False)


def _surrounded(**more: t.Any) -> list[Change]:
    """Something between a change and the one that undoes it."""
    return [_change("rest", REST.call()), _change("set", SET.call(), **more), _change("wake", WAKE.call(), always=True)]


def _run(plan: list[Change], *steps: t.Any) -> tuple[dict[str, t.Any], list[str]]:
    made, http = _task(*steps)
    result = made.perform(lambda one: one.carry_out(plan, record=lambda _seen: {}))
    return result, [one.path for one in http.sent]


def test_what_undoes_is_made_once_where_all_goes_well() -> None:
    result, paths = _run(_surrounded(), OK)
    assert (result["changed"], paths) == (True, ["/rest", "/settings", "/wake"])


@pytest.mark.parametrize(
    ("plan", "steps", "paths", "made"),
    [
        (_surrounded(), [OK, FAILS, OK], ["/rest", "/settings", "/wake"], ["do rest", "do wake"]),
        (_surrounded(first=lambda: _out_of_time(None)), [OK], ["/rest", "/wake"], ["do rest", "do wake"]),
        (_surrounded(then=_out_of_time), [OK], ["/rest", "/settings", "/wake"], ["do rest", "do set", "do wake"]),
        # Nothing was done yet that would have to be undone.
        (_surrounded(), [FAILS], ["/rest"], []),
        # What undoes was refused itself: the same once more would be refused again.
        (_surrounded(), [OK, OK, FAILS], ["/rest", "/settings", "/wake"], ["do rest", "do set"]),
        (_surrounded(), [OK, OK, BROKEN], ["/rest", "/settings", "/wake"], ["do rest", "do set"]),
    ],
)
def test_what_undoes_is_made_after_a_failure_too(
    plan: list[Change], steps: list[t.Any], paths: list[str], made: list[str]
) -> None:
    result, sent = _run(plan, *steps)
    assert (result["failed"], sent) == (True, paths)
    assert result["error"].get("changes_made", []) == made
    assert "Nor was it possible" not in result["msg"]


@pytest.mark.parametrize(("step", "uncertain"), [(FAILS, False), (BROKEN, True)])
def test_where_the_first_change_may_have_been_made_it_says_how_to_undo_it(step: t.Any, uncertain: bool) -> None:
    result, paths = _run(_surrounded(), step)
    assert set(paths) == {"/rest"}
    assert result["msg"].endswith(" If that took effect nevertheless: do wake.") is uncertain


def test_both_failures_are_told() -> None:
    result, paths = _run(_surrounded(), OK, FAILS, answer(409, {"error": {"code": "Worse"}}))
    assert paths == ["/rest", "/settings", "/wake"]
    assert result["error"]["changes_made"] == ["do rest"]
    assert "Could not set it: the service answered 400 Bad" in result["msg"]
    assert "Nor was it possible to do wake: Could not wake: the service answered 409 Worse" in result["msg"]
    assert result["error"]["code"] == "Bad"


def test_there_is_time_to_undo_where_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    made, http = _task(OK, timeout=30)
    left: list[float] = []

    def too_long(_answer: t.Any) -> None:
        made.deadline.sleep(made.deadline.left - 0.001, "dawdling")
        made.deadline.sleep(1, "dawdling")

    wake = _change("wake", WAKE.call(), always=True)
    plan = [_change("set", SET.call(), then=too_long), wake]
    plain = http.request

    def request(*given: t.Any, **more: t.Any) -> t.Any:
        left.append(more["deadline"].left)
        return plain(*given, **more)

    monkeypatch.setattr(http, "request", request)
    result = made.perform(lambda one: one.carry_out(plan, record=lambda _seen: {}))
    assert "while dawdling" in result["msg"]
    assert result["error"]["changes_made"] == ["do set", "do wake"]
    assert left[1] == pytest.approx(RESTORING)


def test_a_note_ends_the_diff_of_a_plan_only() -> None:
    plan = [Change("a", "1", None, None), Change("b", "1", "2", None)]
    assert difference(plan, "the job", "it costs")["after"] == "b: 2\n# it costs\n"
    assert difference([], "the job", "it costs")["after"] == ""
    assert difference(plan, "the job")["after"] == "b: 2\n"
    made, _http = _task(OK, check_mode=True)
    diff = made.carry_out(plan, record=lambda _seen: {}, note="it costs").diff
    assert diff is not None
    assert diff["after"].endswith("# it costs\n")


def test_whoever_watches_reads_no_secret() -> None:
    checked = ArgumentSpecValidator(ARGUMENTS.spec).validate({"hidden": "the hidden one"}).validated_parameters
    made = Task(ARGUMENTS, checked, check_mode=False)
    made.deadline.progress("nobody reads this")
    lines: list[str] = []
    made.progress = lines.append
    made.deadline.progress("Contoso SCIM: waiting for the hidden one, 12 s")
    assert lines == ["Contoso SCIM: waiting for ********, 12 s"]


def test_data_of_people_is_not_repeated() -> None:
    about = arguments(CREDENTIALS, people={"type": "list", "elements": "dict"}, personal=("people",))
    assert about.personal == ("people",)
    for given, told in (([{"name": "Ada"}], NOT_REPEATED), ([], [])):
        result = task(about, ScriptedHttp(OK), people=given).perform(lambda _task: Outcome())
        assert result["invocation"]["module_args"]["people"] == told


class Surprise(RuntimeError):
    """What nobody expects."""


def test_a_fault_of_the_collection_is_one_honest_sentence() -> None:
    def run(_task: Task) -> Outcome:
        raise Surprise("the value hidden-1 is odd")

    made, _http = _task(OK, hidden="hidden-1")
    result = made.perform(run)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"].startswith(
        "The task came upon something that this collection does not expect (Surprise: the value ******** is odd, at "
    )
    # Under ansible-test this file is one of the collection's too.
    assert result["error"]["places"][0].startswith("plugins/module_utils/_task.py:")
    assert "Please report" in result["msg"]
    assert result["error"]["unexpected"] == "Surprise"
    assert "exception" not in result


def test_a_fault_after_a_change_tells_of_the_change() -> None:
    def then(_answer: t.Any) -> None:
        raise Surprise("odd")

    result = _failure([_change("a", SET.call(), then=then)], OK)
    assert result["changed"] is True
    assert result["msg"].startswith("1 of 1 changes were made: ")
    assert result["error"]["changes_made"]
    assert "does not expect (Surprise: odd" in result["msg"]
