# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates, proxies and clouds: which hosts are called, on which way, and whom of them to trust."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from tests.faults.cases import NAME, application, check_message
from tests.faults.recording_proxy import RecordingProxy
from tests.harness.playbook import Result
from tests.harness.simulator import Simulator
from tests.harness.wider import DOORS

READ = {"name": "read", "entra.provisioning.sync_job": {"display_name": NAME}}
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """One application with a job."""
    simulator.reset({"applications": [application(jobs=[{"template_id": "scim", "state": "paused"}])]})


@pytest.mark.parametrize("door", DOORS)
def test_ca_path_wins_over_the_bundle_of_the_environment(
    simulator: Simulator, run_playbook: Run, tmp_path: Path, door: str
) -> None:
    other, ours = tmp_path / "other.pem", simulator.ready["ca_path"]
    trustme.CA().cert_pem.write_to_path(str(other))
    bundles = {"REQUESTS_CA_BUNDLE": str(other), "CURL_CA_BUNDLE": str(other), "SSL_CERT_FILE": str(other)}
    assert run_playbook([READ], env=bundles, door=door).rc == 0
    without = {**simulator.options(), "ca_path": ""}
    refused = run_playbook([READ], defaults=without, env=bundles, door=door)
    check_message(refused.last.result["msg"], ["is not trusted", "ca_path"], answered=False)
    assert run_playbook([READ], defaults=without, env={"REQUESTS_CA_BUNDLE": ours}, door=door).rc == 0


def test_any_certificate_is_accepted_only_on_demand(simulator: Simulator, run_playbook: Run) -> None:
    result = run_playbook([READ], defaults={**simulator.options(), "ca_path": "", "validate_certs": False})
    assert result.rc == 0, result.output


DEAD = {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1", "NO_PROXY": "", "no_proxy": ""}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("as_keyword", [False, True], ids=["inherited", "keyword"])
def test_a_proxy_is_honoured(simulator: Simulator, run_playbook: Run, door: str, as_keyword: bool) -> None:
    task = READ | {"environment": DEAD} if as_keyword else READ
    result = run_playbook([task], env={} if as_keyword else DEAD, door=door, verbosity=4)
    says = ["Could not sign in", "the proxy for https://localhost", "HTTPS_PROXY and NO_PROXY"]
    check_message(result.last.result["msg"], says, answered=False)
    assert simulator.requests() == []
    assert "Traceback" not in result.output
    assert run_playbook([READ], env={**DEAD, "NO_PROXY": "localhost", "no_proxy": "localhost"}, door=door).rc == 0


# Source: the page "Microsoft Graph and Graph Explorer service root endpoints".
CLOUDS = {
    "global": ("login.microsoftonline.com", "graph.microsoft.com"),
    "usgov": ("login.microsoftonline.us", "graph.microsoft.us"),
    "usgov_dod": ("login.microsoftonline.us", "dod-graph.microsoft.us"),
    "china": ("login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_cloud_has_its_hosts(run_playbook: Run, cloud: str) -> None:
    """The proxy that all calls go to writes down where they were going, and lets none through."""
    read = {"display_name": NAME, "cloud": cloud, "timeout": 3}
    who = {"tenant_id": "contoso.example", "client_id": "me", "client_secret": "my secret"}
    tasks = [
        {"entra.provisioning.sync_job": {**read, **who}, "ignore_errors": True},
        {"entra.provisioning.sync_job": {**read, "access_token": "a token"}, "ignore_errors": True},
    ]
    with RecordingProxy() as proxy:
        result = run_playbook(tasks, defaults={}, env=proxy.environment())
    assert [task.status for task in result.tasks] == ["ignored", "ignored"]
    assert list(dict.fromkeys(proxy.asked)) == [f"{host}:443" for host in CLOUDS[cloud]]


def test_the_spellings_of_the_azure_tools_name_a_cloud(run_playbook: Run) -> None:
    task = {"entra.provisioning.sync_job": {"display_name": NAME, "access_token": "a token", "timeout": 1}}
    with RecordingProxy() as proxy:
        run_playbook([task], defaults={}, env={**proxy.environment(), "AZURE_CLOUD_ENVIRONMENT": "AzureUSGovernment"})
    assert set(proxy.asked) == {"graph.microsoft.us:443"}
