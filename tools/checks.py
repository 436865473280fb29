# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.checks [--shares] STAGE...``: run make targets, two at a time, and count what they tested.

Each stage's output goes to .build/logs/STAGE.log; the output of one that fails is shown. A stage that succeeds without
having tested anything fails. The last two lines are always ``N passed, N failed`` and how many minutes it took.

With --shares a stage that took more than its share of `make test` is named.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / ".build" / "logs"

# What each stage of `make test` may take: eight minutes of two cores in all, as seconds of one. It is processor time,
# which other work on the machine changes little.
MINUTES = 8
SHARES = {
    "faults": 560,
    "units": 75,
    "contract": 52,
    "integration": 30,
    "tools": 57,
    "package": 22,
    "awx": 50,
    "lint": 52,
    "sanity": 40,
    "demo": 10,
}

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PYTEST_END = re.compile(r"^(?:=+ )?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s", re.MULTILINE)
_PYTEST_PART = re.compile(r"(\d+) ([a-z]+)")
_ANSIBLE_TEST = re.compile(r"^Running (?:sanity test|\S+ integration test)", re.MULTILINE)
_ANSIBLE_TEST_FAILED = re.compile(r"The (\d+) (?:sanity|integration) test\(s\) listed below", re.MULTILINE)
_MARK = re.compile(r"^(PASS|FAIL) ", re.MULTILINE)


@dataclass(frozen=True)
class Count:
    """How many tests of a stage passed, failed, were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


@dataclass(frozen=True)
class Outcome:
    """One stage that has run; `processor` are the seconds of one processor that it and all below it took."""

    name: str
    seconds: float
    count: Count
    verdict: str
    processor: float = 0.0


def count(log: str) -> Count:
    """Count in the output of pytest, of ansible-test, and in lines that begin with PASS or FAIL."""
    log = _COLOUR.sub("", log)
    total = Count()
    for end in _PYTEST_END.finditer(log):
        parts = {word.rstrip("s"): int(number) for number, word in _PYTEST_PART.findall(end[1])}
        broken = sum(parts.get(word, 0) for word in ("failed", "error", "xpassed"))
        total += Count(parts.get("passed", 0), broken, parts.get("skipped", 0) + parts.get("xfailed", 0))
    ran = len(_ANSIBLE_TEST.findall(log))
    broken = sum(int(number) for number in _ANSIBLE_TEST_FAILED.findall(log))
    total += Count(ran - broken, broken)
    marks = _MARK.findall(log)
    return total + Count(marks.count("PASS"), marks.count("FAIL"))


def judge(name: str, seconds: float, code: int, log: str) -> Outcome:
    """The outcome of a stage from its return code and its output."""
    found = count(log)
    if code and not found.failed:
        return Outcome(name, seconds, replace(found, failed=1), f"ended with {code}")
    if found.failed:
        return Outcome(name, seconds, found, "failed")
    if not found.passed:
        return Outcome(name, seconds, replace(found, failed=1), "tested nothing")
    return Outcome(name, seconds, found, "ok")


class Runner:
    """Runs stages, `jobs` at a time, and says how it goes.

    :param judge: what makes an outcome of a stage's name, seconds, return code and output.
    :param environment: what make and all below it find; without it, our own.
    """

    def __init__(
        self,
        jobs: int,
        judge: Callable[[str, float, int, str], Outcome] = judge,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._jobs = jobs
        self._judge = judge
        self._environment = os.environ if environment is None else environment
        self._speech = threading.Lock()

    def run(self, names: list[str]) -> list[Outcome]:
        """Run every stage, in this order as far as there is room; a failure does not stop the others."""
        with ThreadPoolExecutor(self._jobs) as pool:
            return list(pool.map(self.stage, names))

    def stage(self, name: str, target: str | None = None, settings: Sequence[str] = ()) -> Outcome:
        """Run one stage.

        :param target: what to make, where that is not the stage's name.
        :param settings: variables for make, as ``NAME=VALUE``.
        """
        self._say(f"... {name}")
        LOGS.mkdir(parents=True, exist_ok=True)
        log = LOGS / f"{name}.log"
        start = time.monotonic()
        # The flags of the make that called us belong to it alone.
        environment = {key: value for key, value in self._environment.items() if key not in ("MAKEFLAGS", "MFLAGS")}
        with open(log, "wb") as output:
            command = ["make", "--no-print-directory", target or name, *settings]
            code, processor = _run(command, environment, output)
        text = log.read_text(errors="replace")
        outcome = replace(self._judge(name, time.monotonic() - start, code, text), processor=processor)
        shown = "" if outcome.verdict == "ok" else f"\n{_end(text)}\n(all of it: {log})\n"
        self._say(f"{outcome.verdict:>3} {name}: {outcome.count.passed} passed, {outcome.seconds:.0f} s{shown}")
        return outcome

    def _say(self, text: str) -> None:
        with self._speech:
            print(text, flush=True)


def _run(command: list[str], environment: Mapping[str, str], output: IO[bytes]) -> tuple[int, float]:
    """The return code, and the seconds of a processor that the command took with all that it waited for."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def _end(text: str, lines: int = 150) -> str:
    return "\n".join(text.rstrip().splitlines()[-lines:])


def table(outcomes: list[Outcome]) -> str:
    """The summary, one line per stage."""
    lines = [f"{'stage':<14}{'seconds':>8}{'processor':>10}{'passed':>8}{'failed':>8}{'skipped':>9}  result"]
    for one in outcomes:
        lines.append(
            f"{one.name:<14}{one.seconds:>8.1f}{one.processor:>10.1f}{one.count.passed:>8}{one.count.failed:>8}"
            f"{one.count.skipped:>9}  {one.verdict}"
        )
    return "\n".join(lines)


def outgrown(outcomes: list[Outcome]) -> list[str]:
    """A sentence for each stage that took more than its share, or has none."""
    return [
        f"{one.name} took {one.processor:.0f} s of a processor; its share of the {MINUTES} minutes is "
        f"{SHARES.get(one.name, 0)} s (tools/checks.py). Leave repetitions to make wider (tests/harness/wider.py)."
        for one in outcomes
        if one.processor > SHARES.get(one.name, 0)
    ]


def main() -> int:
    """Run the stages named on the command line; 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="checks")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--shares", action="store_true")
    parser.add_argument("stages", nargs="+")
    arguments = parser.parse_args()
    start = time.monotonic()
    outcomes = Runner(arguments.jobs).run(arguments.stages)
    minutes = (time.monotonic() - start) / 60
    total = sum((one.count for one in outcomes), Count())
    print(f"\n{table(outcomes)}\n")
    if arguments.shares:
        print("".join(f"{sentence}\n" for sentence in outgrown(outcomes)))
    print(f"{total.passed} passed, {total.failed} failed\n{minutes:.1f} minutes", flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
