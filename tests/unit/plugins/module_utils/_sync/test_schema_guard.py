# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can hit people's accounts is not written unless it was allowed."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._schema.diff import GUARDED, RISKS, Difference
from ansible_collections.entra.provisioning.plugins.module_utils._sync import schema_guard
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED, Principal
from ansible_collections.entra.provisioning.tests.unit.doubles import answer
from ansible_collections.entra.provisioning.tests.unit.examples import example
from ansible_collections.entra.provisioning.tests.unit.schema_service import NEVER_RAN, SP, SYNC, SchemaService, job

RAN = job("active_steady")


def _one(risk: str, before: str | None = "x", after: str | None = "y") -> Difference:
    return Difference(("rule", "R", "User → User", risk), before, after, risk, "property_changed")


def _check(
    differences: list[Difference],
    the_job: t.Any = RAN,
    bag: dict[str, str] | None = None,
    log: t.Any = None,
    **params: t.Any,
) -> str:
    service = SchemaService({})
    service.routes["GET", "/auditLogs/provisioning"] = {"value": []} if log is None else log
    service.routes["GET", f"{SYNC}/secrets"] = {
        "value": [{"key": key, "value": value} for key, value in (bag or {}).items()]
    }
    return schema_guard.check(service.task(object_mappings=[], **params), SP, the_job, differences)


def _refusal(differences: list[Difference], **more: t.Any) -> ProvisioningError:
    with pytest.raises(ProvisioningError) as refused:
        _check(differences, **more)
    return refused.value


@pytest.mark.parametrize("risk", GUARDED)
def test_each_risk_needs_its_own_consent(risk: str) -> None:
    others = [one for one in GUARDED if one != risk]
    error = _refusal([_one(risk)], allow=others)
    assert f"{risk}: User → User / {risk}: x → y ({schema_guard.HITS[risk]})" in error.message
    assert f"allow: [{', '.join(sorted(GUARDED))}]" in error.message
    assert error.facts["risks"] == [risk]
    assert "takes about" in _check([_one(risk)], allow=[risk])


@pytest.mark.parametrize("risk", [one for one in RISKS if one not in GUARDED])
def test_what_hits_nobody_is_not_refused(risk: str) -> None:
    assert "the next cycle evaluates" in _check([_one(risk)])


def test_several_are_told_by_their_risk_and_only_those_that_lack_consent() -> None:
    differences = [_one("scope", None), _one("mapping"), _one("matching", "x", None), _one("active")]
    error = _refusal(differences, allow=["active"])
    assert error.facts["risks"] == ["matching", "scope"]
    assert error.facts["job"] == "scim.1"
    assert len(error.facts["differences"]) == len(differences)
    assert "matching: User → User / matching: removed (was x) (accounts" in error.message
    assert "scope: User → User / scope: y (new) (whoever" in error.message
    assert "User → User / mapping" not in error.message
    assert "User → User / active" not in error.message
    assert error.message.endswith("allow: [active, matching, scope].")


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        ("created", False),
        ("started_not_run_yet", False),
        ("paused_by_admin", True),
        ("active_with_entry_errors", True),
        ("cloud_sync_active", True),
        ("quarantine_bad_credentials", True),
        # Its sample tells of no execution that ended, though it was about to delete accounts.
        ("quarantine_too_many_deletes", True),
    ],
)
def test_a_job_that_has_done_nothing_is_not_guarded(state: str, asked: bool) -> None:
    if asked:
        assert _refusal([_one("scope")], the_job=job(state))
    else:
        assert _check([_one("scope")], job(state)) == ""


FORBIDDEN = answer(403, {"error": {"code": "Forbidden", "message": "No."}})
ENTRY = {"value": [{"id": "1", "activityDateTime": "2026-01-01T00:00:00Z"}]}


@pytest.mark.parametrize("the_job", [NEVER_RAN, None], ids=["has not run", "planned"])
@pytest.mark.parametrize(
    ("log", "says"), [(ENTRY, "has entries of the application"), (FORBIDDEN, "ProvisioningLog.Read")]
)
@pytest.mark.parametrize("risk", GUARDED)
def test_what_the_log_tells_or_hides_counts_too(risk: str, log: t.Any, says: str, the_job: t.Any) -> None:
    assert says in _refusal([_one(risk)], the_job=the_job, log=log).message
    assert _check([_one(risk)], the_job, log=log, allow=[risk]) == ""


@pytest.mark.parametrize("the_job", [NEVER_RAN, None], ids=["has not run", "planned"])
@pytest.mark.parametrize(
    ("risk", "after", "hits"),
    [
        ("active", '"False"', True),
        ("active", '"True"', True),
        ("active", "[department]", True),
        ("active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")', False),
        ("active", "[accountEnabled]", False),
        ("active", "Not([ACCOUNTENABLED])", False),
        ("active", None, False),
        ("matching", '"x"', False),
        ("scope", '"x"', False),
        ("delete_flow", '"x"', False),
    ],
)
def test_a_first_cycle_can_disable_those_whom_the_target_has_already(
    risk: str, after: str | None, hits: bool, the_job: t.Any
) -> None:
    if not hits:
        assert _check([_one(risk, after=after)], the_job) == ""
        return
    error = _refusal([_one(risk, after=after)], the_job=the_job)
    assert "links the accounts that the target has already" in error.message
    assert error.facts.get("job") == (the_job["id"] if the_job else None)


