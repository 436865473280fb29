# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.mutation [--every N] [--again] [FILE...]``: would the unit tests notice if the code were wrong?

mutmut makes thousands of small mistakes in _schema and _sync, one at a time, and runs the tests that reach the
function with it; FILE, such as _schema/diff.py, and --every limit that. Those that no test noticed are written to
.build/mutation/survivors.txt, each as a difference. The run fails where fewer than LEAST percent of those in one of
the two packages were noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import typing as t
import zlib
from collections import Counter
from pathlib import Path

from tools.tree import update

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".build" / "mutation"
COLLECTION = "ansible_collections/entra/provisioning"
MODULES = f"{COLLECTION}/plugins/module_utils"
SURVIVORS = WORK / "survivors.txt"
# Percent of the mistakes.
LEAST = 85.0
# What mutmut writes down of a mistake: the code that pytest, or the signal of its time limit, ended with.
LEFT_OUT = 34
KINDS = {
    None: "not tried",
    0: "survived",
    1: "killed",
    3: "killed",
    # No test, or none that is not left out, reaches it.
    5: "survived",
    33: "survived",
    LEFT_OUT: "left out",
}
TIMEOUTS = (24, -24, 36, 152, 255)
# The first steps of "mutmut run", which has no way to leave out some of the mistakes.
GENERATE = "from mutmut import __main__ as m; m.copy_src_dir(); m.copy_also_copy_files(); m.create_mutants(2)"


def settings(files: t.Sequence[str]) -> str:
    """The configuration of mutmut, as TOML; ``files`` below module_utils, or none for both packages."""
    tests = f"{COLLECTION}/tests/unit/plugins"
    options: dict[str, t.Any] = {
        "source_paths": ["ansible_collections"],
        "only_mutate": [f"{MODULES}/{one}" for one in files or ("_schema/*", "_sync/*")],
        # Tests that measure time would notice what mutmut puts into every function; others read the imports.
        "pytest_add_cli_args": [
            *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "--hypothesis-profile=ci"),
            *("-k", "not times_as_long"),
        ],
        "pytest_add_cli_args_test_selection": [f"{tests}/module_utils", f"{tests}/filter"],
        "use_git_change_detection": False,
        "also_copy": ["conftest.py"],
    }
    return "[tool.mutmut]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())


def kind(code: int | None) -> str:
    """What became of a mistake, in a word."""
    return "timeout" if code in TIMEOUTS else KINDS.get(code, "odd")


