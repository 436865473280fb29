# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused before the first request, word for word: these sentences are all that an admin gets to read."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput, ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._options import Arguments
from ansible_collections.entra.provisioning.plugins.module_utils._sync import (
    extensions,
    fingerprint,
    given,
    moments,
    on_demand,
    principals,
    schemas,
    secrets,
)
from ansible_collections.entra.provisioning.plugins.module_utils._sync.principals import PLANNED
from ansible_collections.entra.provisioning.plugins.modules import sync_info, sync_job_action
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, graph, task

GUID = "11111111-1111-1111-1111-111111111111"
NOBODY = "needs somebody to act on: users or groups, or subjects for a source that is not Microsoft Entra ID."
EITHER = "The action bulk_upload needs something to upload: either records or operations, not both."
TOKEN = "The action acquire_access_token needs the credentials to sign in with, in secrets or settings."
ONE_OF_TWO = "belongs to the action provision_on_demand or remove_connections."
POST = {"method": "POST", "path": "/Users", "data": {"active": True}}


def _upload(*operations: t.Any, **more: t.Any) -> dict[str, t.Any]:
    return {"action": "bulk_upload", "operations": list(operations), **more}


def _without_requests(arguments: Arguments, run: t.Callable[[t.Any], t.Any], **params: t.Any) -> str:
    """Return what a module says of options without sending anything."""
    http = ScriptedHttp(routes={})
    made = task(arguments, http, service_principal_id=GUID, **params)
    with pytest.raises(ProvisioningError) as caught:
        run(made)
    assert http.sent == []
    return caught.value.message


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"action": "start", "reset_scope": ["Watermark"]}, "The option reset_scope belongs to the action restart."),
        ({"action": "start", "confirm_count": 3}, "The option confirm_count belongs to the action allow_deletes."),
        ({"action": "restart", "users": ["ada"]}, f"The option users {ONE_OF_TWO}"),
        ({"action": "pause", "groups": ["Sales"]}, f"The option groups {ONE_OF_TWO}"),
        ({"action": "start", "subjects": [{"id": "1"}]}, f"The option subjects {ONE_OF_TWO}"),
        (
            {"action": "restart", "reset_scope": ["Full"]},
            "Full forgets which accounts of source and target belong together, and all are matched anew. Set confirm "
            "to true if that is meant.",
        ),
        (
            {"action": "restart", "reset_scope": ["ForceDeletes", "Full"]},
            "ForceDeletes removes the accounts that the deletion threshold holds back; Full forgets which accounts of "
            "source and target belong together, and all are matched anew. Set confirm to true if that is meant.",
        ),
        (
            {"action": "restart", "reset_scope": ["ForceDeletes", "Escrows"], "confirm": True},
            "The reset scope ForceDeletes must be sent alone.",
        ),
        (
            {"action": "restart", "reset_scope": ["None", "ConnectorDataStore"], "confirm": True},
            "None only starts a job that rests; that is what the action start does; ConnectorDataStore forgets which "
            "accounts of source and target belong together, and is for Microsoft's support alone. Microsoft documents "
            "that it must not be used, so it is refused.",
        ),
        (
            {"action": "start", "wait_until": "steady_state"},
            "The option wait_until says what is waited for, so it needs wait: true.",
        ),
        (
            {"action": "allow_deletes"},
            "The action allow_deletes needs confirm_count, the number of accounts that it will disable or delete. With "
            "confirm_count 0 nothing is allowed, and the message tells the number.",
        ),
        ({"action": "acquire_access_token"}, TOKEN),
        ({"action": "provision_on_demand"}, f"The action provision_on_demand {NOBODY}"),
        ({"action": "remove_connections", "api_version": "beta"}, f"The action remove_connections {NOBODY}"),
        ({"action": "provision_on_demand", "subjects": [{"id": " "}]}, "An id in subjects is empty."),
        (
            {"action": "remove_connections", "users": ["ada@contoso.example"]},
            "Connections of objects are known to the beta version only: set api_version to beta.",
        ),
        ({"action": "bulk_upload"}, EITHER),
        (_upload(POST, records=[{"externalId": "1"}]), EITHER),
        (
            _upload({"path": "/Users"}),
            "The operation 1 has no method or no path, such as POST and /Users.",
        ),
        (
            _upload(POST, {"method": "post", "path": 7}),
            "The operation 2 has no method or no path, such as POST and /Users.",
        ),
        (
            _upload({"method": "GET", "path": "/Users"}),
            "The operation 1 has the method 'GET'; there are POST, PUT, PATCH, DELETE.",
        ),
        (
            _upload({"method": "put", "path": "/Users", "data": []}),
            "The operation 1 has no data, which is the record as a dictionary.",
        ),
        (
            _upload({**POST, "bulkId": "a"}, {**POST, "bulkId": "a"}, POST),
            "Each operation needs a bulkId of its own; 1 of 3 repeat that of another.",
        ),
        (
            {"action": "bulk_upload", "records": [{"externalId": str(one)} for one in range(5)] + [{}]},
            "6 of 6 records do not say whether the person is active: 1 (externalId 0), 2 (externalId 1), 3 (externalId "
            "2), 4 (externalId 3), 5 (externalId 4) and more. An update without it blocks the account "
            "(entra-id-inbound-provisioning issue 16). Give active, or set allow_missing_active to true if that is "
            "meant.",
        ),
    ],
)
def test_actions(params: dict[str, t.Any], message: str) -> None:
    assert _without_requests(sync_job_action.ARGUMENTS, sync_job_action.run, **params) == message


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"gather": ["connections"]},
            "The subset connections and the option object_ids need each other: connections have no list.",
        ),
        (
            {"gather": ["connections"], "object_ids": ["x"]},
            "The subset connections is in beta only: set the option api_version to beta.",
        ),
        ({"logs_hours": 0}, "The option logs_hours takes a number from 1."),
        ({"logs_limit": 0}, "The option logs_limit takes a number from 1."),
    ],
)
def test_reads(params: dict[str, t.Any], message: str) -> None:
    assert _without_requests(sync_info.ARGUMENTS, sync_info.run, **params) == message


