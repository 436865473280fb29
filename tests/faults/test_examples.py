# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of every plugin, run as they are printed."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.harness.playbook import Result, TaskResult
from tests.harness.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
CUSTOM = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
# Applications of other kinds: one that has no job yet, and one that takes records of an HR system.
OTHERS = [
    {"display_name": "Fabrikam tenant", "application_template_id": "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"},
    {
        "display_name": "HR to Entra",
        "application_template_id": "40d8f01e-b0d7-4b4f-938b-05190712e598",
        "jobs": [{"template_id": "API2AAD", "state": "active"}],
        "secrets": {"SyncNotificationSettings": '{"Enabled":true,"Recipients":"idm@contoso.example"}'},
    },
]
# The tenant that the examples synchronize into.
TARGET_TENANT = "22222222-3333-4444-5555-666666666666"
ALLOWED = [{"tenantId": TARGET_TENANT, "automaticUserConsentSettings": {"outboundAllowed": True}}]
# What the examples change, where a module says it; an example goes on from what the one before it left.
CHANGES = {
    "Assign a group and a person": "assign the user ada.lovelace@contoso.example",
    "Let nobody but the group be assigned": "remove the assignment of the user Ada",
    "In the target tenant, let the source synchronize users": "user_sync_inbound: false → true",
    "In the source tenant, let invitations of the target be redeemed": "outbound_consent: false → true",
    "In the target tenant, end the synchronization": "user_sync_inbound: true → false",
    "Let the tenant take part in synchronization with Active Directory": "switch on directory synchronization",
    "Declare an attribute of users": "declare the directory extension",
    "Define it in the schema and send it to the target": "type String, metadata IsCustomerDefined true (new)",
    "Take the mapping and the definition out again": "removed (was type String",
    "Remove the attribute with all its values": "remove the directory extension",
    "Make an application from the gallery": "from the gallery entry AWS IAM Identity Center",
    "Start the job of an application that has only one": "start the synchronization job of the template scim",
    "Remove the job; accounts in the target stay": "delete the synchronization job",
    "Provision one person and a group now, and see what happened": "provision the group Sales on demand",
    "Let the service sign in at the target": "acquire an access token at the target",
    "Find out which attributes the target has": "",
    "Start the job and wait for its first cycle": "start the synchronization job of the template scim",
    "Begin anew after a change in the target": "resetting Watermark, Escrows",
    "Hold the job before work on the target": "pause the synchronization job of the template scim",
    "Have somebody matched with an account of the target anew": "remove the connection of the user",
    "Upload people of the HR system, and see what became of each": "upload 1 record in 1 request",
    "Map a few attributes, and leave all others as they are": 'displayName: [displayName] → Join(" ", [givenName]',
    "Provision only the sales people of the Netherlands, and say that this is meant": 'country EQUALS "NL"',
    "Send a custom attribute, after its expression was tried": "acme:2.0:User:badgeId",
    "Make the mappings exactly those of a file in git": "badgeId: remove",
    "Provision only who is assigned, and hold mass deletions": "deletion threshold: 50 (new)",
    "Hold mass deletions in a tenant that is known to keep what a write leaves out": "deletion threshold: 50 → 40",
    "Replace the token": "write SecretToken",
    "Write the token where it is another than in the last run, by the fingerprint that was kept": "write SecretToken",
    "Describe the template": "description: Mappings of the identity team",
    "Let new jobs send the office as the locality": "[city] → [physicalDeliveryOfficeName]",
    "Go back to the schema that Microsoft delivers": "",
}
# What finds nothing to do here, since it is so already or only tries.
IDLE = {
    "Make an application for a SCIM target that the gallery does not list",
    "Make sure that the application has a job, without starting it",
    "Try new credentials without storing them",
    "Try them before there is a job, for the template that it will be made from",
    "Remove the twelve accounts that the deletion threshold holds back",
    "See what a copy of the staging application's mappings would change",
    "Go back to the mappings of the template",
    "Store the target's address and token once, after the target has accepted them",
    "Narrow the scope from everybody to the assigned, and say that this is meant",
    "Let new jobs start with the mappings of a file",
    "Have exactly the same mappings in another application",
    "Bring the application to what git says",
    "Carry mappings from the test application to the productive one",
}
READING = {"entra.provisioning.sync_info"}
# A schema of the same template as the application's, in the place of the file that the examples read.
SCHEMA = ROOT / "tests" / "fixtures" / "graph" / "examples" / "customappsso_default.json"


