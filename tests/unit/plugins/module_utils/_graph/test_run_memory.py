# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks of one run share."""

from __future__ import annotations

import multiprocessing
import os
import pathlib
import stat
import time
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph import run_memory
from ansible_collections.entra.provisioning.plugins.module_utils._graph.run_memory import RunMemory, digest


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> str:
    private = tmp_path / "run"
    private.mkdir(mode=0o700)
    return str(private)


def test_files_are_for_their_owner_only(folder: str) -> None:
    memory = RunMemory(folder)
    old = os.umask(0)
    try:
        memory.created("a")
        with memory.token("k") as slot:
            slot.write({"value": "secret"})
    finally:
        os.umask(old)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in pathlib.Path(folder).iterdir()}
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o770, 0o755])
def test_a_folder_that_others_can_read_is_not_used(folder: str, mode: int) -> None:
    os.chmod(folder, mode)
    memory = RunMemory(folder)
    with memory.token("k") as slot:
        slot.write({"value": "secret"})
    memory.created("a")
    assert list(pathlib.Path(folder).iterdir()) == []
    assert memory.is_fresh(["a"])


@pytest.mark.parametrize("place", [None, "", "/nonexistent/folder"])
def test_without_a_folder_it_forgets(place: str | None) -> None:
    memory = RunMemory(place)
    with memory.token("k") as slot:
        slot.write({"value": "x"})
    with memory.token("k") as slot:
        assert slot.read() == {}


def test_a_token_is_found_by_other_tasks(folder: str) -> None:
    with RunMemory(folder).token("k") as slot:
        slot.write({"value": "x"})
    with RunMemory(folder).token("k") as slot:
        assert slot.read() == {"value": "x"}
    with RunMemory(folder).token("other") as slot:
        assert slot.read() == {}


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_spoilt_file_is_as_none(folder: str, content: str) -> None:
    (pathlib.Path(folder) / "entra-token-k").write_text(content)
    with RunMemory(folder).token("k") as slot:
        assert slot.read() == {}


def test_fresh_objects_are_known_to_other_tasks_for_a_while(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    RunMemory(folder).created("a", "b")
    other = RunMemory(folder)
    assert other.is_fresh(["x", "b"])
    assert not other.is_fresh(["x"])
    assert not other.is_fresh([])
    later = time.time() + run_memory.FRESH_SECONDS + 1
    monkeypatch.setattr(run_memory.time, "time", lambda: later)
    assert not other.is_fresh(["a", "b"])


def test_names_of_files_reveal_nothing(folder: str) -> None:
    RunMemory(folder).created("some-object-id")
    assert not [one for one in pathlib.Path(folder).iterdir() if "some" in one.name]
    assert digest("a", "bc") != digest("ab", "c")


def _ask(folder: str, key: str, asked: str) -> None:
    with RunMemory(folder).token(key) as slot:
        if not slot.read():
            with open(asked, "a", encoding="utf-8") as file:
                file.write("x")
            time.sleep(0.05)
            slot.write({"value": "token"})


def test_many_processes_ask_once(folder: str, tmp_path: pathlib.Path) -> None:
    asked = tmp_path / "asked"
    context: t.Any = multiprocessing.get_context("fork")
    workers = [context.Process(target=_ask, args=(folder, "k", str(asked))) for _number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert [worker.exitcode for worker in workers] == [0] * 8
    assert asked.read_text() == "x"


def test_a_failure_frees_the_lock(folder: str, tmp_path: pathlib.Path) -> None:
    with pytest.raises(KeyError), RunMemory(folder).token("k"):
        raise KeyError
    _ask(folder, "k", str(tmp_path / "asked"))
    assert (tmp_path / "asked").read_text() == "x"
