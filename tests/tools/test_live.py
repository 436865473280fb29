# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/live.py: what it takes for a tenant, and what it says was not run. A whole run is in tests/live."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tools.checks import ROOT
from tools.live import CONFIG, settings, skipped

LOG = """
Running sync_job integration test role
TASK [sync_job : Needs the simulator: a quarantine] ****************************
skipping: [testhost]
TASK [sync_job : Make the job] *************************************************
skipping: [testhost]
TASK [sync_job : Needs a target: credentials] **********************************
included: /somewhere/credentials.yml for testhost
Running \x1b[31msync_info\x1b[0m integration test role
TASK [sync_info : Needs the simulator: cycles] *********************************
skipping: [testhost] => (item=one)
skipping: [testhost] => (item=two)
"""


def test_what_was_skipped_for_want_of_something_is_named_once() -> None:
    assert skipped(LOG.splitlines()) == [
        "sync_job: Needs the simulator: a quarantine",
        "sync_info: Needs the simulator: cycles",
    ]


def test_the_template_is_a_configuration() -> None:
    live = settings(ROOT / f"{CONFIG}.template")["live"]
    assert {"options", "domain", "scim"} == set(live)


@pytest.mark.parametrize("content", [None, "", "graphsim: {}", "live: {domain: contoso.example}", "[live]"])
def test_what_names_no_tenant_is_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "integration_config.yml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SystemExit, match="integration_config.yml.template"):
        settings(file)


def test_a_target_without_a_task_for_a_tenant_says_so() -> None:
    """A target that can make something depends on setup_control, which knows where it runs."""
    targets = ROOT / "tests" / "integration" / "targets"
    for main in targets.glob("*/tasks/main.yml"):
        calls = "setup_control" in main.read_text() or "simulated.yml" in main.read_text()
        meta = main.parents[1] / "meta" / "main.yml"
        assert calls == (meta.exists() and yaml.safe_load(meta.read_text())["dependencies"] == ["setup_control"]), main
