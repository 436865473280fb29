# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that name what is not there, is there twice, is of another kind, or contradict themselves."""

from __future__ import annotations

from tests.faults.cases import BEN, CUSTOM, HERE, Case

WHICH = [
    Case(
        "two applications of one name",
        "sync_job",
        {"display_name": "Twin"},
        ["2 applications named 'Twin'", "{twin_1}", "{twin_2}", "service_principal_id"],
    ),
    Case(
        "no such application",
        "sync_info",
        {"display_name": "Nobody"},
        ["no application named 'Nobody'", "exact", "gallery_application"],
    ),
    Case("several jobs", "sync_job", {"display_name": "Two jobs"}, ["2 synchronization jobs", "template_id or job_id"]),
    Case(
        "several jobs of one template",
        "sync_job_action",
        {"display_name": "Two jobs", "template_id": "scim", "action": "start"},
        ["2 synchronization jobs of the template scim", "with the option job_id"],
    ),
    Case(
        "no job", "sync_job_action", {"display_name": "Fresh", "action": "start"}, ["no synchronization job", "makes"]
    ),
    Case("no such job to enable", "sync_job", {**HERE, "job_id": "scim.nope", "enabled": True}, ["scim.nope"]),
    Case(
        "no such job", "sync_job", {**HERE, "job_id": "scim.nope"}, ["no synchronization job scim.nope", "template_id"]
    ),
    Case(
        "no such template",
        "sync_job",
        {"display_name": "Fresh", "template_id": "slack"},
        ["Fresh has no synchronization template 'slack'", "it offers: scim", "template_id"],
    ),
    Case(
        "no such template of the application",
        "sync_template",
        {**HERE, "template_id": "slack"},
        ["no synchronization template 'slack'", "it has: scim"],
    ),
    Case(
        "a plain app registration has no job",
        "sync_job",
        {"display_name": "Plain OIDC app"},
        ["Plain OIDC app has no synchronization templates", "gallery_application"],
    ),
    Case(
        "a plain app registration is not from the gallery",
        "gallery_application",
        {"display_name": "Plain OIDC app"},
        ["plain app registration", "Nothing was made"],
    ),
    Case("two to choose from", "gallery_application", {"display_name": "Twin"}, ["Nothing was made", "{twin_1}"]),
    Case("no such entry", "gallery_application", {"display_name": "New", "gallery_name": "Nope"}, ["'Nope'", "exact"]),
    Case(
        "no such entry id",
        "gallery_application",
        {"display_name": "New", "gallery_id": "8adf8e6e-67b2-4cf2-a259-000000000000"},
        ["no entry with the id 8adf8e6e-67b2-4cf2-a259-000000000000"],
    ),
    Case(
        "nobody of these names",
        "app_role_assignment",
        {**HERE, "users": ["nobody@contoso.example"], "groups": ["No team"]},
        ["Nothing was changed", "no user 'nobody@contoso.example'", "no group 'No team'", "principal name or id"],
    ),
    Case("no such role", "app_role_assignment", {**HERE, "users": [BEN], "role": "Emperor"}, ["'Emperor'", "it has: "]),
    Case(
        "nobody to provision",
        "sync_job_action",
        {**HERE, "action": "provision_on_demand", "users": ["nobody@contoso.example"]},
        ["no user 'nobody@contoso.example'"],
    ),
    Case(
        "no job to take the schema from",
        "sync_schema",
        {**HERE, "from_job": {"display_name": "Fresh"}},
        ["Fresh", "from_job", "no such synchronization job"],
    ),
]

WRONG_IDS = [
    Case(
        f"an application id for {module}",
        module,
        {"service_principal_id": "{app_id}", **options},
        ["{app_id}", "answered", *advice],
        answered=True,
    )
    for module, options, advice in [
        ("sync_job", {}, ["application id", "Synchronization.Read.All"]),
        ("sync_job_action", {"action": "start"}, ["application id", "Synchronization.Read.All"]),
        ("sync_secrets", {"secrets": {"SecretToken": "a new token"}}, ["application id", "Synchronization.Read.All"]),
        (
            "sync_schema",
            {"schema": {"synchronizationRules": [{}], "directories": [{}]}},
            ["application id", "Synchronization.Read.All"],
        ),
        ("sync_info", {}, ["application id", "Synchronization.Read.All"]),
        ("sync_template", {"template_id": "scim"}, ["Check the id"]),
        ("app_role_assignment", {"users": [BEN]}, ["Check the id"]),
    ]
] + [
    Case(
        "an object id for an application id",
        "sync_job",
        {"app_id": "{application}"},
        ["no service principal with the application (client) id {application}", "service_principal_id"],
    ),
    Case(
        "no id", "sync_job", {"service_principal_id": "Contoso"}, ["service_principal_id", "'Contoso'", "display_name"]
    ),
    Case("no application id", "sync_info", {"app_id": "12-34"}, ["The option app_id takes an id", "'12-34'"]),
]

