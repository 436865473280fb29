# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook probe_tenant: what it finds is what the simulator was told to be, and it leaves nothing behind."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.faults.tokens import access_token
from tests.graphsim.control.quirks import QUIRKS
from tests.harness.playbook import Result, run_playbook
from tests.harness.simulator import Simulator

# What the playbook says that it cannot measure.
UNSEEN = {"on_demand_limit", "assignment_lag"}
SETS: dict[str, dict[str, Any]] = {
    "as documented": {
        "secrets_put": "replace",
        "state_after_pause": "Disabled",
        "code_after_create": "NotConfigured",
        "create_status": 201,
        "second_job": "conflict",
        "on_demand_shape": "reference",
        "batch": "refused",
        "permission_denied": "403",
        "schema_echo": "none",
        "identical_put": "no_restart",
        "page_size": 1,
        "template_alias": {"scim": "SCIM"},
    },
    "as seen": {
        "secrets_put": "merge",
        "secrets_lag": 4,
        "state_after_pause": "Paused",
        "code_after_create": "Paused",
        "create_status": 200,
        "second_job": "create",
        "on_demand_shape": "live",
        "replication": 4,
        "batch": "supported",
        "permission_denied": "401_unknown",
        "schema_echo": "noise",
        "identical_put": "restarts",
        "page_size": 1,
    },
    "mixed": {"second_job": "return_existing", "secrets_put": "merge", "batch": "refused", "page_size": 1},
}
# A set that is probed by somebody who gives neither a target nor a client without permissions.
POOR = "mixed"
UNSEEN_BY_THE_POOR = {"identical_put", "permission_denied"}
# Two that start at the same moment may choose the same port for their targets.
STARTING = threading.Lock()


def probe(simulator: Simulator, file: Path | None = None, **how: Any) -> Result:
    nobody, scim = simulator.client(2), simulator.ready["scim"]
    variables = {
        "probe_confirm": True,
        "probe_tenant_id": simulator.ready["tenant_id"],
        "probe_seconds": 30,
        "probe_cycle_seconds": 4,
        "probe_base_address": scim["base_address"],
        "probe_secret_token": scim["token"],
        "probe_denied_client_id": nobody["client_id"],
        "probe_denied_client_secret": nobody["client_secret"],
        "probe_file": str(file or ""),
        **how.pop("variables", {}),
    }
    environment = {**simulator.environment(), "ANSIBLE_PIPELINING": "1"}
    how = {"env": environment, "verbosity": 4, **how}
    return run_playbook("entra.provisioning.probe_tenant", extra_vars=variables, **how)


def probed(folder: Path, name: str, quirks: dict[str, Any]) -> tuple[dict[str, Any], Result, list[str]]:
    """What the file of a probe says of a new simulator with these quirks, and what applications are left."""
    asked, found = folder / f"{name}.asked.json", folder / f"{name}.found.json"
    asked.write_text(json.dumps(quirks))
    with STARTING:
        started = Simulator("--quirks", str(asked))
    with started as simulator:
        before = kept(simulator)
        poor = {"probe_base_address": "", "probe_cycle_seconds": 0, "probe_denied_client_id": ""}
        result = probe(simulator, found, variables=poor if name == POOR else {})
        assert result.rc == 0, result.output
        assert kept(simulator) == before
        secrets = [simulator.ready["scim"]["token"], *(simulator.client(one)["client_secret"] for one in (0, 2))]
    return json.loads(found.read_text()), result, secrets


def kept(simulator: Simulator) -> dict[str, Any]:
    """The tenant, without what time does to it."""
    return {name: part for name, part in simulator.state().items() if name not in ("now", "logs")}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Any]]]:
    """A probe of each set, and one of the first set's own findings; two at a time."""
    folder = tmp_path_factory.mktemp("probe")
    with ThreadPoolExecutor(2) as pool:
        runs = {name: pool.submit(probed, folder, name, quirks) for name, quirks in SETS.items()}
        runs["again"] = pool.submit(lambda: probed(folder, "again", runs["as documented"].result()[0]))
        yield runs


def test_the_sets_have_each_value_that_can_be_seen() -> None:
    for name, (default, allowed, _unused) in QUIRKS.items():
        if " or " in allowed and name not in UNSEEN:
            values = {str(one.get(name, default)) for one in SETS.values()}
            assert values == set(allowed.replace(" or ", ", ").split(", ")), name


