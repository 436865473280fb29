# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every combination of a token, a change of settings and the options that decide what is written and tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults import secret_cases
from tests.faults.cases import nameless
from tests.faults.secret_cases import Combination
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

Run = Callable[..., Result]

# What the service does, what the option says of it, and how many of the combinations are left out between two.
KNOWN = mostly(
    [("replace", "unknown", 7), ("replace", "unknown", 1), ("merge", "merge", 1)],
    [("replace", "unknown", 7)],
    "All of the combinations of which make test takes some.",
)


def _task(simulator: Simulator, case: Combination, put: str) -> dict[str, Any]:
    token = secret_cases.token(simulator, case)
    # Somebody kept the fingerprint of the given token, and another one was stored in the portal since.
    kept = {"fingerprint": secret_cases.fingerprint(token)} if case.update == "on_change" else {}
    options = {
        "display_name": case.name,
        "secrets": {"SecretToken": token},
        "update_secrets": case.update,
        "secrets_put": put,
        **({} if case.validate is None else {"validate": case.validate}),
        **kept,
        **secret_cases.kinds(simulator)[case.kind][0],
    }
    return {"name": case.name, "entra.provisioning.sync_secrets": options, "ignore_errors": True}


@pytest.mark.parametrize(("does", "said", "step"), KNOWN)
def test_what_check_mode_says_is_what_is_written_and_the_job_stays_healthy(
    does: str, said: str, step: int, simulator: Simulator, run_playbook: Run
) -> None:
    cases = list(secret_cases.combinations(simulator))[::step]
    secret_cases.tenant(simulator, *cases)
    simulator.quirks(secrets_put=does)
    tasks = [_task(simulator, case, said) for case in cases]
    mark = simulator.mark()
    plans = run_playbook(tasks, check=True, diff=True)
    assert simulator.writes(mark) == []
    done = run_playbook(tasks, diff=True)
    puts, bags = secret_cases.carried(simulator, mark), secret_cases.bags(simulator)
    assert len(done.tasks) == len(cases)
    wrong = {}
    for case in cases:
        planned, result = (run.task(case.name).result for run in (plans, done))
        found = _wrong(simulator, case, planned, result, puts.get(case.name, []), bags[case.name])
        if found:
            wrong[case.name] = found
    assert wrong == {}
    assert len(puts) > len(cases) // 4


def _wrong(
    simulator: Simulator,
    case: Combination,
    planned: dict[str, Any],
    result: dict[str, Any],
    puts: list[dict[str, str]],
    bag: dict[str, str],
) -> str:
    """What is wrong with the outcome of a combination, "" if nothing is."""
    for key in ("changed", "changes", "diff", "failed", "not_compared", "validated"):
        if planned.get(key) != result.get(key):
            return f"check mode has another {key}: {planned.get(key)}, {result.get(key)}"
    if nameless(planned.get("msg", "")) != nameless(result.get("msg", "")):
        return f"check mode has another message: {planned.get('msg')}"
    before = {key: secret_cases.digest(text) for key, text in secret_cases.stored(simulator).items()}
    if case.token == "empty" and "SecretToken is given without a value" not in result.get("msg", ""):
        return "an empty token is taken"
    if puts and puts != [secret_cases.predicted(simulator, case, planned)]:
        return f"the request is another than was planned: {puts}"
    if bool(puts) is not result["changed"] or (not puts and bag != before):
        return f"changed is {result['changed']}, and there are {len(puts)} writes"
    if case.validate and case.token in ("stale", "wrong") and "sent along" in str(result.get("changes")):
        return "an untried token was sent along"
    if bag["SecretToken"] == before["SecretToken"]:
        return ""
    # The stored token is gone: somebody must have asked for that, knowing that nobody tries it.
    order = case.update == "always" and case.validate is not True
    refusal = case.validate is False and "sent along" in str(secret_cases.told(planned))
    return "" if order or refusal else f"a healthy job got an untried token: {result}"


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("validate", [None, True])
def test_a_refusal_says_why_and_that_the_stored_token_stays(
    validate: bool | None, check: bool, simulator: Simulator, run_playbook: Run
) -> None:
    case = Combination("stale", "delete_threshold", "on_create", validate)
    secret_cases.tenant(simulator, case)
    result = run_playbook([_task(simulator, case, "unknown")], check=check).last.result
    assert "The target does not accept the new credentials" in result["msg"]
    assert "Nothing was written, and the stored ones were left alone." in result["msg"]
    assert "SecretToken would only have been sent along, because the service may replace all it has." in result["msg"]
