# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/checks.py: counting and judging the output of the stages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

import pytest

from tools.checks import MINUTES, ROOT, SHARES, Count, Outcome, _run, count, judge, outgrown, table

SANITY = """Running sanity test "ansible-doc"
Running sanity test "compile" on Python 3.11
WARNING: Reviewing previous 1 warning(s):
"""


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("....\n4 passed in 0.03s\n", Count(4)),
        ("== 1 failed, 12 passed, 2 skipped, 1 error in 3.20s ==\n", Count(12, 2, 2)),
        ("===== 3 passed, 1 xfailed, 1 warning in 61.00s (0:01:01) =====", Count(3, 0, 1)),
        ("2 passed in 1.0s\n===== 3 passed in 2.0s =====\n", Count(5)),
        ("\x1b[32m\x1b[1m7 passed\x1b[0m\x1b[32m in 0.1s\x1b[0m", Count(7)),
        ("no tests ran in 0.00s", Count()),
        (SANITY, Count(2)),
        (SANITY + "ERROR: The 1 sanity test(s) listed below (out of 2) failed.", Count(1, 1)),
        ("Running setup_control integration test role\nRunning sync_job integration test role\n", Count(2)),
        ("PASS ruff check\nFAIL mypy\n  PASS is no mark here\n", Count(1, 1)),
        ("12 passed the exam in the 3rd year", Count()),
    ],
)
def test_count(log: str, expected: Count) -> None:
    assert count(log) == expected


def test_a_stage_that_ends_badly_without_a_failed_test_counts_as_one() -> None:
    outcome = judge("units", 1.0, 2, "3 passed in 0.1s")
    assert (outcome.count, outcome.verdict) == (Count(3, 1), "ended with 2")


def test_a_stage_that_tests_nothing_fails() -> None:
    outcome = judge("sanity", 1.0, 0, "WARNING: All targets skipped.")
    assert (outcome.count, outcome.verdict) == (Count(0, 1), "tested nothing")


def test_a_stage_with_failed_tests_fails_whatever_it_returns() -> None:
    assert judge("lint", 1.0, 0, "PASS a\nFAIL b").verdict == "failed"


def test_table_has_a_line_per_stage() -> None:
    outcomes = [Outcome("lint", 3.2, Count(7), "ok", 2.5), Outcome("sanity", 41.0, Count(23, 1), "failed", 60.0)]
    assert [line.split() for line in table(outcomes).splitlines()[1:]] == [
        ["lint", "3.2", "2.5", "7", "0", "0", "ok"],
        ["sanity", "41.0", "60.0", "23", "1", "0", "failed"],
    ]


def test_a_stage_that_outgrew_its_share_is_named() -> None:
    within, beyond = SHARES["lint"] - 1, SHARES["faults"] + 7
    (sentence,) = outgrown([Outcome("lint", 1, Count(1), "ok", within), Outcome("faults", 1, Count(1), "ok", beyond)])
    assert sentence.startswith(f"faults took {beyond} s of a processor; its share of the 8 minutes is {beyond - 7} s")
    assert outgrown([Outcome("new", 1, Count(1), "ok", 1.0)]) != []


def test_the_shares_fit_into_the_minutes_and_are_those_of_the_stages() -> None:
    assert sum(SHARES.values()) <= MINUTES * 60 * 2
    makefile = (ROOT / "Makefile").read_text("utf-8")
    stages = re.search(r"^STAGES +:= (.*)", makefile, re.MULTILINE)
    assert stages and set(stages[1].split()) == set(SHARES)


def test_what_a_stage_takes_is_measured_with_all_that_it_started() -> None:
    busy = "import time\nwhile time.process_time() < 0.4: pass"
    script = f"{sys.executable} -c '{busy}' & wait; echo '1 passed in 0.1s'"
    with tempfile.TemporaryFile() as output:
        code, processor = _run(["bash", "-c", script], dict(os.environ), output)
    assert code == 0
    assert 0.4 <= processor < 3


def test_the_last_line_counts_and_a_failure_is_shown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.checks", "help", "no-such-target"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    *_rest, counts, minutes = done.stdout.splitlines()
    assert counts == "0 passed, 2 failed"
    assert re.fullmatch(r"\d+\.\d minutes", minutes)
    assert "No rule to make target" in done.stdout
