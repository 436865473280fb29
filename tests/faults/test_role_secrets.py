# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles that write credentials, given every kind of token beside every kind of change.

A role always has the token tried. So afterwards the token that works is still stored, or nothing was written and the
message says why; and a write carries what check mode said.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults import secret_cases
from tests.faults.secret_cases import Combination
from tests.harness.playbook import Result, TaskResult, run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

WRITES = {
    "onboard": "Validate the credentials and write them with the settings",
    "rotate_credentials": "Try the new credentials, write them, and try the stored ones",
}
# What each role has options for.
KINDS = {
    "onboard": ("nothing", "delete_threshold", "notification", "skip_out_of_scope_deletions", "scope", "plain"),
    "rotate_credentials": ("nothing", "plain"),
}
UPDATES = {"onboard": ("on_create", "always"), "rotate_credentials": ("on_change", "always")}


def _cases(role: str) -> list[Combination]:
    return [
        Combination(token, kind, update, None)
        for token in secret_cases.TOKENS
        for kind in KINDS[role]
        for update in UPDATES[role]
        # One is enough for rotate_credentials to refuse them all: the next test.
        if token != "empty" or role == "onboard"
    ]


def _entry(simulator: Simulator, role: str, case: Combination) -> dict[str, Any]:
    return {
        "display_name": case.name,
        "secrets": {"SecretToken": secret_cases.token(simulator, case)},
        "update_secrets": case.update,
        **({"start": False} if role == "onboard" else {}),
        **secret_cases.kinds(simulator)[case.kind][0],
    }


def _run(simulator: Simulator, role: str, cases: list[Combination], check: bool) -> Result:
    entries = [_entry(simulator, role, case) for case in cases]
    variables = {f"{role}_applications": entries}
    return run_playbook(
        f"entra.provisioning.{role}", extra_vars=variables, env=simulator.environment(), check=check, diff=True
    )


def _written(result: Result, role: str) -> list[TaskResult]:
    """The task that writes, once for each application that got there, in their order."""
    return [one for one in result.tasks if one.name.endswith(f": {WRITES[role]}")]


@pytest.mark.parametrize(
    ("role", "step"),
    mostly(
        [("onboard", 15), ("rotate_credentials", 5), ("onboard", 1), ("rotate_credentials", 1)],
        [("onboard", 15), ("rotate_credentials", 5)],
        "All of the combinations of which make test takes some.",
    ),
)
def test_no_token_that_does_not_work_is_written(simulator: Simulator, role: str, step: int) -> None:
    cases = _cases(role)[::step]
    secret_cases.tenant(simulator, *cases)
    before, mark = secret_cases.bags(simulator), simulator.mark()
    planned = _run(simulator, role, cases, check=True)
    assert simulator.writes(mark) == []
    done = _run(simulator, role, cases, check=False)
    puts, after = secret_cases.carried(simulator, mark), secret_cases.bags(simulator)
    said = str(done.last.result["msg"])
    # What is refused before the first request does not get to the task that writes.
    reached = [case for case in cases if case.token != "empty"]
    assert len(reached) < len(cases) or role == "rotate_credentials"
    plans, results = _written(planned, role), _written(done, role)
    assert len(plans) == len(results) == len(reached)
    for case, plan, result in zip(reached, plans, results):
        assert after[case.name]["SecretToken"] == before[case.name]["SecretToken"], case
        assert (plan.status, plan.result.get("changes")) == (result.status, result.result.get("changes")), case
        if result.status == "failed":
            assert case.token in ("stale", "wrong"), (case, result.result["msg"])
            assert (case.name in puts, after[case.name]) == (False, before[case.name]), case
            assert "Nothing was written, and the stored ones were left alone." in result.result["msg"]
            assert f"{case.name}: the step" in said
        else:
            expected = [secret_cases.predicted(simulator, case, plan.result)] if result.result["changes"] else []
            assert puts.get(case.name, []) == expected, case
    for case in set(cases) - set(reached):
        assert (case.name in puts, after[case.name]) == (False, before[case.name])
    assert ("secrets takes no empty value, as SecretToken has" in said) is (len(reached) < len(cases))
    assert puts


def test_an_empty_token_stops_a_rotation_before_the_first_request(simulator: Simulator) -> None:
    cases = [Combination("right", "nothing", "always", None), Combination("empty", "nothing", "always", None)]
    secret_cases.tenant(simulator, *cases)
    mark = simulator.mark()
    for check in (True, False):
        result = _run(simulator, "rotate_credentials", cases, check)
        assert result.rc == 2
        assert "SecretToken" in result.last.result["msg"]
    assert simulator.requests(mark) == []


@pytest.mark.parametrize("role", ["onboard", "rotate_credentials"])
@pytest.mark.parametrize("check", mostly([True, False], [False], "The plan of the same."))
def test_a_common_token_never_goes_to_the_address_of_an_entry(simulator: Simulator, role: str, check: bool) -> None:
    """The address of an entry may be somebody else's; the token of the others would be tried there."""
    case = Combination("right", "nothing", "always", None)
    secret_cases.tenant(simulator, case)
    before, mark = secret_cases.bags(simulator), simulator.mark()
    elsewhere = simulator.ready["scim"]["base_address"].replace("127.0.0.1", "localhost")
    entry = {"display_name": case.name, "settings": {"BaseAddress": elsewhere}}
    variables = {f"{role}_applications": [entry], f"{role}_secrets": {"SecretToken": "the-token-of-all-the-others"}}
    if role == "onboard":
        variables["onboard_start"] = False
    result = run_playbook(f"entra.provisioning.{role}", extra_vars=variables, env=simulator.environment(), check=check)
    sent = str([one["body"] for one in simulator.requests(mark)])
    assert secret_cases.digest("the-token-of-all-the-others") not in sent
    assert "the-token-of-all-the-others" not in sent + result.output
    assert secret_cases.bags(simulator)[case.name]["SecretToken"] == before[case.name]["SecretToken"]