@pytest.mark.parametrize(("field", "hits"), [((), True), (("default",), True), (("apply",), False)])
def test_how_it_flows_hits_nobody_whom_no_cycle_has_seen(field: tuple[str, ...], hits: bool) -> None:
    change = Difference(("rule", "R", "User → User", "active", *field), None, '"False"', "active", "property_changed")
    if hits:
        assert _refusal([change], the_job=NEVER_RAN)
    else:
        assert _check([change], NEVER_RAN) == ""


def test_what_this_run_has_made_has_no_history() -> None:
    made = SchemaService({}).task(object_mappings=[])
    made.graph.memory.created(SP.id)
    made.graph.connection.http.routes["GET", "/auditLogs/provisioning"] = FORBIDDEN
    assert schema_guard.check(made, SP, NEVER_RAN, [_one("matching")]) == ""


def test_a_first_cycle_that_has_not_ended_yet_is_guarded() -> None:
    going_on = {**NEVER_RAN, "status": {"synchronizedEntryCountByType": [{"key": "User to User", "value": 3}]}}
    assert "3 User objects" in _refusal([_one("scope")], the_job=going_on).message


@pytest.mark.parametrize("the_job", [None, {"id": "scim.1"}])
def test_nothing_is_said_of_a_job_that_is_not_known(the_job: t.Any) -> None:
    assert _check([_one("mapping")], the_job) == ""


def test_nothing_costs_nothing() -> None:
    assert _check([]) == ""


NOTIFICATION = {"DeleteThresholdEnabled": True, "DeleteThresholdValue": 25}


@pytest.mark.parametrize(
    ("bag", "says", "says_not"),
    [
        ({}, "No deletion threshold is set", "left alone"),
        ({"SyncNotificationSettings": json.dumps(NOTIFICATION)}, "A deletion threshold of 25 stops", "No deletion"),
        (
            {"SyncNotificationSettings": json.dumps({**NOTIFICATION, "DeleteThresholdEnabled": False})},
            "No deletion threshold is set",
            "threshold of 25",
        ),
        (
            {"SyncNotificationSettings": json.dumps({**NOTIFICATION, "DeleteThresholdEnabled": "False"})},
            "No deletion threshold is set",
            "threshold of 25",
        ),
        (
            {"SyncNotificationSettings": '{"DeleteThresholdEnabled": "True", "DeleteThresholdValue": "25"}'},
            "A deletion threshold of 25 stops a cycle in which that many accounts or more would be disabled or deleted",
            "No deletion",
        ),
        ({"SyncNotificationSettings": "garbage"}, "No deletion threshold is set", "garbage"),
        ({"SkipOutOfScopeDeletions": "True"}, "Whoever falls out of scope is left alone", "threshold of"),
        ({"SkipOutOfScopeDeletions": "false"}, "No deletion threshold is set", "left alone"),
    ],
)
def test_the_refusal_tells_what_protects(bag: dict[str, str], says: str, says_not: str) -> None:
    message = _refusal([_one("scope")], bag=bag).message
    assert says in message
    assert says_not not in message


@pytest.mark.parametrize(
    ("risk", "says"),
    [("active", "No protection is documented against a mapping"), ("matching", "Neither the deletion threshold nor")],
)
def test_no_protection_is_claimed_that_is_not_there(risk: str, says: str) -> None:
    """With a threshold of 3 and skip-out-of-scope on, a constant for active was seen to disable everybody."""
    bag = {"SyncNotificationSettings": json.dumps(NOTIFICATION), "SkipOutOfScopeDeletions": "True"}
    message = _refusal([_one(risk)], bag=bag).message
    assert says in message
    assert "threshold of 25" not in message
    assert "left alone" not in message


def test_the_refusal_tells_how_many_are_there() -> None:
    assert "The job has provisioned 171 User and 11 Group objects." in _refusal([_one("scope")]).message
    nobody = _refusal([_one("scope")], the_job=job("paused_by_admin")).message
    assert "The job has provisioned nothing that it counts." in nobody


