# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an application as tasks that use every module, and what is left of it, told without times and stamps."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

from tests.faults.cases import NAME
from tests.harness.simulator import ROOT, Simulator

EXAMPLES = ROOT / "tests" / "fixtures" / "graph" / "examples"
_SP = "{{ application.service_principal.id }}"
# Everything that sync_info can read.
GATHER = [
    "jobs",
    "health",
    "schema",
    "templates",
    "secrets",
    "assignments",
    "functions",
    "filter_operators",
    "logs",
    "access",
]
# Two expressions that the service has to parse, of an attribute that it has to know first.
_SHORTHAND: dict[str, Any] = {
    "custom_attributes": [
        {"directory": "target", "object": "urn:ietf:params:scim:schemas:core:2.0:Group", "name": "urn:acme:Group:short"}
    ],
    "object_mappings": [
        {"source": "Group", "attributes": [{"target": "urn:acme:Group:short", "expression": "Left([displayName], 3)"}]},
        {
            "source": "User",
            "attributes": [
                {"target": "displayName", "expression": 'Join(", ", [surname], [givenName])'},
                {"target": "title", "default": "Staff", "apply": "on_create"},
                {"target": "preferredLanguage", "state": "absent"},
            ],
            "scope": [{"name": "Not guests", "clauses": [{"attribute": "mail", "operator": "IS NOT NULL"}]}],
        },
    ],
}
_PEOPLE = {"users": ["adele.vance@contoso.example"], "groups": ["Sales team"]}

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
# The simulator counts its ids, with these digits in the middle; others are random.
GUID = re.compile(r"[0-9a-f]{8}-(?!0000-4000-8000)[0-9a-f]{4}(-[0-9a-f]{4}){2}-[0-9a-f]{12}")


def example(name: str) -> dict[str, Any]:
    """A schema of tests/fixtures/graph/examples."""
    document: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return document


def tasks(simulator: Simulator) -> list[dict[str, Any]]:
    """From nothing to a running job; a second run finds nothing to do."""
    scim = simulator.ready["scim"]
    when_new = {"when": "application.created"}
    token = {"SecretToken": scim["token"]}
    job = {"service_principal_id": _SP, "job_id": "{{ job.job.id }}"}
    return [
        _task("application", "gallery_application", {"display_name": NAME}),
        _task(
            "template",
            "sync_template",
            {
                "service_principal_id": _SP,
                "template_id": "scim",
                "description": "The identity team's",
                "metadata": {"IsSynchronizationInPreview": "false"},
                "schema": _template_schema(),
            },
        ),
        # Of a template that nothing else here touches: a shorthand would be at odds with the whole document below.
        _task(
            "mappings",
            "sync_template",
            {"service_principal_id": _SP, "template_id": "customappsso", **_SHORTHAND},
        ),
        _task("job", "sync_job", {"service_principal_id": _SP, "template_id": "scim"}),
        _task(
            "secrets",
            "sync_secrets",
            {**job, "settings": {"BaseAddress": scim["base_address"]}, "secrets": token, "validate": True},
        ),
        # The address is not given here: where a write replaces the bag, it must carry what is stored.
        _task(
            "settings",
            "sync_secrets",
            {
                **job,
                "secrets": token,
                "scope": "assigned",
                "delete_threshold": 5,
                "notification": {"enabled": True, "recipients": ["idm@contoso.example"]},
                "skip_out_of_scope_deletions": True,
            },
        ),
        # The token is not given here: on_create has nothing to write, so a bag that is replaced loses nothing.
        _task("secrets again", "sync_secrets", {**job, "delete_threshold": 5, "scope": "assigned"}),
        _task("schema", "sync_schema", {**job, "schema": example("customappsso_full")}),
        _task("assignments", "app_role_assignment", {"display_name": NAME, **_PEOPLE, "state": "exact"}),
        _task("canary", "sync_job_action", {**job, "action": "provision_on_demand", "assignment_wait": 60, **_PEOPLE}),
        _task("validated", "sync_job_action", {**job, "action": "validate_credentials"}),
        _task("started", "sync_job_action", {**job, "action": "start", "wait": True}, **when_new),
        _task("paused", "sync_job_action", {**job, "action": "pause", "wait": True}, **when_new),
        _task("paused again", "sync_job_action", {**job, "action": "pause"}, **when_new),
        _task(
            "resting", "sync_job", {"service_principal_id": _SP, "template_id": "scim", "enabled": False}, **when_new
        ),
        _task("running", "sync_job", {"app_id": "{{ application.service_principal.appId }}", "enabled": True}),
        # The cycle that a start makes due ends here, not while or after the restart, as chance would have it.
        {"name": "cycles", "ansible.builtin.uri": _due_cycles(simulator), **when_new},
        _task(
            "restarted",
            "sync_job_action",
            {**job, "action": "restart", "reset_scope": ["Escrows"], "wait": True},
            **when_new,
        ),
        _task("started again", "sync_job_action", {**job, "action": "start"}),
        _task("everything", "sync_info", {"display_name": NAME, "gather": GATHER}),
    ]


