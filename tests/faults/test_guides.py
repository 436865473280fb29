# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides and the README, carried out as they are printed (tests/faults/reader.py).

What has happened in the tenant before somebody comes to a block is in `tests.faults.situations`. The service echoes
schemas with noise, all the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.cases import NAME
from tests.faults.reader import COMMANDS, FILES, Reader, begins, lines, one_of, prepare, seed
from tests.faults.situations import BEFORE
from tests.harness.guides import blocks
from tests.harness.playbook import run_shell
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

ROOT = Path(__file__).resolve().parents[2]
RST = ROOT / "docs" / "docsite" / "rst"
# These take the better part of a minute each.
LONG = {"attribute_mappings.rst", "onboarding.rst", "operations.rst"}
GUIDES = {path.name: path for path in (ROOT / "README.md", *sorted(RST.glob("*.rst")))}


def test_every_guide_is_listed() -> None:
    listed = yaml.safe_load((RST.parent / "extra-docs.yml").read_text())["sections"]
    assert sorted(name for one in listed for name in one["toctree"]) == sorted(path.stem for path in RST.glob("*.rst"))


def test_each_entry_of_the_table_is_understood(simulator: Simulator, tmp_path: Path) -> None:
    simulator.reset(seed(simulator))
    guide = GUIDES["attribute_mappings.rst"]
    entries = re.findall(r"``(\{target: .*\})``", guide.read_text("utf-8"))
    every_way = next(one.text for one in blocks(guide) if one.text.startswith("- name: Map people in every way"))
    tasks = [*yaml.safe_load(every_way), *map(entry_task, entries)]
    reader = Reader(simulator, tmp_path)
    reader.write("table.yml", json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    result = run_shell("ansible-playbook table.yml", tmp_path, reader.environment)
    assert result.rc == 0, result.output
    assert len(result.tasks) == 1 + len(entries) > 8


def entry_task(entry: str) -> dict[str, Any]:
    mappings = [{"source": "User", "attributes": [yaml.safe_load(entry)]}]
    options = {"display_name": NAME, "object_mappings": mappings, "allow": ["matching"]}
    return {"name": entry, "entra.provisioning.sync_schema": options, "check_mode": True}


@pytest.mark.parametrize("guide", mostly(GUIDES, set(GUIDES) - LONG, "What it shows is tested on its own."))
def test_guide(guide: str, simulator: Simulator, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    simulator.reset(seed(simulator))
    simulator.quirks(schema_echo="noise")
    reader = Reader(simulator, tmp_path)
    prepare(reader, GUIDES["README.md"])
    if guide == "onboarding.rst":
        reader.meet(request.getfixturevalue("other"))
    if guide == "sign_in.rst":
        # It signs in with a certificate, by options; two ways at once are an error.
        del reader.environment["AZURE_CLIENT_SECRET"]
    for block in blocks(GUIDES[guide]):
        for beginning, cause in BEFORE.items():
            if block.text.startswith(beginning):
                cause(simulator)
                simulator.quirks(schema_echo="noise")
        reader.read(block)


# Not those that somebody signs in with.
UNSET = re.compile(r"lookup\('ansible.builtin.env', '(?!AZURE_|GRAPH_|ENTRA_)(\w+)'\)")


def examples(guide: Path, reader: Reader) -> Iterator[str]:
    """Write the files of a guide, and yield each command that uses an environment variable of the reader's."""
    unset: set[str] = set()
    for block in blocks(guide):
        content = yaml.safe_load(block.text) if block.language == "yaml" else None
        uses = bool(UNSET.search(block.text))
        file, command = (one_of(names, block.text) for names in (FILES, COMMANDS))
        if block.caption or file or command:
            name = block.caption or file or "variables.yml"
            reader.write(name, block.text)
            unset |= {f"@{name}", f" {name}"} if uses else set()
            if command and uses:
                yield f"ansible-playbook {command} -e @variables.yml"
        elif isinstance(content, list) and uses:
            reader.write("block.yml", json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": content}]))
            yield "ansible-playbook block.yml -e @own.json"
        elif block.language == "console":
            for line in lines(block):
                if any(one in line for one in unset) and begins(line, ["ansible-playbook"]):
                    yield line


@pytest.mark.parametrize("guide", [name for name, path in GUIDES.items() if UNSET.search(path.read_text("utf-8"))])
def test_an_example_whose_variables_are_not_set_writes_nothing(
    guide: str, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.reset(seed(simulator))
    reader = Reader(simulator, tmp_path)
    prepare(reader, GUIDES["README.md"])
    environment = {name: value for name, value in reader.environment.items() if name.startswith(SIGN_IN)}
    ran, written = 0, {}
    for line in examples(GUIDES[guide], reader):
        mark = simulator.mark()
        result = run_shell(line, tmp_path, environment)
        ran += 1
        assert result.rc, f"{line}: {result.output}"
        if writes := simulator.writes(mark):
            written[line] = [f"{one['method']} {one['path']}" for one in writes]
    assert ran
    assert written == {}


SIGN_IN = ("AZURE_", "GRAPH_", "ENTRA_")