@pytest.mark.parametrize("name", SETS)
def test_what_is_found_is_what_was_set(findings: dict[str, Future[Any]], name: str) -> None:
    found, result, _unused = findings[name].result()
    unseen = UNSEEN | (UNSEEN_BY_THE_POOR if name == POOR else set())
    wanted = {quirk: values[0] for quirk, values in QUIRKS.items() if quirk not in unseen} | SETS[name]
    for quirk in ("replication", "secrets_lag"):
        # Seconds are counted with a real clock, on a machine that has other things to do; nothing is nothing.
        assert wanted[quirk] <= found[quirk] <= wanted[quirk] * 4, quirk
    assert {**found, "replication": wanted["replication"], "secrets_lag": wanted["secrets_lag"]} == wanted
    told = result.task("Tell what was found").result["msg"]
    assert told["quirks"] == found
    assert set(told["not_measured"]) == unseen
    assert f"ENTRA_SECRETS_PUT={wanted['secrets_put']}" in told["also"][1]
    assert ("it takes probe_base_address" if name == POOR else "takes the place of the stored token") in told["also"][0]


def test_a_simulator_with_the_file_gives_the_same_answers(findings: dict[str, Future[Any]]) -> None:
    assert findings["again"].result()[0] == findings["as documented"].result()[0]


@pytest.mark.parametrize("name", SETS)
def test_no_secret_is_seen_at_any_verbosity(findings: dict[str, Future[Any]], name: str) -> None:
    _unused, result, secrets = findings[name].result()
    assert [one for one in secrets if one in result.output] == []
    assert "eyJ" not in result.output and "Bearer " not in result.output


def test_check_mode_says_what_it_would_do_and_sends_nothing(simulator: Simulator, tmp_path: Path) -> None:
    mark = simulator.mark()
    result = probe(simulator, tmp_path / "quirks.json", check=True, variables={"probe_confirm": False})
    assert result.rc == 0, result.output
    assert "then make one" in str(result.last.result["msg"])
    assert simulator.requests(mark) == []
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"probe_confirm": False}, "probe_confirm to true"),
        ({"probe_tenant_id": "contoso.example"}, "not its domain"),
        ({"probe_display_name": "Plain OIDC app"}, "There is an application named Plain OIDC app already"),
        ({"probe_file": "/nowhere/at all/quirks.json"}, "there is no such folder"),
        ({"probe_client_secret": "not the secret"}, "answered 401 (AADSTS7000215). Look at probe_tenant_id"),
    ],
)
def test_what_is_not_meant_is_refused(simulator: Simulator, variables: dict[str, Any], says: str) -> None:
    mark = simulator.mark()
    result = probe(simulator, variables=variables)
    assert result.rc == 2
    assert says in result.last.result["msg"]
    assert simulator.writes(mark) == []


def test_the_tenant_must_be_the_one_that_was_named(simulator: Simulator) -> None:
    variables = {
        "probe_tenant_id": "33333333-4444-5555-6666-777777777777",
        "probe_access_token": access_token(simulator),
    }
    mark = simulator.mark()
    result = probe(simulator, variables=variables)
    assert result.rc == 2
    assert f"The token is for the tenant {simulator.ready['tenant_id']}, not for" in result.last.result["msg"]
    assert simulator.writes(mark) == []
    assert variables["probe_access_token"] not in result.output


@pytest.mark.parametrize(
    ("path", "fault", "step"),
    [
        ("/schema$", {"fault": "garbage", "skip": 2}, "Tell whether they came back as they were written"),
        ("/secrets$", {"fault": "drop_before", "times": 9}, "Write a whole bag"),
        ("/instantiate$", {"fault": "drop_after"}, "Make it"),
    ],
)
def test_a_failure_in_the_middle_leaves_nothing(
    simulator: Simulator, tmp_path: Path, path: str, fault: dict[str, Any], step: str
) -> None:
    before = kept(simulator)
    simulator.faults([{"match": {"path": path}, **fault}])
    result = probe(simulator, tmp_path / "quirks.json")
    assert result.rc == 2
    assert step in result.last.result["msg"]
    assert "can be run again" in result.last.result["msg"]
    assert kept(simulator) == before
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_removed_is_named(simulator: Simulator) -> None:
    kept_on = {"match": {"method": "DELETE"}, "times": 99, "fault": "status", "status": 403}
    # It ends early, so that the test does too.
    simulator.faults([kept_on, {"match": {"path": "/jobs$"}, "fault": "garbage"}])
    result = probe(simulator)
    assert result.rc == 2
    left = next(one["id"] for one in simulator.state()["applications"] if "probe" in one["displayName"])
    assert f"Remove it by hand: {left}" in result.last.result["msg"]
