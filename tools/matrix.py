# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.matrix [NAME...]``: the tests of ansible-test on every supported ansible-core, and on the next one.

Two cores run at a time, each in .build/matrix/NAME: its environment, its copy of the checkout, its home folder. The
output of each stage goes to .build/logs/matrix-NAME-STAGE.log. A deprecation warning fails its stage; a core whose
Python is missing is named, counted as skipped and fails nothing. The last line is always ``N passed, N failed``.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from tools import deprecations
from tools.checks import LOGS, ROOT, Count, Outcome, Runner, judge
from tools.core_environment import NotPrepared, prepare
from tools.interpreters import find

BUILD = ROOT / ".build"
# The stages, and what to make for each.
TARGETS = {"sanity": "sanity", "units": "ansible-units", "integration": "integration"}
ALL = tuple(TARGETS)


@dataclass(frozen=True)
class Core:
    """One ansible-core: what pip is asked for, the Python it runs on, and what of the tests.

    ``doors`` are the values of entra_provisioning_fast_door with which integration runs, the roles with the first of
    them. ``pylint`` is what that reads; an empty text is everything, tests and tools too.
    """

    name: str
    requirement: str
    python: str
    doors: str
    stages: tuple[str, ...] = ALL
    pylint: str = "plugins/"


# Both doors where ansible-core differs most, at the ends, and on that of .build/venv, where `make test` takes
# one only; in between they take turns.
CORES = (
    Core("2.16", "ansible-core~=2.16.0", "3.11", "true false"),
    Core("2.17", "ansible-core~=2.17.0", "3.11", "true"),
    Core("2.18", "ansible-core~=2.18.0", "3.11", "false"),
    Core("2.19", "ansible-core~=2.19.0", "3.11", "true false"),
    Core("2.20", "ansible-core~=2.20.0", "3.12", "false"),
    Core("2.21", "ansible-core~=2.21.0", "3.13", "true false", pylint=""),
    # A range that names a pre-release lets pip choose one, for this package alone. Sanity is left out: of a pre-release
    # it takes pylint from a repository, not from an index.
    Core("next", "ansible-core>=2.21.0a0", "3.13", "true", ("integration",)),
)


@dataclass(frozen=True)
class Result:
    """What came of one core: ``warnings`` are its deprecation warnings, ``why`` is why nothing ran of it."""

    core: Core
    version: str = "-"
    seconds: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    why: str = ""

    @property
    def count(self) -> Count:
        """Of all stages; a core that did not run counts as one skipped."""
        return sum((one.count for one in self.outcomes), Count(skipped=1) if self.why else Count())


def judged(name: str, seconds: float, code: int, log: str) -> Outcome:
    """As tools.checks judges, and each deprecation warning is a failure."""
    outcome = judge(name, seconds, code, log)
    warnings = len(deprecations.found(log))
    if not warnings:
        return outcome
    verdict = f"{warnings} deprecation warning{'s' * (warnings > 1)}"
    count = replace(outcome.count, failed=outcome.count.failed + warnings)
    return replace(
        outcome, count=count, verdict=verdict if outcome.verdict == "ok" else f"{outcome.verdict}, {verdict}"
    )


def run(core: Core, runner: Runner) -> Result:
    """Prepare the core's environment and run its stages, one after the other."""
    start = time.monotonic()
    interpreter = find(core.python, environment()["PATH"])
    if interpreter is None:
        return Result(core, why=f"no Python {core.python} on PATH or among pyenv's versions")
    folder = BUILD / "matrix" / core.name
    print(f"... matrix-{core.name}-environment", flush=True)
    try:
        version = prepare(folder / "venv", interpreter, core.requirement)
    except NotPrepared as error:
        print(f"FAIL {core.name}: the environment could not be made\n{error}", flush=True)
        failed = Outcome("environment", time.monotonic() - start, Count(failed=1), "not prepared")
        return Result(core, seconds=failed.seconds, outcomes=[failed])
    if core.name == "next" and not re.search(r"[a-z]", version):
        return Result(core, version, why=f"no pre-release is newer than {version}")
    settings = [f"BUILD={folder}", f"SIMULATION={BUILD / 'venv'}", f"DOORS={core.doors}", f"PYLINT={core.pylint}"]
    logs = {stage: f"matrix-{core.name}-{stage}" for stage in core.stages}
    outcomes = [replace(runner.stage(log, TARGETS[stage], settings), name=stage) for stage, log in logs.items()]
    warnings = [
        f"{stage}: {text}"
        for stage, log in logs.items()
        for text in deprecations.found((LOGS / f"{log}.log").read_text(errors="replace"))
    ]
    return Result(core, version, time.monotonic() - start, outcomes, warnings)


def environment() -> dict[str, str]:
    """Ours without the main environment, whose tools must not stand in for those of a core."""
    main = str(BUILD / "venv" / "bin")
    path = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder != main]
    return {**os.environ, "PATH": os.pathsep.join(path)}


def summary(results: list[Result]) -> str:
    """A line per core, and below them what was not run and every deprecation warning."""
    heads = ("core", "ansible-core", "python", *ALL, "deprecated", "seconds", "result")
    lines = [_line(heads), *(_line(_cells(one)) for one in results)]
    lines += [f"\nNot run: {one.core.name}, {one.why}." for one in results if one.why]
    lines += [f"\nDeprecated on {one.core.name}, {text}" for one in results for text in one.warnings]
    return "\n".join(lines)


def _cells(result: Result) -> tuple[str, ...]:
    counts = {one.name: one.count for one in result.outcomes}
    tests = [_tests(counts.get(stage, Count())) for stage in ALL]
    verdicts = [f"{one.name} {one.verdict}" for one in result.outcomes if one.verdict != "ok"]
    outcome = "skipped" if result.why else "; ".join(verdicts) or "ok"
    seconds = f"{result.seconds:.0f}"
    return (result.core.name, result.version, result.core.python, *tests, str(len(result.warnings)), seconds, outcome)


def _tests(count: Count) -> str:
    return f"{count.passed}, {count.failed} failed" if count.failed else str(count.passed or "-")


def _line(cells: tuple[str, ...]) -> str:
    widths = (6, 14, 8, 16, 16, 16, 12, 9)
    return "".join(cell.ljust(width) for cell, width in zip(cells, widths)) + cells[-1]


def main() -> int:
    """Run the cores named on the command line, or all; 1 when a test failed or none ran."""
    parser = argparse.ArgumentParser(prog="matrix")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("cores", nargs="*", metavar="NAME", help=" ".join(one.name for one in CORES))
    arguments = parser.parse_args()
    known = {one.name: one for one in CORES}
    if unknown := [name for name in arguments.cores if name not in known]:
        parser.error(f"no core is named {' '.join(unknown)}; these are: {' '.join(known)}")
    runner = Runner(arguments.jobs, judged, environment())
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda name: run(known[name], runner), arguments.cores or list(known)))
    total = sum((one.count for one in results), Count())
    print(f"\n{summary(results)}\n\n{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