def test_the_whole_refusal() -> None:
    told = _refusal([_one("scope"), _one("scope", None), _one("delete_flow")], bag={"SyncAll": "true"}).message
    assert told == (
        "The schema of Contoso SCIM was not changed, since some of the changes can hit people's accounts. scope: User"
        " → User / scope: x → y; User → User / scope: y (new) (whoever falls out of scope is disabled in the target, "
        "and whoever comes into it gets an account); delete_flow: User → User / delete_flow: x → y (accounts may be "
        "deleted in the target, or no longer be). They are guarded because the job has run before. The job has "
        "provisioned 171 User and 11 Group objects. No deletion threshold is set that would stop a cycle from "
        "disabling many accounts. If this is meant, say so with allow: [delete_flow, scope]."
    )
    planned = Principal(PLANNED)
    service = SchemaService({})
    service.http.routes = {}
    with pytest.raises(ProvisioningError) as refused:
        schema_guard.check(service.task(object_mappings=[], check_mode=True), planned, None, [_one("active")])
    assert refused.value.message == (
        "The schema of (not made yet) was not changed, since some of the changes can hit people's accounts. active: "
        "User → User / active: x → y (accounts may be disabled or enabled, up to all of them). They are guarded "
        "because the first cycle of a new job links the accounts that the target has already. No protection is "
        "documented against a mapping that disables accounts: the deletion threshold is for people who leave the "
        "scope. If this is meant, say so with allow: [active]."
    )
    assert service.http.sent == []


def test_what_the_history_says() -> None:
    seen = _refusal([_one("scope")], the_job=NEVER_RAN, log=ENTRY).message
    hidden = _refusal([_one("scope")], the_job=NEVER_RAN, log=FORBIDDEN).message
    assert "They are guarded because the provisioning log has entries of the application. The job has" in seen
    assert (
        "They are guarded because nobody can tell whether the application has provisioned people before: its "
        "provisioning log cannot be read. Could not read the provisioning logs:"
    ) in hidden
    assert ".. The job" not in hidden
    made = SchemaService({})
    schema_guard.check(made.task(object_mappings=[]), SP, NEVER_RAN, [_one("scope")])
    (asked,) = made.http.sent
    assert asked.path.endswith("$top=1")


def _counted(*counts: tuple[str, t.Any]) -> t.Any:
    return {"status": {"synchronizedEntryCountByType": [{"key": key, "value": value} for key, value in counts]}}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([], "the next cycle evaluates the whole source anew"),
        ([("User to User", 0)], "the next cycle evaluates the whole source anew"),
        ([("User to User", 1)], "the next cycle evaluates 1 User object anew, which takes about 1 minute"),
        ([("User to User", 100)], "the next cycle evaluates 100 User objects anew, which takes about 1 to 8 minutes"),
        # One object of the source may feed several of the target.
        ([("User to A", 60), ("User to B", "40")], "evaluates 100 User objects anew"),
        ([("User to User", 100), ("Group to Group", 0)], "evaluates 100 User objects anew"),
        ([("User to User", 1500)], "which takes about 0.2 to 2.0 hours"),
        ([("User to User", 1499)], "which takes about 15 to 120 minutes"),
        ([("User to User", 36_600)], "which takes about 6.1 to 48.8 hours"),
        ([("User to User", 2000)], "evaluates 2,000 User objects anew, which takes about 0.3 to 2.7 hours"),
        ([("User to User", None)], "the whole source anew"),
    ],
)
def test_the_cost_of_a_change(counts: list[tuple[str, t.Any]], told: str) -> None:
    assert told in schema_guard.cost(_counted(*counts))


@pytest.mark.parametrize("status", [None, {}, {"synchronizedEntryCountByType": None}])
def test_the_cost_where_nothing_is_counted(status: t.Any) -> None:
    assert schema_guard.cost({"status": status}) == "the next cycle evaluates the whole source anew"


@pytest.mark.parametrize(
    ("differences", "diff_mode", "pause_around", "needed"),
    [
        ([], True, False, False),
        # To see whether it rests because an earlier run paused it.
        ([], False, True, True),
        ([_one("mapping")], False, False, False),
        ([_one("mapping")], True, False, True),
        ([_one("mapping")], False, True, True),
        ([_one("mapping"), _one("active")], False, False, True),
    ],
)
def test_the_job_is_read_only_where_it_is_needed(
    differences: list[Difference], diff_mode: bool, pause_around: bool, needed: bool
) -> None:
    made = SchemaService({}).task(object_mappings=[], pause_around=pause_around)
    made.diff_mode = diff_mode
    assert schema_guard.needs_job(made, differences) is needed


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_refusal_writes_nothing_and_names_the_job_that_was_read(check_mode: bool) -> None:
    service = SchemaService(example("customappsso_full"), the_job=RAN)
    result = service.run(check_mode=check_mode, job_id="scim.1", state="default")
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["error"]["risks"] == ["matching", "scope"]
    assert service.calls() == ["GET schema", "GET schema", "GET scim.1", "GET secrets"]


def test_the_diff_ends_with_the_cost() -> None:
    service = SchemaService(example("customappsso_default"), the_job=RAN)
    wish = {"source": "User", "attributes": [{"target": "title", "state": "absent"}]}
    result = service.run(check_mode=True, object_mappings=[wish])
    assert result["diff"]["after"] == f"# {schema_guard.cost(RAN)}\n"
    assert result["diff"]["before"] == "User → User / title: [jobTitle]\n"
