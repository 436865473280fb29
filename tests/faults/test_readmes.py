# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles and playbooks say about their use, carried out as it is printed; and that no document is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.faults.cases import application
from tests.faults.life import example
from tests.faults.reader import ACTS, CALLS, COMMANDS, FILES, NOT_RUN, REFUSED, Reader, lines, prepare, seed
from tests.faults.situations import BEFORE, a_target_that_is_back, an_ordinary_day, secrets
from tests.faults.test_guides import GUIDES, ROOT
from tests.harness.guides import Block, blocks, comment
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly
from tools.tree import known_to_git

README = ROOT / "README.md"
ROLES = {path.parent.name: path for path in sorted(ROOT.glob("roles/*/README.md"))}
PLAYBOOKS = {path.stem: path for path in sorted(ROOT.glob("playbooks/*.yml"))}
# Documents of other kinds, each with the reason why its blocks are not carried out.
OTHERS = {"CONTRIBUTING.md": "the stages of the checks, which are run by themselves"}


def two_applications(simulator: Simulator) -> None:
    """One is in quarantine."""
    job = {"template_id": "scim", "state": "quarantine"}
    one, two = (application(name, jobs=[job], secrets=secrets(simulator)) for name in ("Contoso SCIM", "Fabrikam SCIM"))
    simulator.reset({"applications": [one, two]})


TOKENS = "rotate_credentials_wait: true\n"
PLAY = "- hosts: localhost\n  gather_facts: false\n  roles:\n    - role: entra.provisioning."
SITUATIONS: dict[str, Callable[[Simulator], None]] = {
    f"{PLAY}recover\n": a_target_that_is_back,
    f"{PLAY}offboard\n": an_ordinary_day,
    "recover_applications:\n": two_applications,
    TOKENS: two_applications,
}


def someone(simulator: Simulator, folder: Path) -> Reader:
    """Somebody who has what roles and playbooks do not show."""
    reader = Reader(simulator, folder, again=False)
    prepare(reader, README)
    (tokens,) = (one for one in blocks(ROLES["rotate_credentials"]) if one.text.startswith(TOKENS))
    reader.write("tokens.yml", tokens.text)
    schema = example("customappsso_default")
    # It is that of another job.
    del schema["id"]
    reader.write("backup/Contoso_SCIM.scim.json", json.dumps(schema))
    (folder / "fingerprints").mkdir()
    return reader


@pytest.mark.parametrize(
    "role", mostly(ROLES, ["offboard"], "The roles are tested on their own; this is their README.")
)
def test_readme_of_a_role(role: str, simulator: Simulator, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    simulator.reset(seed(simulator))
    reader = someone(simulator, tmp_path)
    for block in blocks(ROLES[role]):
        if block.text.startswith("onboard_display_name: Fabrikam\n"):
            reader.meet(request.getfixturevalue("other"))
        for beginning, cause in SITUATIONS.items():
            if block.text.startswith(beginning):
                cause(simulator)
        mark = simulator.mark()
        reader.read(block)
        assert "--check" in block.text or simulator.writes(mark), f"line {block.line}: nothing was done"


@pytest.mark.parametrize(
    "playbook",
    mostly(PLAYBOOKS, ["lint_schema", "onboard"], "The playbooks are tested on their own; this is their comment."),
)
def test_comment_of_a_playbook(playbook: str, simulator: Simulator, tmp_path: Path) -> None:
    case = yaml.safe_load((ROOT / "tests" / "package" / f"{playbook}.yml").read_text("utf-8"))
    simulator.reset(case.get("graphsim_seed"))
    if playbook == "rotate_credentials":
        two_applications(simulator)
    reader = someone(simulator, tmp_path)
    shown = comment(PLAYBOOKS[playbook])
    assert shown.commands
    for command in shown.commands:
        assert f" entra.provisioning.{playbook} " in command
        for file in re.findall(r"-e @(\S+)", command):
            if shown.variables:
                reader.write(file, shown.variables)
        reader.read(Block("console", command, 1))


def test_no_document_is_left_out() -> None:
    carried_out = {*GUIDES.values(), *ROLES.values()}
    names = [name for name in known_to_git(ROOT) if name.endswith((".md", ".rst"))]
    shown = [name for name in names if ROOT / name not in carried_out and blocks(ROOT / name)]
    assert shown == sorted(OTHERS)


@pytest.mark.parametrize("path", [*GUIDES.values(), *ROLES.values()], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_block_is_passed_over(path: Path) -> None:
    text = path.read_text("utf-8")
    found = blocks(path)
    assert len(found) == text.count(".. code-block::") + text.count("```") // 2
    assert {one.language for one in found} <= {"yaml", "console", "text"}
    # Other ways of writing a block are not looked for.
    assert not re.search(r"^(?!\s*\.\. ).*::$", text, re.MULTILINE)


def test_what_is_an_exception_is_in_a_document() -> None:
    shown = [one for path in (*GUIDES.values(), *ROLES.values()) for one in blocks(path)]
    texts = [text for one in shown for text in (one.text, *lines(one))]
    named = (*REFUSED, *CALLS, *ACTS, *NOT_RUN, *BEFORE, *FILES, *COMMANDS, *SITUATIONS)
    assert [one for one in named if not any(text.startswith(one) for text in texts)] == []