def _secret(**values: t.Any) -> t.Callable[[], t.Any]:
    return lambda: given.wishes({"secrets": values, "settings": {}})


def _setting(**values: t.Any) -> t.Callable[[], t.Any]:
    return lambda: given.wishes({"secrets": {}, "settings": values})


def _planned(current: dict[str, str], **params: t.Any) -> secrets.Write:
    return secrets.planned(given.wishes(params), current, {**params, "update_secrets": "on_create"})


def _application(check_mode: bool = False, **params: t.Any) -> t.Callable[[], t.Any]:
    return lambda: principals.find(graph(ScriptedHttp(routes={})), params, check_mode=check_mode)


def _extension(name: str, *target_objects: str) -> t.Callable[[], t.Any]:
    return lambda: extensions.checked_name({"name": name, "target_objects": target_objects})


def _rule(kind: str | None, *sources: str) -> t.Callable[[], t.Any]:
    rules = [{"id": "r", "objectMappings": [{"sourceObjectName": one} for one in sources]}]
    return lambda: on_demand.rule({"synchronizationRules": rules}, kind)


MASKED = (
    "The value of {} is the mask that the service shows in the place of a secret. Writing it back would replace the "
    "secret; leave the key out to keep what is stored."
)
NO_ID = (
    "The option {} takes an id such as 11111111-2222-3333-4444-555555555555, not 'HR'. An application can also be "
    "named by display_name."
)
KEEP_FINGERPRINT = (
    "The option fingerprint takes the text that this module returned under the key fingerprint, unchanged. Leave it "
    "out to write the secrets and get a new one."
)