TARGET = [
    Case(
        "new credentials that the target refuses",
        "sync_secrets",
        {
            **HERE,
            "settings": {"BaseAddress": "{scim}"},
            "secrets": {"SecretToken": "not the token of the target"},
            "update_secrets": "always",
            "validate": True,
        },
        ["target does not accept the new credentials", "401", "Nothing was written", "BaseAddress", "SecretToken"],
        answered=True,
    ),
    Case(
        "stored credentials that lead nowhere",
        "sync_job_action",
        {**HERE, "action": "validate_credentials"},
        ["target does not accept the stored credentials", "scim.example", "BaseAddress"],
        answered=True,
    ),
]

ARGUMENTS = [
    Case("nothing named", "sync_job", {}, ["required", "service_principal_id, app_id, display_name"]),
    Case("two names", "sync_job", {**HERE, "app_id": CUSTOM}, ["mutually exclusive", "app_id|display_name"]),
    Case("two jobs", "sync_job", {**HERE, "job_id": "1", "template_id": "scim"}, ["mutually exclusive", "job_id"]),
    Case("an unknown option", "sync_job", {**HERE, "colour": "red"}, ["entra.provisioning.sync_job", "colour"]),
    Case("an unknown suboption", "sync_secrets", {**HERE, "notification": {"to": "a@b.example"}}, ["notification.to"]),
    Case("an unknown state", "sync_job", {**HERE, "state": "gone"}, ["state", "present, absent", "gone"]),
    Case("no number", "sync_job", {**HERE, "timeout": "soon"}, ["timeout", "int"]),
    Case("no boolean", "sync_job", {**HERE, "enabled": "maybe"}, ["enabled", "bool"]),
    Case("no action", "sync_job_action", HERE, ["required", "action"]),
    Case("no template", "sync_template", HERE, ["required", "template_id"]),
    Case("an unknown subset", "sync_info", {"gather": ["gossip"]}, ["gather", "gossip"]),
    Case("an empty application", "sync_info", {"applications": [{}]}, ["required", "display_name"]),
    Case("a name with blanks around it", "gallery_application", {"display_name": " New"}, ["' New'", "blanks"]),
    Case("no schema", "sync_schema", HERE, ["state is present", "schema, from_job"]),
    Case("half a schema", "sync_schema", {**HERE, "schema": {"directories": []}}, ["synchronizationRules", "whole"]),
    Case("nobody named", "app_role_assignment", HERE, ["Nobody is named"]),
    Case(
        "an unknown key", "sync_secrets", {**HERE, "secrets": {"secret_token": "words"}}, ["Did you mean SecretToken?"]
    ),
    Case("an unknown setting", "sync_secrets", {**HERE, "settings": {"Colour": "red"}}, ["'Colour'", "BaseAddress"]),
    Case("a mask as a secret", "sync_secrets", {**HERE, "secrets": {"SecretToken": "*"}}, ["SecretToken", "mask"]),
    Case("a short secret", "sync_secrets", {**HERE, "secrets": {"SecretToken": "abc"}}, ["four characters"]),
    Case("a setting as a secret", "sync_secrets", {**HERE, "secrets": {"SyncAll": "true"}}, ["the option scope"]),
    Case("no dictionary of secrets", "sync_secrets", {**HERE, "secrets": "words"}, ["secrets", "dict"]),
    Case(
        "blanked notification settings",
        "sync_secrets",
        {**HERE, "settings": {"SyncNotificationSettings": ""}},
        ["SyncNotificationSettings", "without a value"],
    ),
    Case(
        "a variable that is not set",
        "sync_secrets",
        {**HERE, "secrets": {"SecretToken": ""}},
        ["SecretToken is given without a value", "remove: [SecretToken]"],
    ),
    Case(
        "nobody to tell",
        "sync_secrets",
        {**HERE, "notification": {"recipients": [""]}},
        ["notification.recipients", "without a value"],
    ),
    Case("a token that is a number", "sync_secrets", {**HERE, "secrets": {"SecretToken": 12345}}, ["in quotes"]),
    Case("removed JSON", "sync_secrets", {**HERE, "remove": ["Domain"]}, ["Domain holds JSON", "cannot be blanked"]),
    Case(
        "a secret that would get lost",
        "sync_secrets",
        {**HERE, "settings": {"BaseAddress": "https://other.example"}},
        ["Nothing was written", "SecretToken", "allow_partial"],
    ),
    Case("a negative threshold", "sync_secrets", {**HERE, "delete_threshold": -1}, ["delete_threshold takes 0"]),
    Case(
        "a full restart without a word",
        "sync_job_action",
        {**HERE, "action": "restart", "reset_scope": ["Full"]},
        ["matched anew", "confirm"],
    ),
    Case(
        "a reset without a restart",
        "sync_job_action",
        {**HERE, "action": "start", "reset_scope": ["Watermark"]},
        ["reset_scope belongs to the action restart"],
    ),
    Case("provision nobody", "sync_job_action", {**HERE, "action": "provision_on_demand"}, ["users or groups"]),
]
