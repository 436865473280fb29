# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.coverage FOLDER``: what of the plugins the unit tests alone run, in lines and in branches.

FOLDER is the copy of the collection that ansible_collections is importable from. Every file with lines that nothing
runs is listed with their numbers. The end is a line that tools/checks.py counts; it fails below LEAST percent of the
lines. coverage's own limit would mix lines and branches into one figure.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / ".build" / "coverage" / "report.json"
# Percent of the lines.
LEAST = 95.0

Report = dict[str, t.Any]


def measure(collection: Path) -> int:
    """Run the unit tests of a copy of the collection, write the report, and return pytest's code."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(collection.parents[2]),
        "COVERAGE_FILE": str(REPORT.with_name("data")),
    }
    options = [
        f"--cov={collection / 'plugins'}",
        f"--cov-config={ROOT / 'pyproject.toml'}",
        f"--cov-report=json:{REPORT}",
    ]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-n", "2", "tests/unit", *options]
    return subprocess.run(command, cwd=collection, env=environment, check=False).returncode


def table(report: Report) -> str:
    """The files with lines that nothing ran, the worst first."""
    files = [(name, one["summary"], one["missing_lines"]) for name, one in report["files"].items()]
    files = sorted((one for one in files if one[2]), key=lambda one: (-len(one[2]), one[0]))
    return "\n".join(
        f"{len(missing):>4} of {summary['num_statements']:>4} lines  {name[name.find('plugins/') :]}: {spans(missing)}"
        for name, summary, missing in files
    )


def spans(numbers: t.Iterable[int]) -> str:
    """Line numbers, neighbours together: ``3, 5-7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(one[0]) if len(one) == 1 else f"{one[0]}-{one[-1]}" for one in runs)


def verdict(report: Report, least: float) -> tuple[bool, str]:
    """Whether enough lines ran, and the sentence that says so.

    A report without a line is that of a run that measured the wrong folder: it is not enough.
    """
    total = report["totals"]
    lines = _percent(total["covered_lines"], total["num_statements"])
    branches = _percent(total["covered_branches"], total["num_branches"])
    enough = lines >= least
    return enough, (
        f"{'PASS' if enough else 'FAIL'} coverage of plugins/ by the unit tests: {lines:.1f} % of "
        f"{total['num_statements']} lines (at least {least:g} %), {branches:.1f} % of {total['num_branches']} branches"
    )


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0


def main() -> int:
    """Measure and tell; 1 where a test failed or too few lines ran."""
    parser = argparse.ArgumentParser(prog="coverage")
    parser.add_argument("collection", type=Path)
    REPORT.unlink(missing_ok=True)
    code = measure(parser.parse_args().collection.resolve())
    if code:
        return code
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    enough, sentence = verdict(report, LEAST)
    print(f"{table(report)}\n{sentence}", flush=True)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
