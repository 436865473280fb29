# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides and the README, carried out as they are printed, block by block, in one tenant and one working folder.

- YAML with a caption is a file of that name, for a later command or block.
- YAML that is a list of tasks or a playbook is run, and once more: the second run changes nothing and writes nothing.
- Other YAML is data, which can be read.
- Lines of console blocks are run, one after the other; without ``--check`` once more, too.
- What has happened in the tenant before somebody comes to a block is in `tests.faults.situations`.
- A text block is what came of the block before; three dots stand for something that is left out.

The service echoes schemas with noise, all the time.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.cases import NAME, application
from tests.faults.life import example
from tests.faults.situations import BEFORE
from tests.harness.guides import Block, blocks
from tests.harness.playbook import Result, run_shell
from tests.harness.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
RST = ROOT / "docs" / "docsite" / "rst"
GUIDES = {path.name: path for path in (ROOT / "README.md", *sorted(RST.glob("*.rst")))}

CLOUD_SYNC = "1a4721b3-e57f-4451-ae87-ef078703ec94"

# Blocks and lines are named by their beginning.
REFUSED = (
    "- name: Map a mistyped attribute\n",
    "- name: Provision only the sales people of the Netherlands\n",
    "- name: Send a badge with a mistyped function\n",
    "ansible-playbook health.yml",
    "- name: Provision one person and say how far it came\n",
)
# What asks the service to do something each time, which then finds that nothing differs; and what does it each time.
CALLS = (
    "- name: Provision one person and say how far it came\n",
    "- name: Assign somebody new\n",
    "- name: Upload people of the HR system",
)
ACTS = ("- name: Look at everybody again after repairs", "ansible-playbook change.yml")
NOT_RUN = {
    "ansible-galaxy collection install": "it would need Galaxy; the package stage installs the artifact",
    "pip install": "it would change the environment of the tests",
    "export AZURE_TENANT_ID=": "the dots stand for the reader's own; the tests set these variables",
    "make ": "stages of their own",
}


class Reader:
    """Somebody who does what a guide says."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self._simulator = simulator
        self._folder = folder
        scim = simulator.ready["scim"]
        self.environment = {**simulator.environment(), "CONTOSO_SCIM_TOKEN": scim["token"]}
        who = simulator.client()
        # What stands in the guides in the place of the reader's own.
        self._own = {
            "https://scim.contoso.example/scim": scim["base_address"],
            "tenant_id: contoso.example": f"tenant_id: {simulator.ready['tenant_id']}",
            "00000000-0000-0000-0000-000000000001": simulator.ready["tenant_id"],
            "11111111-2222-3333-4444-555555555555": who["client_id"],
            "/etc/entra/automation.pem": who["certificate_path"],
        }
        self._last: Result | None = None

    def meet(self, other: Simulator) -> None:
        """Make another tenant the one that a guide synchronizes with."""
        who, places = other.client(), ("authority", "graph_endpoint", "ca_path")
        # The real tenants are all found at one place.
        found = "".join(f"\n  {name}: {other.ready[name]}" for name in places)
        self._own["client_id: 66666666-7777-8888-9999-000000000000"] = f"client_id: {who['client_id']}{found}"
        self._own["22222222-3333-4444-5555-666666666666"] = other.ready["tenant_id"]
        self.environment["FABRIKAM_CLIENT_SECRET"] = who["client_secret"]
        place = {name: other.ready[name] for name in ("control", "ca_path")}
        self._simulator.reset({**seed(self._simulator), "tenants": {other.ready["tenant_id"]: place}})

    def read(self, block: Block) -> None:
        """Do what one block says.

        :raises AssertionError: where it does not come out as the guide promises.
        """
        if block.language == "yaml":
            self._yaml(block)
        elif block.language == "console":
            for line in lines(block):
                self._line(line)
        elif block.language == "text":
            self._output(block)
        else:
            raise AssertionError(f"line {block.line}: nobody knows what to do with {block.language}")

    def _yaml(self, block: Block) -> None:
        content = yaml.safe_load(block.text)
        if block.caption:
            self.write(block.caption, block.text)
        elif isinstance(content, list):
            tasks = f"- hosts: localhost\n  gather_facts: false\n  tasks:\n{textwrap.indent(block.text, '    ')}"
            self.write("block.yml", block.text if "hosts" in content[0] else tasks)
            self._twice("ansible-playbook --diff block.yml -e @own.json", block.text)

    def write(self, name: str, text: str) -> None:
        """Write a file of the working folder, with the reader's own in it."""
        for printed, own in self._own.items():
            text = text.replace(printed, own)
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def _line(self, line: str) -> None:
        if not begins(line, NOT_RUN):
            self._twice(line, line)

    def _twice(self, line: str, name: str) -> None:
        mark = self._simulator.mark()
        self._last = self._run(line)
        if begins(name, REFUSED):
            assert self._last.rc, self._last.output
        else:
            assert self._last.rc == 0, self._last.output
        if "--check" in line or "check_mode: true" in name or self._last.rc:
            assert self._changed_nothing(mark, name), self._last.output
            return
        if self._last.changed == 0 and self._simulator.writes(mark) == []:
            # It would do the same again.
            return
        mark = self._simulator.mark()
        again = self._run(line)
        assert again.rc == 0, again.output
        if not begins(name, ACTS):
            assert again.changed == 0, again.output
            assert self._changed_nothing(mark, name), again.output

    def _changed_nothing(self, mark: int, name: str) -> bool:
        calls = self._simulator.writes(mark)
        return calls == [] or begins(name, CALLS)

    def _run(self, line: str) -> Result:
        return run_shell(line, self._folder, self.environment)

    def _output(self, block: Block) -> None:
        assert self._last, f"line {block.line}: the output of nothing"
        seen = " ".join(said(self._last))
        for words in filter(None, map(flat, block.text.split("..."))):
            assert words in seen, f"line {block.line}: {words!r} is not in {seen}"
            seen = seen.partition(words)[2]


