# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/coverage.py: the verdict is of lines alone, and a measurement of nothing is no success."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools import coverage


def _report(lines: tuple[int, int], branches: tuple[int, int]) -> Any:
    totals = {"covered_lines": lines[0], "num_statements": lines[1]}
    return {"totals": totals | {"covered_branches": branches[0], "num_branches": branches[1]}, "files": {}}


@pytest.mark.parametrize(
    ("lines", "branches", "enough"),
    [
        ((95, 100), (0, 100), True),
        ((949, 1000), (100, 100), False),
        ((100, 100), (0, 0), True),
        ((0, 0), (0, 0), False),
    ],
)
def test_only_lines_decide(lines: tuple[int, int], branches: tuple[int, int], enough: bool) -> None:
    assert coverage.verdict(_report(lines, branches), 95.0)[0] is enough


def test_the_sentence_has_both_figures() -> None:
    _enough, sentence = coverage.verdict(_report((949, 1000), (3, 4)), 95.0)
    assert sentence == (
        "FAIL coverage of plugins/ by the unit tests: 94.9 % of 1000 lines (at least 95 %), 75.0 % of 4 branches"
    )


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([], ""), ([3], "3"), ([3, 5, 6, 7], "3, 5-7"), ([1, 2, 4, 8, 9], "1-2, 4, 8-9")],
)
def test_neighbours_are_told_together(numbers: list[int], told: str) -> None:
    assert coverage.spans(numbers) == told


def test_the_table_has_what_did_not_run_the_worst_first() -> None:
    files = {
        name: {"summary": {"num_statements": 9}, "missing_lines": missing}
        for name, missing in {"/x/plugins/a.py": [1], "/x/plugins/b.py": [], "/x/plugins/c.py": [1, 2]}.items()
    }
    assert coverage.table({"files": files}).splitlines() == [
        "   2 of    9 lines  plugins/c.py: 1-2",
        "   1 of    9 lines  plugins/a.py: 1",
    ]


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(coverage, "REPORT", tmp_path / "report" / "report.json")
    root = tmp_path / "ansible_collections" / "entra" / "provisioning"
    for folder in ("plugins/filter", "tests/unit"):
        (root / folder).mkdir(parents=True)
    (root / "plugins/filter/one.py").write_text(
        "import typing as t\nif t.TYPE_CHECKING:\n    import json\n\n\n"
        "def sign(number):\n    if number < 0:\n        return '-'\n    return '+'\n"
    )
    (root / "plugins/filter/never.py").write_text("X = 1\n")
    return root


TEST = "from ansible_collections.entra.provisioning.plugins.filter import one\n\n\ndef test():\n    assert "


def test_a_run_measures_the_copy_that_is_given(collection: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    (collection / "tests/unit/test_one.py").write_text(f"{TEST}one.sign(1) == '+'\n")
    monkeypatch.setattr("sys.argv", ["coverage", str(collection)])
    assert coverage.main() == 1
    said = capfd.readouterr().out
    assert "   1 of    1 lines  plugins/filter/never.py: 1\n" in said
    assert "   1 of    5 lines  plugins/filter/one.py: 8\n" in said
    assert (
        "FAIL coverage of plugins/ by the unit tests: 66.7 % of 6 lines (at least 95 %), 50.0 % of 2 branches" in said
    )


@pytest.mark.wider("The same run of `make coverage`, with a test that fails.")
def test_a_failed_test_is_no_measurement(collection: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    (collection / "tests/unit/test_one.py").write_text(f"{TEST}one.sign(1) == '-'\n")
    monkeypatch.setattr("sys.argv", ["coverage", str(collection)])
    assert coverage.main() == 1
    assert "coverage of plugins/" not in capfd.readouterr().out