@pytest.mark.parametrize(
    ("refuse", "message"),
    [
        (_secret(SecretToken="*"), MASKED.format("SecretToken")),
        (_setting(BaseAddress="*"), MASKED.format("BaseAddress")),
        (
            _secret(secret_token="long enough"),
            "There is no credential or setting 'secret_token'. Did you mean SecretToken?",
        ),
        (
            _secret(Password="abc"),
            "The value of Password is shorter than four characters: Ansible cannot keep so short a text out of its "
            "output without spoiling other words. If it is no secret, give it in the option settings.",
        ),
        (_secret(SyncAll="true"), "SyncAll is no secret: set it with the option scope."),
        (_setting(SyncAll="true"), "Set SyncAll with the option scope, not with settings."),
        (
            _setting(SecretToken="x"),
            "SecretToken is a secret: give it in the option secrets, which keeps it out of all output.",
        ),
        (
            lambda: _planned({"BaseAddress": "*"}, settings={"BaseAddress": "x"}),
            "The service keeps BaseAddress secret. Give it in the option secrets, not in settings.",
        ),
        (
            lambda: given.wishes({"secrets": {"BaseAddress": "long"}, "settings": {"BaseAddress": "long"}}),
            "BaseAddress is given both in secrets and in settings.",
        ),
        (
            lambda: given.wishes({"delete_threshold": -1}),
            "The option delete_threshold takes 0 to switch the guard off, or a positive number.",
        ),
        (_application(service_principal_id="HR"), NO_ID.format("service_principal_id")),
        (_application(app_id="HR"), NO_ID.format("app_id")),
        (
            lambda: principals.find_all(graph(ScriptedHttp(routes={})), [{"app_id": "HR"}]),
            NO_ID.format("app_id"),
        ),
        (
            _application(service_principal_id=PLANNED),
            "The application exists only in the plan of a check mode run; run without check mode.",
        ),
        (
            _application(display_name=""),
            "The option that names the application is empty: service_principal_id, app_id or display_name.",
        ),
        (_extension("cost"), "The option target_objects is empty: say what has cost, such as User."),
        (
            _extension("cost center", "User"),
            "The name 'cost center' of a directory extension may have letters, digits and underscores only.",
        ),
        (
            _extension("extension_53c9e2c0aaaabbbbccccddddeeeeffff_cost", "User"),
            "The option name takes 'cost': the service puts extension_ and the application id before it.",
        ),
        (lambda: fingerprint.given({"fingerprint": "x", "update_secrets": "on_change"}), KEEP_FINGERPRINT),
        (
            lambda: fingerprint.given({"fingerprint": fingerprint.of({"a": "b"}), "update_secrets": "on_create"}),
            "The option fingerprint has no effect with update_secrets on_create; set that to on_change.",
        ),
        (
            lambda: moments.since("logs_since", "soon", datetime.datetime.now(datetime.timezone.utc)),
            "The option logs_since takes a moment like 2026-11-05T12:00:00Z, a date, or a number of hours, not 'soon'.",
        ),
        (
            _rule("Device", "User", "Group"),
            "The job provisions objects of the types Group, User. It does not provision objects of the type Device: no "
            "enabled object mapping has them as its source. Objects that are none of Microsoft Entra ID are named by "
            "their id there with the option subjects.",
        ),
        (
            _rule(None, "User", "Group"),
            "The job provisions objects of the types Group, User. Say in the option subjects which type is meant.",
        ),
        (
            _rule("User"),
            "The job provisions objects of the types (none). It does not provision objects of the type User: no "
            "enabled object mapping has them as its source. Objects that are none of Microsoft Entra ID are named by "
            "their id there with the option subjects.",
        ),
        (
            lambda: schemas.checked_document({"directories": {}}, "schema"),
            "The document in the option schema is no whole schema: it has nothing under synchronizationRules and "
            "directories. A write replaces the whole schema, so it must be complete, as entra.provisioning.sync_info "
            "returns it.",
        ),
    ],
)
def test_values(refuse: t.Callable[[], t.Any], message: str) -> None:
    with pytest.raises(ProvisioningError) as caught:
        refuse()
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("routes", "params", "status", "message"),
    [
        (
            {},
            {"app_id": GUID},
            404,
            f"There is no service principal with the application (client) id {GUID} in this tenant. An object id "
            "belongs into the option service_principal_id.",
        ),
        (
            {("GET", "/servicePrincipals"): {"value": []}},
            {"display_name": "HR"},
            404,
            "There is no application named 'HR' in this tenant. The name must be exact, including blanks; "
            "entra.provisioning.gallery_application makes one.",
        ),
        (
            {("GET", "/servicePrincipals"): {"value": [{"id": "1", "appId": "a"}, {"id": "2"}]}},
            {"display_name": "HR"},
            None,
            "There are 2 applications named 'HR': 1 (application id a); 2 (application id None). Say which one with "
            "the option service_principal_id.",
        ),
    ],
)
def test_applications_that_cannot_be_found(
    routes: t.Any, params: dict[str, str], status: int | None, message: str
) -> None:
    with pytest.raises(ProvisioningError) as caught:
        principals.find(graph(ScriptedHttp(routes=routes)), params)
    assert caught.value.message == message
    assert caught.value.facts.get("status") == status


def test_a_planned_application_has_no_name_yet() -> None:
    assert [str(principals.Principal(*one)) for one in ((PLANNED,), (GUID, "a", "HR"), (GUID, "a"), (GUID,))] == [
        "(not made yet)",
        "HR",
        "a",
        GUID,
    ]


def test_planned_applications_are_found_in_check_mode_only() -> None:
    named = [{"service_principal_id": PLANNED}, {"service_principal_id": GUID}]
    client = graph(ScriptedHttp(routes={}))
    assert [one.id for one in principals.find_all(client, named, check_mode=True)] == [PLANNED, GUID]
    with pytest.raises(BadInput, match="run without check mode"):
        principals.find_all(client, named)
