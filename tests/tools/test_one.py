# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/one.py: the command for one test, of whatever kind."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tools.one import ROOT, command

PYTEST = [sys.executable, "-m", "pytest", "-q"]
MAKE = ["make", "--no-print-directory"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "tests/unit/plugins/modules/test_documentation.py",
            [*PYTEST, "tests/unit/plugins/modules/test_documentation.py"],
        ),
        ("./tests/tools/test_one.py::test_x[a/b]", [*PYTEST, "tests/tools/test_one.py::test_x[a/b]"]),
        ("tests/faults/", [*PYTEST, "tests/faults"]),
        ("tests/integration/targets/sync_job", [*MAKE, "integration", "TARGETS=sync_job"]),
        ("tests/integration/targets/sync_job/tasks/main.yml", [*MAKE, "integration", "TARGETS=sync_job"]),
        ("extensions/molecule/onboard", [*MAKE, "molecule", "SCENARIO=onboard"]),
        ("tests/package/onboard.yml", [*MAKE, "package", "PLAYBOOKS=onboard"]),
        ("tests/sdk/test_sdk_life.py", [*MAKE, "sdk", "TESTS=tests/sdk/test_sdk_life.py"]),
    ],
)
def test_each_kind_has_its_command(path: str, expected: list[str]) -> None:
    assert command(path) == expected


def test_every_test_of_the_checkout_has_a_command() -> None:
    for pattern in (
        "tests/**/test_*.py",
        "tests/integration/targets/*",
        "extensions/molecule/*/",
        "tests/package/*.yml",
    ):
        for path in ROOT.glob(pattern):
            assert command(str(path.relative_to(ROOT)))


@pytest.mark.parametrize(
    ("path", "says"),
    [("tests/faults/test_nothing.py", "does not exist"), ("plugins/modules/sync_job.py", "is not a test")],
)
def test_what_is_no_test_is_refused(path: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        command(path)


def test_the_makefile_has_what_the_commands_name() -> None:
    makefile = Path(ROOT, "Makefile").read_text("utf-8")
    for variable in ("TARGETS", "SCENARIO", "PLAYBOOKS", "TESTS"):
        assert re.search(rf"\$\((if \$\()?{variable}\b", makefile), variable
