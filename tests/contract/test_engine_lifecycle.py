# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job through start, pause, restart and quarantine; no target is needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.engine_world import BEGIN, TENANT, World, example
from tests.graphsim.engine import connection, lifecycle
from tests.graphsim.engine.connection import ConnectionRefused
from tests.graphsim.engine.memory import Escrow, Link

JOBS = example("job_examples.json")
NOWHERE = {"BaseAddress": "http://127.0.0.1:9/scim", "SecretToken": "x"}


def shape(document: object) -> object:
    """The keys of a document, all the way down."""
    if isinstance(document, dict):
        return {key: shape(value) for key, value in document.items()}
    return None


def test_a_new_job_is_the_example() -> None:
    job = lifecycle.new_job("scim", TENANT, BEGIN)
    assert job["id"].startswith("scim.9188040d6c674c5b8f11aaaabbbbcccc.")
    assert {**job, "id": ""} == {**JOBS["created"], "id": ""}


def test_the_other_shapes_of_a_new_job() -> None:
    reference = lifecycle.new_job("scim", TENANT, BEGIN, status_code="NotConfigured")
    assert reference["schedule"]["interval"] == "P10675199DT2H48M5.4775807S"
    assert "synchronizationJobSettings" not in reference
    assert "progress" not in reference["status"]
    aliased = lifecycle.new_job("AD2AADProvisioning", TENANT, BEGIN, echo_template_id="ADDCInPassthrough")
    assert (aliased["templateId"], aliased["schedule"]["interval"]) == ("ADDCInPassthrough", "PT20M")
    assert aliased["id"].startswith("AD2AADProvisioning.")


@pytest.mark.parametrize("code", ["Paused", "NotConfigured"])
def test_start_makes_the_first_cycle_due(code: str) -> None:
    world = World()
    world.context.job = lifecycle.new_job("scim", TENANT, BEGIN, status_code=code)
    assert not lifecycle.due(world.job, world.memory, BEGIN)
    world.start()
    assert lifecycle.due(world.job, world.memory, BEGIN)
    expected, status = JOBS["started_not_run_yet"], world.status
    assert (world.job["schedule"], shape(status)) == (expected["schedule"], shape(expected["status"]))
    for key in ("code", "quarantine", "troubleshootingUrl"):
        assert status[key] == expected["status"][key]
    execution = {**status["lastExecution"], "activityIdentifier": ""}
    assert execution == {**expected["status"]["lastExecution"], "activityIdentifier": ""}


def test_start_of_a_running_job_does_nothing() -> None:
    world = World()
    world.start()
    world.memory.next_run = BEGIN + timedelta(minutes=40)
    world.start()
    assert world.memory.next_run == BEGIN + timedelta(minutes=40)


@pytest.mark.parametrize("state", ["Paused", "Disabled"])
def test_pause_keeps_what_the_job_knows(state: str) -> None:
    world = World()
    world.start()
    world.memory.watermark = world.memory.completed = True
    lifecycle.pause(world.job, world.memory, BEGIN, state)
    assert (world.job["schedule"]["state"], world.status["code"]) == (state, "Paused")
    assert not lifecycle.due(world.job, world.memory, BEGIN + timedelta(days=9))
    world.start()
    assert (world.status["code"], world.memory.watermark) == ("Active", True)


def known() -> World:
    """A job that has links, a failed object and a watermark."""
    world = World()
    world.start()
    world.memory.links["ann"] = Link("User", "x", "T")
    world.memory.escrows["bob"] = Escrow("c", "m", "t", "print of bob")
    world.memory.totals["User to x"] = 1
    world.memory.watermark = world.memory.completed = True
    world.memory.next_run = BEGIN + timedelta(minutes=40)
    return world


@pytest.mark.parametrize(
    ("scopes", "watermark", "escrows", "links", "forced"),
    [
        ((), False, 0, 1, False),
        (("Watermark",), False, 1, 1, False),
        (("Escrows",), True, 0, 1, False),
        (("QuarantineState",), True, 1, 1, False),
        (("Full",), False, 0, 0, False),
        (("ConnectorDataStore",), True, 1, 0, False),
        (("ForceDeletes",), True, 1, 1, True),
    ],
)
def test_restart_forgets_what_it_names(
    scopes: tuple[str, ...], watermark: bool, escrows: int, links: int, forced: bool
) -> None:
    world = known()
    world.restart(*scopes)
    memory = world.memory
    assert (memory.watermark, len(memory.escrows), len(memory.links)) == (watermark, escrows, links)
    assert memory.force_deletes is forced
    assert lifecycle.due(world.job, memory, BEGIN)
    assert ("bob" in memory.fingerprints) is ("Escrows" in scopes or not scopes or "Full" in scopes)


def test_restart_starts_a_paused_job() -> None:
    world = known()
    lifecycle.pause(world.job, world.memory, BEGIN, "Paused")
    world.restart()
    assert (world.job["schedule"]["state"], world.status["code"]) == ("Active", "Active")


