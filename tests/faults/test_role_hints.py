# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles and playbooks tell a person to do works as it is written; and no refusal to read passes unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.test_role_answers import ROLES, options
from tests.harness.simulator import ROOT

FILES = [
    path
    for path in [*sorted((ROOT / "roles").rglob("*.yml")), *sorted((ROOT / "roles").rglob("*.j2"))]
    if path.parent.name != "meta" and path.name != "kinds.yml"
]
PLAYBOOKS = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
MODULES = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
# Words after which a name is one to set.
_ORDER = re.compile(
    r"(?:[Ss]et|[Gg]ive(?: it| the value)? in|[Nn]ame (?:it|users|several|people|the [a-z ]+) in|[Ll]eave|meant with|"
    r"with -e|another) `?([a-z]+(?:_[a-z]+)+|start|scope|users|groups|settings|domain|profile|notification)\b"
)


def _role(path: Path) -> str:
    return path.relative_to(ROOT / "roles").parts[0]


def _sentences(path: Path) -> Iterator[str]:
    """The texts of a file for people: those of tasks and variables, without the expressions in them."""
    if path.suffix == ".j2":
        yield re.sub(r"{[{%#].*?[}%#]}", " ", path.read_text())
        return
    yield from _texts(yaml.safe_load(path.read_text()))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        # In an expression, what is quoted is for people.
        plain = re.sub(r"{{.*?}}", " ", value, flags=re.DOTALL)
        yield plain
        for expression in re.findall(r"{{(.*?)}}", value, flags=re.DOTALL):
            yield from re.findall(r"'((?:[^'\\]|\\.)*)'", expression)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "roles")))
def test_a_variable_in_a_hint_is_one_of_the_role(path: Path) -> None:
    known = {f"{role}_{name}" for role in ROLES for name in options(role)}
    short = set(options(_role(path)))
    wrong = []
    for text in _sentences(path):
        for name in _ORDER.findall(" ".join(text.split())):
            if name in short and name not in known:
                wrong.append(f"{name} in: {text}")
        own = rf"\b{_role(path)}_[a-z_]+\b(?= (?:set to|to (?:true|keep|all|that)))"
        wrong += [name for name in re.findall(own, text) if name not in known]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "roles")))
def test_a_command_in_a_hint_is_one_that_there_is(path: Path) -> None:
    text = " ".join(path.read_text().split())
    named = re.findall(r"ansible-playbook entra\.provisioning\.(\w+)", text)
    named += re.findall(r"playbook entra\.provisioning\.(\w+)", text)
    assert [name for name in named if name not in PLAYBOOKS] == []
    asked = re.findall(r"-m (?:' ~ ')?entra\.provisioning\.(\w+)", text)
    assert [name for name in asked if name not in MODULES] == []
    variables = re.findall(r"-e (\w+)=", text)
    known = {f"{role}_{name}" for role in ROLES for name in options(role)}
    assert [name for name in variables if name not in known and not name.startswith("convert_")] == []


# What reads one thing only fails where that is refused; here it is passed over, and told as not measured.
PASSED_OVER = {"playbooks/tasks/probe_secrets.yml"}


def _consumers() -> list[Path]:
    found = [*sorted((ROOT / "roles").rglob("*.yml")), *sorted((ROOT / "playbooks").rglob("*.yml"))]
    reading = [
        path for path in found if re.search(r"^\s+entra\.provisioning\.sync_info:", path.read_text(), re.MULTILINE)
    ]
    return [path for path in reading if str(path.relative_to(ROOT)) not in PASSED_OVER]


def _whole(path: Path) -> str:
    """The text of a role, or of a file of tasks with the playbook's own."""
    if "roles" not in path.parts:
        return path.read_text()
    return "".join(one.read_text() for ending in ("yml", "j2") for one in sorted(path.parents[1].rglob(f"*.{ending}")))


@pytest.mark.parametrize("path", _consumers(), ids=lambda path: str(path.relative_to(ROOT)))
def test_whoever_reads_looks_at_what_could_not_be_read(path: Path) -> None:
    """What sync_info could not read stands under ``errors``, beside what it could; a variable may stand for it."""
    text = _whole(path)
    for name in re.findall(r"entra\.provisioning\.sync_info:.*?register: (\w+)", path.read_text(), re.DOTALL):
        names = {name, *re.findall(rf"(\w+): (?:\"|>-\s+){{{{ {name}\.applications", text)}
        looked = [one for one in names if re.search(rf"\b{one}\b[^\n]*\berrors\b", text)]
        assert looked, f"{name}: nothing looks at {name}.applications[0].errors"
