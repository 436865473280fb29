# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What became of people's accounts, as far as the service tells: pure functions on assignments, logs and schemas.

No call of Microsoft Graph shows an account in the target. What the jobs of an application did is in the provisioning
logs, one entry for each object; who should have an account is in the assignments.
"""

from __future__ import annotations

import typing as t

from . import logs

Record = t.Mapping[str, t.Any]

# The names that Microsoft Entra ID has as the source of a rule: assignments decide only there who is provisioned.
ENTRA = ("azure active directory", "microsoft entra id")
# What an entry of the logs left behind, by its action.
_AFTER = {
    "create": "active",
    "update": "active",
    "stageddelete": "active",
    "disable": "disabled",
    "delete": "deleted",
}


def people(assignments: t.Iterable[Record], members: t.Mapping[str, t.Sequence[Record]]) -> dict[str, str]:
    """Return the users who are assigned, also through a group, by their id.

    :arg members: the direct members of the groups by the id of the group; provisioning looks no deeper.
    """
    found: dict[str, str] = {}
    for one in assignments:
        if one.get("principalType") == "User":
            found.setdefault(str(one["principalId"]), str(one.get("principalDisplayName") or one["principalId"]))
        for member in members.get(str(one.get("principalId")), ()):
            if str(member.get("@odata.type", "#microsoft.graph.user")).endswith("user"):
                found[str(member["id"])] = str(
                    member.get("userPrincipalName") or member.get("displayName") or member["id"]
                )
    return found


def standing(assigned: t.Mapping[str, str], entries: t.Iterable[logs.Entry]) -> list[dict[str, t.Any]]:
    """Return what became of the account of everybody who is assigned or in the logs.

    :arg entries: of the application, newest first.
    """
    by_person: dict[str, list[logs.Entry]] = {}
    names = dict(assigned)
    for entry in entries:
        source = entry.get("sourceIdentity") or {}
        if str(source.get("identityType")).lower() == "user" and source.get("id"):
            by_person.setdefault(str(source["id"]), []).append(entry)
            if source.get("displayName"):
                names[str(source["id"])] = str(source["displayName"])
    told = [
        {
            "id": person,
            "name": names.get(person, person),
            "assigned": person in assigned,
            **_account(by_person.get(person, [])),
            "failed": [logs.status_of(one) for one in by_person.get(person, [])[:1]] == ["failure"],
        }
        for person in {**assigned, **by_person}
    ]
    concerned = [one for one in told if one["assigned"] or one["account"] != "unknown" or one["failed"]]
    return sorted(concerned, key=lambda one: str(one["name"]).lower())


def _account(entries: t.Sequence[logs.Entry]) -> dict[str, t.Any]:
    """Return the state that the newest entry left which says anything, and the job that knows the account."""
    for entry in entries:
        state = _state(entry)
        if state:
            knows = next((one for one in entries if _state(one) or _is_equal(one)), entry)
            return {"account": state, "job_id": knows.get("jobId"), "since": entry.get("activityDateTime")}
    equal = next((one for one in entries if _is_equal(one)), None)
    if equal:
        return {"account": "active", "job_id": equal.get("jobId"), "since": equal.get("activityDateTime")}
    # Who is passed over for not being assigned may have an account all the same, that the job has not found.
    passed = next((one for one in entries if logs.status_of(one) == "skipped" and _assigned(one) == "true"), None)
    if passed and not _target(passed):
        return {"account": "none", "job_id": passed.get("jobId"), "since": passed.get("activityDateTime")}
    return {"account": "unknown", "job_id": None, "since": None}


def _state(entry: logs.Entry) -> str | None:
    """Return what an entry left behind; None where it changed nothing."""
    action = logs.action_of(entry).lower()
    if action == "stageddelete" or logs.status_of(entry) in ("success", "warning"):
        return _AFTER.get(action)
    # An account that was found as somebody who left has to be: nothing was sent, since it is disabled already.
    if _is_equal(entry) and _assigned(entry) == "false":
        return "disabled"
    return None


def _is_equal(entry: logs.Entry) -> bool:
    """Tell an entry of an account that was found, and had all values already."""
    return str(logs.error_of(entry).get("errorCode")) == "RedundantExport"


def _assigned(entry: logs.Entry) -> str:
    """Return what the scoping step says of the assignment, true or false; nothing where it does not tell."""
    steps = entry.get("provisioningSteps") or []
    details = [one.get("details") or {} for one in steps if str(one.get("provisioningStepType")).lower() == "scoping"]
    return next((str(one.get("Assigned to the application")).lower() for one in details), "")


def _target(entry: logs.Entry) -> str:
    return str((entry.get("targetIdentity") or {}).get("id") or "")


def hindrances(schema: Record) -> list[str]:
    """Return why a job with this schema cannot disable whoever is no longer assigned; nothing where it can."""
    rules = list(schema.get("synchronizationRules") or [])
    ours = [rule for rule in rules if str(rule.get("sourceDirectoryName")).lower() in ENTRA]
    if rules and not ours:
        sources = ", ".join(dict.fromkeys(str(rule.get("sourceDirectoryName")) for rule in rules))
        return [f"it reads people from {sources}, where assignments to the application decide nothing"]
    mappings = [
        one
        for rule in ours
        for one in rule.get("objectMappings") or []
        if str(one.get("sourceObjectName")).lower() == "user" and one.get("enabled") is not False
    ]
    if not mappings:
        return ["no enabled object mapping takes users"]
    return [said for one in mappings for said in _of_mapping(one)]


def _of_mapping(mapping: Record) -> list[str]:
    flows = [part.strip() for part in str(mapping.get("flowTypes") or "").split(",") if part.strip()]
    missing = [one for one in ("Update", "Delete") if one not in flows]
    name = f"{mapping.get('sourceObjectName')} → {mapping.get('targetObjectName')}"
    if not missing:
        return []
    return [f"the flow types of {name} are {', '.join(flows) or 'none'}, without {' and '.join(missing)}"]