def _examples(path: Path) -> str:
    tree = ast.parse(path.read_text("utf-8"))
    assigned = {one.targets[0].id: one.value for one in tree.body if isinstance(one, ast.Assign)}
    return str(ast.literal_eval(assigned["EXAMPLES"])) if "EXAMPLES" in assigned else ""


# An action plugin stands in front of a module, which has the documentation.
DOCUMENTED = [path for path in sorted(PLUGINS.glob("*/*.py")) if "DOCUMENTATION =" in path.read_text("utf-8")]
EXAMPLES = {path: text for path in DOCUMENTED if (text := _examples(path)) or path.parent.name != "doc_fragments"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_examples_run(path: Path, simulator: Simulator, run_playbook: Callable[..., Result], tmp_path: Path) -> None:
    target = {"BaseAddress": simulator.ready["scim"]["base_address"], "SecretToken": simulator.ready["scim"]["token"]}
    owned = {"jobs": [{"template_id": "scim", "state": "paused"}], "secrets": target, "assigned": ["Sales"]}
    names = ("Contoso SCIM", "Contoso SCIM staging", "Contoso SCIM (test)", "Fabrikam SCIM")
    ada = {
        "userPrincipalName": "ada.lovelace@contoso.example",
        "displayName": "Ada",
        "givenName": "Ada",
        "surname": "L",
    }
    simulator.reset(
        {
            "users": [ada],
            "tenants": {TARGET_TENANT: {}},
            "partners": ALLOWED,
            "groups": [{"displayName": "Sales", "members": [ada["userPrincipalName"]]}],
            "applications": [
                *({"display_name": one, "application_template_id": CUSTOM, **owned} for one in names),
                *OTHERS,
            ],
        }
    )
    # One of the examples knows that; the others work under both.
    simulator.quirks(secrets_put="merge")
    mappings = tmp_path / "mappings"
    mappings.mkdir()
    (mappings / "test.yml").write_text(SCHEMA.read_text("utf-8"), "utf-8")
    text = EXAMPLES[path].replace("contoso-scim.json", str(SCHEMA)).replace("mappings/", f"{mappings}/")
    tasks = yaml.safe_load(text)
    variables = {
        "scim_base_address": target["BaseAddress"],
        "scim_token": target["SecretToken"],
        "schema": json.loads(SCHEMA.read_text("utf-8")),
        # What tasks before the example have registered.
        "assigned": {"changed": True, "changes": ["assign the group Sales"]},
        "paused": {"failed": True, "results": [{"failed": True, "msg": "the service answered 403"}]},
        "people": [{"id": "1", "name": "ada.lovelace@contoso.example", "account": "active"}],
    }
    result = run_playbook(tasks, extra_vars=variables)
    assert result.rc == 0, result.output
    assert [task.status for task in result.tasks if not task.is_item] == ["ok"] * len(tasks)
    for task in result.tasks:
        if task.action.startswith("entra.provisioning.") and not task.is_item:
            does(task)


def does(task: TaskResult) -> None:
    """An example of something that writes does what its name says."""
    said = " ".join(task.result.get("changes") or [])
    if task.name in CHANGES:
        assert task.changed and CHANGES[task.name] in said, (task.name, said)
    else:
        assert not task.changed, (task.name, said)
        assert task.action in READING or task.name in IDLE, f"{task.name}: nobody knows what it should do"


def test_what_is_told_of_examples_is_one() -> None:
    names = {task["name"] for text in EXAMPLES.values() for task in yaml.safe_load(text)}
    assert sorted({*CHANGES, *IDLE} - names) == []