def test_a_new_schema_makes_the_next_cycle_initial() -> None:
    world = known()
    lifecycle.schema_changed(world.job, world.memory, BEGIN)
    assert not world.memory.watermark
    assert lifecycle.due(world.job, world.memory, BEGIN)
    lifecycle.pause(world.job, world.memory, BEGIN, "Paused")
    lifecycle.schema_changed(world.job, world.memory, BEGIN)
    assert not lifecycle.due(world.job, world.memory, BEGIN)


def test_start_without_secrets_is_quarantine() -> None:
    world = World()
    world.start()
    world.cycle()
    expected = JOBS["quarantine_bad_credentials"]["status"]
    assert shape(world.status) == shape({**expected, "quarantine": world.status["quarantine"]})
    assert world.status["quarantine"].keys() == expected["quarantine"].keys()
    assert (world.status["code"], world.job["schedule"]["state"]) == ("Quarantine", "Active")
    assert world.status["quarantine"]["reason"] == "EncounteredQuarantineException"
    assert world.status["quarantine"]["error"]["code"] == "CredentialsMissing"
    assert world.status["lastExecution"]["state"] == "Failed"


def test_retries_grow_rarer_and_end_after_four_weeks() -> None:
    world = World()
    world.context.secrets.update(NOWHERE)
    world.start()
    waits = []
    while world.memory.next_run:
        world.context.now = world.memory.next_run
        world.run(timedelta())
        if world.memory.next_run:
            waits.append((world.memory.next_run - world.context.now) // timedelta(hours=1))
    assert waits[:4] == [6, 12, 24, 24]
    assert world.context.now - BEGIN >= timedelta(days=28)
    assert world.context.now - BEGIN < timedelta(days=29)
    assert world.job["schedule"]["state"] == "Disabled"
    assert world.status["quarantine"]["seriesCount"] == len(waits) + 1
    assert world.status["quarantine"]["seriesBegan"] == "2026-11-05T08:00:00Z"


def test_start_and_quarantine_state_lift_a_quarantine() -> None:
    world = World()
    world.start()
    world.cycle()
    world.restart("Watermark")
    assert world.status["code"] == "Quarantine"
    assert lifecycle.due(world.job, world.memory, world.context.now)
    world.restart("QuarantineState")
    assert (world.status["code"], world.status["quarantine"]) == ("NotRun", None)
    world.cycle()
    assert world.status["code"] == "Quarantine"
    world.start()
    assert (world.status["code"], world.status["quarantine"]) == ("NotRun", None)


def test_connection_of_other_templates() -> None:
    cloud, api = example("ad2aad_cloud_sync_excerpt.json"), example("api2aad_inbound.json")
    cross = {"directories": [{"name": "a", "objects": [{"name": "User"}]}], "synchronizationRules": []}
    assert [connection.kind(one) for one in (cloud, api, cross)] == ["active_directory", "api", "cross_tenant"]
    connection.check({"Domain": '{"domain":"contoso.com"}'}, cloud)
    connection.check({}, api)
    connection.check({"AuthenticationType": "SyncPolicy", "CompanyId": "x"}, cross)
    with pytest.raises(ConnectionRefused, match="CompanyId") as caught:
        connection.check({"AuthenticationType": "SyncPolicy"}, cross)
    assert (caught.value.code, caught.value.status) == ("CredentialsMissing", None)


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:9/scim", "http://[", "https://"])
def test_addresses_that_lead_nowhere(address: str) -> None:
    with pytest.raises(ConnectionRefused) as caught:
        connection.check({"BaseAddress": address, "SecretToken": "hush"}, example("customappsso_default.json"))
    assert caught.value.code == "SystemForCrossDomainIdentityManagementInvalidCredentials"
    assert "hush" not in caught.value.message


@pytest.mark.parametrize("token", ["hush\nhush", "hush\u2603"])
def test_a_token_that_no_header_carries_stays_secret(token: str) -> None:
    with pytest.raises(ConnectionRefused) as caught:
        connection.check({**NOWHERE, "SecretToken": token}, example("customappsso_default.json"))
    assert "hush" not in caught.value.message


def test_cloud_sync_cycles_count_nothing() -> None:
    world = World(schema="ad2aad_cloud_sync_excerpt.json")
    world.context.secrets["Domain"] = '{"domain":"contoso.com"}'
    world.start()
    assert world.cycle() == []
    assert (world.status["code"], world.status["lastExecution"]["countImported"]) == ("Active", 0)


def test_inbound_jobs_need_a_notification_address() -> None:
    world = World(schema="api2aad_inbound.json")
    world.start()
    world.cycle()
    assert world.status["quarantine"]["error"]["code"] == "InvalidNotificationSettings"
    world.context.secrets["SyncNotificationSettings"] = '{"Enabled":true,"Recipients":"idm@contoso.com"}'
    world.restart()
    world.cycle()
    assert world.status["code"] == "Active"


def test_memory_is_json() -> None:
    world = known()
    document = world.memory.document()
    assert document["links"]["ann"]["target_id"] == "T"
    assert document["next_run"] == "2026-11-05T08:40:00+00:00"
