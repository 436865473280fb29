# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of people's accounts: by assignments, logs and schemas."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._sync import accounts

ADA = {"ada": "Ada"}


def _entry(action: str, status: str = "success", code: str = "", assigned: str = "", **more: t.Any) -> dict[str, t.Any]:
    scoping = {"provisioningStepType": "scoping", "details": {"Assigned to the application": assigned}}
    return {
        "jobId": "scim.1",
        "activityDateTime": "2026-11-20T10:00:00Z",
        "provisioningAction": action,
        "provisioningStatusInfo": {"status": status, "errorInformation": {"errorCode": code} if code else None},
        "sourceIdentity": {"id": "ada", "displayName": "ada@x", "identityType": "User"},
        "targetIdentity": {"id": ""},
        "provisioningSteps": [scoping] if assigned else [],
        **more,
    }


REDUNDANT = {"action": "other", "status": "skipped", "code": "RedundantExport"}


@pytest.mark.parametrize(
    ("entries", "account", "job"),
    [
        ([], "unknown", None),
        ([_entry("create")], "active", "scim.1"),
        ([_entry("update", "warning")], "active", "scim.1"),
        ([_entry("stagedDelete", "skipped"), _entry("create")], "active", "scim.1"),
        ([_entry("disable"), _entry("create")], "disabled", "scim.1"),
        ([_entry("delete"), _entry("create")], "deleted", "scim.1"),
        ([_entry("create"), _entry("disable")], "active", "scim.1"),
        # What failed has changed nothing.
        ([_entry("disable", "failure"), _entry("create")], "active", "scim.1"),
        ([_entry("create", "failure")], "unknown", None),
        # An account that was found equal is active, and known to the job that has found it.
        ([_entry(**REDUNDANT, assigned="True")], "active", "scim.1"),
        ([_entry(**REDUNDANT, assigned="True", jobId="scim.2"), _entry("create")], "active", "scim.2"),
        # Found as it has to be for somebody who has left.
        ([_entry(**REDUNDANT, assigned="False"), _entry("create")], "disabled", "scim.1"),
        # Passed over while assigned: there is no account. While not assigned, nobody knows.
        ([_entry("other", "skipped", "NotInScope", "True")], "none", "scim.1"),
        ([_entry("other", "skipped", "NotEffectivelyEntitled", "False")], "unknown", None),
        (
            [_entry("other", "skipped", "NotEffectivelyEntitled", "False"), _entry("other", "skipped", "x", "True")],
            "none",
            "scim.1",
        ),
    ],
)
def test_the_newest_entry_that_says_anything_counts(
    entries: list[dict[str, t.Any]], account: str, job: str | None
) -> None:
    (told,) = accounts.standing(ADA, entries)
    assert (told["account"], told["job_id"], told["assigned"]) == (account, job, True)


def test_who_is_told_of() -> None:
    group = {"id": "g", "displayName": "Sales", "identityType": "Group"}
    stranger = {"id": "eve", "displayName": "eve@x", "identityType": "user"}
    entries = [
        _entry("create", sourceIdentity=group),
        _entry("create", sourceIdentity=stranger),
        _entry("other", "skipped", "x", sourceIdentity={"id": "nobody", "identityType": "User"}),
    ]
    told = accounts.standing(ADA, entries)
    assert [(one["name"], one["assigned"], one["account"]) for one in told] == [
        ("Ada", True, "unknown"),
        ("eve@x", False, "active"),
    ]


@pytest.mark.parametrize(
    ("entries", "account", "failed"),
    [
        ([_entry("disable", "failure")], "unknown", True),
        ([_entry("disable", "failure"), _entry("create")], "active", True),
        ([_entry("disable"), _entry("update", "failure")], "disabled", False),
        ([], "unknown", False),
    ],
)
def test_a_failure_at_the_end_is_told(entries: list[dict[str, t.Any]], account: str, failed: bool) -> None:
    (told,) = accounts.standing(ADA, entries)
    assert (told["account"], told["failed"]) == (account, failed)
    # Also of somebody who is no longer assigned.
    assert [one["failed"] for one in accounts.standing({}, entries)] == ([failed] if entries else [])


def test_people_come_from_assignments_and_direct_members() -> None:
    assigned = [
        {"principalType": "User", "principalId": "ada", "principalDisplayName": "Ada"},
        {"principalType": "Group", "principalId": "g"},
        {"principalType": "ServicePrincipal", "principalId": "sp"},
    ]
    members = [
        {"id": "ben", "userPrincipalName": "ben@x", "@odata.type": "#microsoft.graph.user"},
        {"id": "nested", "displayName": "Nested", "@odata.type": "#microsoft.graph.group"},
        {"id": "ada", "userPrincipalName": "ada@x"},
    ]
    assert accounts.people(assigned, {"g": members}) == {"ada": "ada@x", "ben": "ben@x"}


def _schema(source: str = "Azure Active Directory", kind: str = "User", **mapping: t.Any) -> dict[str, t.Any]:
    one = {"sourceObjectName": kind, "targetObjectName": "User", "flowTypes": "Add, Update, Delete", **mapping}
    return {"synchronizationRules": [{"sourceDirectoryName": source, "objectMappings": [one]}]}


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (_schema(), []),
        (_schema("Microsoft Entra ID"), []),
        (_schema("API"), ["it reads people from API, where assignments to the application decide nothing"]),
        (_schema(kind="Group"), ["no enabled object mapping takes users"]),
        (_schema(enabled=False), ["no enabled object mapping takes users"]),
        ({}, ["no enabled object mapping takes users"]),
        (_schema(flowTypes="Add"), ["the flow types of User → User are Add, without Update and Delete"]),
        (_schema(flowTypes="Add,Update"), ["the flow types of User → User are Add, Update, without Delete"]),
        (_schema(flowTypes=None), ["the flow types of User → User are none, without Update and Delete"]),
    ],
)
def test_what_keeps_a_job_from_disabling_anybody(schema: dict[str, t.Any], says: list[str]) -> None:
    assert accounts.hindrances(schema) == says