def lines(block: Block) -> list[str]:
    """The commands of a console block, each in one line."""
    joined = re.sub(r"\\\n\s*", "", block.text)
    return [re.sub(r"^\$ ", "", line) for line in joined.splitlines() if line.strip()]


def begins(name: str, beginnings: Iterable[str]) -> bool:
    return any(name.startswith(one) for one in beginnings)


def flat(text: str) -> str:
    return " ".join(text.split())


def said(result: Result) -> Iterator[str]:
    """What a person would have seen, and each message once more, unfolded."""
    yield flat(result.output)
    for task in result.tasks:
        message = task.result.get("msg") or []
        for text in [message] if isinstance(message, str) else message:
            yield flat(str(text))


def seed(simulator: Simulator) -> dict[str, Any]:
    """Applications as the guides have them; those of the identity team have run before."""
    scim = simulator.ready["scim"]
    owned: dict[str, Any] = {
        "secrets": {"BaseAddress": scim["base_address"], "SecretToken": scim["token"]},
        "assigned": ["Sales team"],
    }
    cloud = {"application_template_id": CLOUD_SYNC, "jobs": [{"template_id": "AD2AADProvisioning"}]}
    return {
        "applications": [
            application(**owned, jobs=[{"template_id": "scim", "state": "active"}]),
            application("Contoso SCIM staging", **owned, jobs=[{"template_id": "scim", "schema": staging()}]),
            application("Contoso legacy", **owned, jobs=[{"template_id": "customappsso", "state": "active"}]),
            {"display_name": "Contoso cloud sync", **cloud},
        ]
    }


def staging() -> dict[str, Any]:
    """The default schema with one mapping that names the place."""
    schema = example("customappsso_default")
    address = "https://people.staging.contoso.example"
    source = {"type": "Constant", "name": address, "expression": f'"{address}"', "parameters": []}
    people = next(
        one for one in schema["synchronizationRules"][0]["objectMappings"] if one["sourceObjectName"] == "User"
    )
    people["attributeMappings"].append({"targetAttributeName": "profileUrl", "source": source})
    return schema


def prepare(reader: Reader) -> None:
    """Write the files that a guide does not show."""
    onboarding = next(one for one in blocks(GUIDES["README.md"]) if one.text.startswith("onboard_display_name:"))
    reader.write("contoso.yml", onboarding.text)
    reader.write("schemas/contoso.json", json.dumps(example("customappsso_default")))
    reader.write("own.json", json.dumps({"schema": example("customappsso_default")}))


def test_no_block_is_passed_over() -> None:
    for guide in GUIDES.values():
        text = guide.read_text("utf-8")
        assert len(blocks(guide)) == text.count(".. code-block::") + text.count("```") // 2, guide
        # Other ways of writing a block are not looked for.
        assert not re.search(r"^(?!\s*\.\. ).*::$", text, re.MULTILINE), guide


def test_what_is_an_exception_here_is_in_a_guide() -> None:
    shown = [one for guide in GUIDES.values() for one in blocks(guide)]
    texts = [text for one in shown for text in (one.text, *lines(one))]
    named = (*REFUSED, *CALLS, *ACTS, *NOT_RUN, *BEFORE)
    assert [one for one in named if not any(text.startswith(one) for text in texts)] == []


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


@pytest.fixture
def other() -> Iterator[Simulator]:
    """Another tenant."""
    with Simulator("--tenant-id", "33333333-4444-5555-6666-777777777777", scim=False) as simulator:
        yield simulator


@pytest.mark.parametrize("guide", GUIDES)
def test_guide(guide: str, simulator: Simulator, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    simulator.reset(seed(simulator))
    simulator.quirks(schema_echo="noise")
    reader = Reader(simulator, tmp_path)
    prepare(reader)
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