def _task(name: str, module: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    variable = name.replace(" ", "_")
    return {"name": name, f"entra.provisioning.{module}": options, "register": variable, **keywords}


def _due_cycles(simulator: Simulator) -> dict[str, Any]:
    """The options of a request that has the simulator run all cycles that are due before it answers."""
    return {
        "url": f"{simulator.ready['control']}/clock",
        "method": "POST",
        "body_format": "json",
        "body": {"advance": "PT1S"},
        "ca_path": simulator.ready["ca_path"],
    }


def _template_schema() -> dict[str, Any]:
    """The default schema with one mapping less."""
    schema = example("customappsso_default")
    for mapping in schema["synchronizationRules"][0]["objectMappings"]:
        mapping["attributeMappings"] = [
            one for one in mapping["attributeMappings"] if one["targetAttributeName"] != "title"
        ]
    return schema


def end_state(simulator: Simulator) -> dict[str, Any]:
    """What the service and the SCIM target hold in the end, without what differs from run to run by its nature."""
    state = simulator.state()
    synchronization = next(
        state["synchronization"][one["id"]] for one in state["servicePrincipals"] if one["displayName"] == NAME
    )
    jobs = synchronization["jobs"].values()
    return {
        "applications": sorted(one["displayName"] for one in state["applications"]),
        "assignments": sorted(one["principalDisplayName"] for one in state["appRoleAssignments"]),
        "secrets": synchronization["secrets"],
        "jobs": [[one["job"]["schedule"]["state"], one["job"]["status"]["code"]] for one in jobs],
        "schemas": [meaning(one["schema"]) for one in jobs],
        "target": target(simulator),
    }


def target(simulator: Simulator) -> dict[str, list[Any]]:
    """The users and groups of the SCIM target by name; names stand in the place of the target's own ids."""
    resources = {kind: _listed(simulator, kind) for kind in ("Users", "Groups")}
    text = json.dumps(resources)
    for one in [*resources["Users"], *resources["Groups"]]:
        text = text.replace(one["id"], one.get("userName") or one["displayName"])
    named = {kind: sorted(found, key=lambda one: one["id"]) for kind, found in json.loads(text).items()}
    return {kind: [{**one, "meta": None} for one in found] for kind, found in named.items()}


def _listed(simulator: Simulator, kind: str) -> list[dict[str, Any]]:
    scim = simulator.ready["scim"]
    request = urllib.request.Request(
        f"{scim['base_address']}/{kind}?count=500", headers={"Authorization": f"Bearer {scim['token']}"}
    )
    # A handler for no proxy at all: HTTP(S)_PROXY of the machine must not see loopback.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        resources: list[dict[str, Any]] = json.loads(answer.read()).get("Resources", [])
    return resources


def meaning(value: Any) -> Any:
    """A schema without order, blanks after commas, spellings of nothing, ids and versions.

    Cruder than the collection's own comparison, and independent of it.
    """
    if isinstance(value, dict):
        told = {name: meaning(one) for name, one in value.items() if name not in ("id", "version")}
        return {name: one for name, one in sorted(told.items()) if one not in (None, "", [], {})}
    if isinstance(value, list):
        return sorted((meaning(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return re.sub(r"\s*,\s*", ",", value) if isinstance(value, str) else value


def timeless(value: Any) -> Any:
    """A result of a task in which moments and random ids are one word each."""
    if isinstance(value, dict):
        return {name: timeless(one) for name, one in value.items()}
    if isinstance(value, list):
        return [timeless(one) for one in value]
    # Each run of a test has a working folder of its own, where backups lie.
    shown = re.sub(r"entra-provisioning-run-\w+", "FOLDER", value) if isinstance(value, str) else value
    return GUID.sub("GUID", MOMENT.sub("MOMENT", shown)) if isinstance(shown, str) else shown