def results(mutants: Path) -> dict[str, dict[str, str]]:
    """What became of every mistake, by file below module_utils and name."""
    found = {}
    for meta in sorted((mutants / MODULES).rglob("*.py.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        kinds = {name: kind(code) for name, code in codes.items() if code != LEFT_OUT}
        if kinds:
            found[str(meta.relative_to(mutants / MODULES)).removesuffix(".meta")] = kinds
    return found


def noticed(counts: Counter[str]) -> float:
    """Percent of the mistakes that a test noticed, by failing or by never ending."""
    return 100.0 * (counts["killed"] + counts["timeout"]) / counts.total() if counts.total() else 0.0


def by_package(found: t.Mapping[str, t.Mapping[str, str]]) -> dict[str, Counter[str]]:
    """What became of the mistakes in _schema and in _sync."""
    packages: dict[str, Counter[str]] = {}
    for name, kinds in found.items():
        packages.setdefault(name.split("/")[0], Counter()).update(kinds.values())
    return packages


def weakest(found: t.Mapping[str, t.Mapping[str, str]]) -> tuple[str, float]:
    """The package in which the tests notice least, and how much that is."""
    return min(((name, noticed(counts)) for name, counts in by_package(found).items()), key=lambda one: one[1])


def table(found: t.Mapping[str, t.Mapping[str, str]]) -> str:
    """A line per file, per package and for all."""
    rows = {name: Counter(kinds.values()) for name, kinds in found.items()}
    columns = ("killed", "timeout", "survived", "odd", "not tried")
    lines = [f"{'file':<36}{''.join(f'{one:>10}' for one in columns)}   noticed"]
    for name, counts in {**rows, **by_package(found), "all": sum(rows.values(), Counter())}.items():
        lines.append(f"{name:<36}{''.join(f'{counts[one]:>10}' for one in columns)}{noticed(counts):>8.1f} %")
    return "\n".join(lines)


def survivors(found: t.Mapping[str, t.Mapping[str, str]]) -> t.Iterator[tuple[str, str]]:
    """The file and name of each mistake that was not noticed."""
    for file, kinds in found.items():
        yield from ((file, name) for name, one in kinds.items() if one not in ("killed", "timeout"))


def forget(name: str, code: int | None) -> int | None:
    """Make mutmut try again what survived."""
    return code if kind(code) in ("killed", "left out") else None


def sampled(every: int) -> t.Callable[[str, int | None], int | None]:
    """Leave out all but about one in so many, the same ones each time: a hash of the name decides."""
    return lambda name, code: LEFT_OUT if zlib.crc32(name.encode()) % every else code


def rewrite(mutants: Path, change: t.Callable[[str, int | None], int | None]) -> None:
    """Change what mutmut wrote down of each mistake."""
    for meta in mutants.rglob("*.py.meta"):
        told = json.loads(meta.read_text(encoding="utf-8"))
        told["exit_code_by_key"] = {name: change(name, code) for name, code in told["exit_code_by_key"].items()}
        meta.write_text(json.dumps(told), encoding="utf-8")


def prepare(files: t.Sequence[str], every: int, again: bool) -> None:
    """Lay out the collection under its real name, since that is what the tests import, and make the mistakes."""
    mutants = WORK / "mutants"
    if not again:
        shutil.rmtree(mutants, ignore_errors=True)
    update(ROOT, WORK / COLLECTION)
    shutil.copy(Path(__file__).with_name("mutation_order.py"), WORK / "conftest.py")
    (WORK / "pyproject.toml").write_text(settings(files), encoding="utf-8")
    if again:
        rewrite(mutants, forget)
    elif every > 1:
        mutants.mkdir()
        subprocess.run([sys.executable, "-c", GENERATE], cwd=WORK, stdout=subprocess.DEVNULL, check=True)
        rewrite(mutants, sampled(every))


def run() -> int:
    """Run mutmut, say every minute how far it is, and return its code."""
    path = WORK / "mutmut.log"
    with open(path, "wb") as log:
        command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", "2"]
        process = subprocess.Popen(command, cwd=WORK, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while True:
            try:
                return process.wait(60)
            except subprocess.TimeoutExpired:
                print(newest(path.read_text(encoding="utf-8", errors="replace")), flush=True)


def newest(log: str) -> str:
    """What mutmut said last; it writes over its own line again and again."""
    return next((line for line in reversed(log.replace("\r", "\n").split("\n")) if line.strip()), "")


def listed(found: t.Mapping[str, t.Mapping[str, str]]) -> str:
    """The mistakes that were not noticed, as differences."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    # mutmut looks for everything below the current folder.
    os.chdir(WORK)
    return "\n".join(
        f"# {found[file][name]}: {name}\n{get_diff_for_mutant(name, path=f'{MODULES}/{file}')}"
        for file, name in survivors(found)
    )


def main() -> int:
    """Make the mistakes and tell which were noticed; 1 where too few were, or mutmut failed."""
    parser = argparse.ArgumentParser(prog="mutation")
    parser.add_argument("--every", type=int, default=1, help="only about one mistake in so many, always the same ones")
    parser.add_argument("--again", action="store_true", help="only what survived the last run, with the tests of now")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    prepare(arguments.files, arguments.every, arguments.again)
    code = run()
    found = results(WORK / "mutants")
    if code or not found:
        print(f"mutmut ended with {code}; see {WORK / 'mutmut.log'}")
        return code or 1
    SURVIVORS.write_text(listed(found), encoding="utf-8")
    package, percent = weakest(found)
    enough = percent >= LEAST
    print(f"{table(found)}\nWhat was not noticed: {SURVIVORS}")
    print(f"{'PASS' if enough else 'FAIL'} mutation: {percent:.1f} % of {package} noticed (at least {LEAST:g} %)")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
