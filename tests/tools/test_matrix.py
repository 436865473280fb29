# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/matrix.py: which cores there are, how a run is judged, what is said of those that did not run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools import matrix
from tools.checks import ROOT, Count, Outcome
from tools.core_environment import NotPrepared
from tools.matrix import CORES, Core, Result, environment, judged, run, summary

CORE = Core("2.20", "ansible-core~=2.20.0", "3.12", "true")
WARNED = (
    "[DEPRECATION WARNING]: {} is going. Deprecation warnings can be disabled by setting deprecation_warnings=False"
)


class Stages:
    """Stands in for the runner: answers with what `outcomes` says, writes a log of `log`."""

    def __init__(self, logs: Path, log: str = "") -> None:
        self.called: list[tuple[str, str, list[str]]] = []
        self._logs, self._log = logs, log

    def stage(self, name: str, target: str, settings: list[str]) -> Outcome:
        self.called.append((name, target, settings))
        (self._logs / f"{name}.log").write_text(self._log)
        return judged(name, 2.0, 0, f"3 passed in 0.1s\n{self._log}")


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Every environment is there with 2.20.7; the logs lie in the folder returned."""
    monkeypatch.setattr(matrix, "find", lambda *_: Path("/python"))
    monkeypatch.setattr(matrix, "prepare", lambda *_: "2.20.7")
    monkeypatch.setattr(matrix, "LOGS", tmp_path)
    return tmp_path


def _matrix(*names: str, **changed: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.matrix", *names]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **changed}, capture_output=True, text=True, check=False)


def test_the_oldest_core_is_the_one_that_the_collection_requires() -> None:
    assert yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["requires_ansible"] == f">={CORES[0].name}.0"


def test_the_cores_follow_each_other_and_the_next_one_comes_after_the_last() -> None:
    *released, following = CORES
    minors = [int(one.name.removeprefix("2.")) for one in released]
    assert minors == list(range(minors[0], minors[0] + len(minors)))
    assert [one.requirement for one in released] == [f"ansible-core~={one.name}.0" for one in released]
    assert following.requirement == f"ansible-core>={released[-1].name}.0a0"


def test_the_oldest_and_the_newest_core_run_both_doors_and_every_core_one() -> None:
    assert CORES[0].doors == CORES[-2].doors == "true false"
    assert {door for one in CORES for door in one.doors.split()} == {"true", "false"}


def test_a_warning_fails_a_stage_that_passed() -> None:
    outcome = judged("units", 1.0, 0, "3 passed in 0.1s\n" + WARNED.format("this"))
    assert (outcome.count, outcome.verdict) == (Count(3, 1), "1 deprecation warning")


def test_a_stage_that_failed_and_warned_says_both() -> None:
    log = "\n\n".join(["1 failed, 3 passed in 0.1s", WARNED.format("this"), WARNED.format("that")])
    outcome = judged("units", 1.0, 1, log)
    assert (outcome.count, outcome.verdict) == (Count(3, 3), "failed, 2 deprecation warnings")


def test_a_stage_without_warnings_is_judged_as_ever() -> None:
    assert judged("units", 1.0, 0, "3 passed in 0.1s") == Outcome("units", 1.0, Count(3), "ok")


def test_every_stage_of_a_core_runs_in_its_own_folder_with_the_simulator_of_the_main_environment(
    prepared: Path,
) -> None:
    stages = Stages(prepared)
    result = run(CORE, stages)
    assert [call[:2] for call in stages.called] == [
        ("matrix-2.20-sanity", "sanity"),
        ("matrix-2.20-units", "ansible-units"),
        ("matrix-2.20-integration", "integration"),
    ]
    assert stages.called[0][2] == [
        f"BUILD={ROOT}/.build/matrix/2.20",
        f"SIMULATION={ROOT}/.build/venv",
        "DOORS=true",
        "PYLINT=plugins/",
    ]
    assert (result.version, result.count) == ("2.20.7", Count(9))


def test_the_summary_has_a_line_per_core_and_every_warning(prepared: Path) -> None:
    text = summary([run(CORE, Stages(prepared, WARNED.format("this")))])
    assert text.splitlines()[1].split()[:10] == ["2.20", "2.20.7", "3.12", *["3,", "1", "failed"] * 2, "3,"]
    assert "sanity 1 deprecation warning; units 1 deprecation warning; integration 1 deprecation warning" in text
    assert "Deprecated on 2.20, units: [DEPRECATION WARNING]: this is going." in text


def test_an_environment_that_cannot_be_made_is_a_failure_that_says_why(
    prepared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> str:
        raise NotPrepared("no matching distribution")

    monkeypatch.setattr(matrix, "prepare", fails)
    result = run(CORE, Stages(prepared))
    assert result.count == Count(failed=1)
    assert "FAIL 2.20: the environment could not be made\nno matching distribution" in capsys.readouterr().out
    assert "environment not prepared" in summary([result])


@pytest.mark.parametrize("version", ["2.22.0rc1", "2.22.0b3", "2.23.0.dev0"])
def test_the_next_core_runs_when_it_is_a_pre_release(
    version: str, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "prepare", lambda *_: version)
    assert run(CORES[-1], Stages(prepared)).count == Count(3)


def test_the_next_core_says_when_there_is_none(prepared: Path) -> None:
    result = run(CORES[-1], Stages(prepared))
    assert result.count == Count(skipped=1)
    assert "Not run: next, no pre-release is newer than 2.20.7." in summary([result])


def test_a_missing_python_is_named_and_a_run_of_nothing_fails(tmp_path: Path) -> None:
    # The two on PATH are what make needs; none of them is Python.
    done = _matrix("2.20", "2.21", PATH=str(tmp_path), HOME=str(tmp_path))
    assert done.returncode == 1
    assert "Not run: 2.20, no Python 3.12 on PATH or among pyenv's versions." in done.stdout
    assert "Not run: 2.21, no Python 3.13 on PATH or among pyenv's versions." in done.stdout
    assert done.stdout.splitlines()[-1] == "0 passed, 0 failed"


def test_a_core_that_is_not_in_the_table_is_refused() -> None:
    done = _matrix("2.16", "2.99")
    assert done.returncode == 2
    assert "no core is named 2.99; these are: 2.16 2.17" in done.stderr


def test_skipped_cores_are_counted() -> None:
    results = [Result(CORE, why="no Python 3.12"), Result(CORE, "2.20.7", 3.0, [Outcome("units", 3.0, Count(5), "ok")])]
    assert sum((one.count for one in results), Count()) == Count(passed=5, skipped=1)
    assert summary(results).splitlines()[1].split()[-1] == "skipped"


def test_the_main_environment_is_off_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{ROOT}/.build/venv/bin{os.pathsep}/usr/bin")
    assert environment()["PATH"] == "/usr/bin"


def test_the_makefile_heeds_what_the_matrix_sets() -> None:
    settings = ["BUILD=/elsewhere", "SIMULATION=/simulating", "DOORS=false", "PYLINT="]
    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "integration", "sanity", *settings],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "for fast in false; do" in done.stdout
    assert "HOME=/elsewhere/home ANSIBLE_COLLECTIONS_PATH=/elsewhere/tree /simulating/bin/python -m" in done.stdout
    assert "--skip-test pylint" not in done.stdout


def test_one_core_has_pylint_read_everything() -> None:
    assert [one.name for one in CORES if not one.pylint and "sanity" in one.stages] == ["2.21"]
