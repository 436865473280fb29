# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SCIM target of the demo is a SCIM server, says scim2-tester; and what that one asks is SCIM, says our judge."""

from __future__ import annotations

import re
import sys

import pytest

from tests.harness.simulator import Simulator

if sys.version_info < (3, 11):
    pytest.skip("scim2-tester does not know the scim2-server of Python 3.10", allow_module_level=True)

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import CheckResult, Status, check_server
from scim2_tester.discovery import get_all_available_tags

# What the tester asks to be refused, and a search over everything, which the engine does not know.
ON_PURPOSE = re.compile(
    r"(POST|PUT|PATCH|DELETE) /v2/(ServiceProviderConfig|ResourceTypes|Schemas): discovery is asked by GET alone"
    r"|GET /v2/[-0-9a-f]{36}: no endpoint of SCIM"
    r"|POST /v2/\.search: no endpoint of SCIM"
)


@pytest.fixture(scope="module")
def results(running_simulator: Simulator) -> tuple[list[CheckResult], list[str]]:
    """What the tester found, and what the judge found in the tester's requests."""
    scim = running_simulator.ready["scim"]
    headers = {"Authorization": f"Bearer {scim['token']}"}
    with httpx2.Client(base_url=scim["base_address"], headers=headers, trust_env=False) as client:
        found = check_server(SyncSCIMClient(client))
    return found, running_simulator.target_violations()


def test_every_check_succeeds(results: tuple[list[CheckResult], list[str]]) -> None:
    """None is skipped, none is only acceptable."""
    assert [one for one in results[0] if one.status is not Status.SUCCESS] == []


def test_every_kind_of_check_was_made(results: tuple[list[CheckResult], list[str]]) -> None:
    made = {tag for one in results[0] for tag in one.tags}
    assert {*get_all_available_tags()} <= made
    checked = {(one.title, one.resource_type) for one in results[0]}
    for kind in ("User", "Group"):
        for what in ("creation", "query", "query_without_id", "replacement", "deletion"):
            assert (f"object_{what}", kind) in checked
        for what in ("add", "replace", "remove"):
            assert (f"check_{what}_attribute", kind) in checked


def test_the_judge_finds_only_what_is_wrong_on_purpose(results: tuple[list[CheckResult], list[str]]) -> None:
    assert [one for one in results[1] if not ON_PURPOSE.fullmatch(one)] == []
    assert len(results[1]) > 12
