# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/mutation.py: what mutmut wrote down is read, counted, judged and, where it survived, tried again."""

from __future__ import annotations

import json
import subprocess
import zlib
from collections import Counter
from pathlib import Path

import pytest

from tools import mutation

CODES = {"a": 1, "b": 0, "c": 33, "d": -24, "e": None, "f": 3, "g": 7, "h": 34}
KINDS = {
    "a": "killed",
    "b": "survived",
    "c": "survived",
    "d": "timeout",
    "e": "not tried",
    "f": "killed",
    "g": "odd",
}


def _meta(mutants: Path, file: str, codes: dict[str, int | None]) -> Path:
    meta = mutants / mutation.MODULES / f"{file}.meta"
    meta.parent.mkdir(parents=True, exist_ok=True)
    meta.write_text(json.dumps({"exit_code_by_key": codes, "hash_by_function_name": {"x": "1"}}))
    return meta


def test_results_are_read_by_file(tmp_path: Path) -> None:
    _meta(tmp_path, "_schema/linting/view.py", CODES)
    _meta(tmp_path, "_sync/__init__.py", {})
    _meta(tmp_path, "_sync/jobs.py", {"x": 152})
    assert mutation.results(tmp_path) == {"_schema/linting/view.py": KINDS, "_sync/jobs.py": {"x": "timeout"}}


@pytest.mark.parametrize(
    ("counts", "percent"),
    [
        ({}, 0.0),
        ({"killed": 3, "timeout": 1}, 100.0),
        ({"killed": 1, "survived": 1, "odd": 1, "not tried": 1}, 25.0),
    ],
)
def test_only_a_failure_or_an_endless_loop_is_noticed(counts: dict[str, int], percent: float) -> None:
    assert mutation.noticed(Counter(counts)) == percent


def test_the_table_sums_up_packages_and_all() -> None:
    found = {"_schema/a.py": {"1": "killed", "2": "survived"}, "_schema/b.py": {"1": "killed"}, "_sync/c.py": KINDS}
    lines = [" ".join(line.split()) for line in mutation.table(found).splitlines()]
    assert lines == [
        "file killed timeout survived odd not tried noticed",
        "_schema/a.py 1 0 1 0 0 50.0 %",
        "_schema/b.py 1 0 0 0 0 100.0 %",
        "_sync/c.py 2 1 2 1 1 42.9 %",
        "_schema 2 0 1 0 0 66.7 %",
        "_sync 2 1 2 1 1 42.9 %",
        "all 4 1 3 1 1 50.0 %",
    ]


def test_survivors_are_all_that_was_not_noticed() -> None:
    assert list(mutation.survivors({"_sync/c.py": KINDS})) == [("_sync/c.py", one) for one in "bceg"]


def test_again_is_what_did_not_fail_a_test(tmp_path: Path) -> None:
    meta = _meta(tmp_path, "_sync/jobs.py", CODES)
    mutation.rewrite(tmp_path, mutation.forget)
    assert json.loads(meta.read_text()) == {
        "exit_code_by_key": {"a": 1, "b": None, "c": None, "d": None, "e": None, "f": 3, "g": None, "h": 34},
        "hash_by_function_name": {"x": "1"},
    }


def test_a_sample_is_about_so_many_and_always_the_same(tmp_path: Path) -> None:
    names: dict[str, int | None] = {f"x_f__mutmut_{number}": None for number in range(1000)}
    meta = _meta(tmp_path, "_sync/jobs.py", names)
    mutation.rewrite(tmp_path, mutation.sampled(8))
    first = json.loads(meta.read_text())["exit_code_by_key"]
    assert 90 < sum(code is None for code in first.values()) < 160
    assert set(first.values()) == {None, mutation.LEFT_OUT}
    mutation.rewrite(tmp_path, mutation.sampled(8))
    assert json.loads(meta.read_text())["exit_code_by_key"] == first
    (counts,) = mutation.by_package(mutation.results(tmp_path)).values()
    assert counts.total() == counts["not tried"] == sum(code is None for code in first.values())


@pytest.mark.parametrize(
    ("log", "said"), [("", ""), ("a\rb\n", "b"), ("done\n\u28bf 1/9\r\u28bf 2/9", "\u28bf 2/9"), ("a\r  \r", "a")]
)
def test_the_last_word_of_a_line_that_is_written_over(log: str, said: str) -> None:
    assert mutation.newest(log) == said


def test_one_package_is_not_hidden_behind_the_other() -> None:
    good, bad = dict.fromkeys("abcdefghij", "killed"), {"a": "survived"}
    assert mutation.weakest({"_schema/a.py": good, "_sync/b.py": good}) == ("_schema", 100.0)
    assert mutation.weakest({"_schema/a.py": good, "_sync/b.py": bad}) == ("_sync", 0.0)


MISTAKE = "ansible_collections.entra.provisioning.plugins.module_utils._schema.one.x_smaller__mutmut_1"
SOURCE = "def smaller(one, other):\n    return one < other\n"
TEST = (
    "from ansible_collections.entra.provisioning.plugins.module_utils._schema.one import smaller\n\n\n"
    "def test_smaller():\n    assert smaller(1, 2)\n"
)
BETTER = TEST + "    assert not smaller(2, 2)\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection of one function and one test."""
    root = tmp_path / "checkout"
    for name, text in {
        "plugins/module_utils/_schema/one.py": SOURCE,
        "plugins/module_utils/_schema/two.py": SOURCE.replace("smaller", "unused"),
        "tests/unit/plugins/module_utils/test_one.py": TEST,
        "tests/unit/plugins/filter/test_two.py": "def test_nothing():\n    pass\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    work = tmp_path / "work"
    for name, value in {"ROOT": root, "WORK": work, "SURVIVORS": work / "survivors.txt"}.items():
        monkeypatch.setattr(mutation, name, value)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    # The tool goes there for the differences.
    monkeypatch.chdir(tmp_path)
    return root


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["mutation", *arguments])
    return mutation.main()


def test_a_weak_test_fails_the_run_and_a_better_one_passes_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # So large a step leaves exactly the one that it is the hash of.
    assert _run(monkeypatch, "--every", str(zlib.crc32(MISTAKE.encode())), "_schema/one.py") == 1
    assert "FAIL mutation: 0.0 % of _schema noticed (at least 85 %)" in capsys.readouterr().out
    survivors = mutation.SURVIVORS.read_text()
    assert "+    return one <= other" in survivors
    assert "two" not in survivors
    (checkout / "tests/unit/plugins/module_utils/test_one.py").write_text(BETTER)
    assert _run(monkeypatch, "--again", "_schema/one.py") == 0
    assert "PASS mutation: 100.0 % of _schema noticed (at least 85 %)" in capsys.readouterr().out
    assert mutation.SURVIVORS.read_text() == ""
