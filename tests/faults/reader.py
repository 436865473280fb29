# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who carries out what guides say, block by block, in one tenant and one working folder.

- YAML with a caption is a file of that name, for a later command or block.
- YAML that is a list of tasks or a playbook is run, and once more: the second run changes nothing and writes nothing.
- Other YAML is data, in a file for a later command or the variables of a command.
- Lines of console blocks are run, one after the other; without ``--check`` once more, too.
- A text block is what came of the block before; three dots stand for something that is left out.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.faults.cases import application
from tests.faults.life import example
from tests.harness.guides import Block, blocks
from tests.harness.playbook import Result, run_shell
from tests.harness.simulator import Simulator

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
# Data without a name: the file that it is, or the command that is run with it as variables.yml.
FILES = {"onboard_display_name: Contoso SCIM\n": "contoso.yml"}
COMMANDS = {
    "lint_ignore:\n": "entra.provisioning.lint_schema -e lint_files=schemas/contoso.json",
    "onboard_display_name: Fabrikam\n": "entra.provisioning.onboard",
    "onboard_extension_attributes:\n": "entra.provisioning.onboard -e @contoso.yml",
    "recover_applications:\n": "entra.provisioning.recover",
    "rotate_credentials_wait: true\n": "entra.provisioning.rotate_credentials",
}
NOT_RUN = {
    "collections:\n": "it would need Galaxy; the tests of job templates install a project's requirements",
    "ansible-galaxy collection install": "it would need Galaxy; the package stage installs the artifact",
    "pip install": "it would change the environment of the tests",
    "export AZURE_TENANT_ID=": "the dots stand for the reader's own; the tests set these variables",
    "make ": "stages of their own",
    "ansible-playbook entra.provisioning.probe_tenant": "test_probe.py runs it, with a target and without",
}


class Reader:
    """Somebody who does what a guide says.

    :param again: do what changed something once more.
    """

    def __init__(self, simulator: Simulator, folder: Path, *, again: bool = True) -> None:
        self._again = again
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
            "~/fingerprints": str(folder / "fingerprints"),
            "{{ contoso_token }}": scim["token"],
            "{{ fabrikam_token }}": scim["token"],
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
        else:
            self._data(block)

    def _data(self, block: Block) -> None:
        file, command = (one_of(names, block.text) for names in (FILES, COMMANDS))
        if command:
            self.write("variables.yml", block.text)
            self._twice(f"ansible-playbook {command} -e @variables.yml", block.text)
        elif file:
            self.write(file, block.text)
        else:
            assert begins(block.text, NOT_RUN), f"line {block.line}: nobody knows what this is for: {block.text}"

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
        unchanged = self._last.changed == 0 and self._simulator.writes(mark) == []
        if unchanged or not self._again:
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


def one_of(named: dict[str, str], name: str) -> str | None:
    return next((found for beginning, found in named.items() if name.startswith(beginning)), None)


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


def prepare(reader: Reader, readme: Path) -> None:
    """Write the files that a guide does not show."""
    for block in blocks(readme):
        if file := one_of(FILES, block.text):
            reader.write(file, block.text)
    schema = example("customappsso_default")
    for name, content in (("schemas/contoso.json", schema), ("own.json", {"schema": schema})):
        reader.write(name, json.dumps(content))
