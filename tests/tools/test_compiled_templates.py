# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates that are compiled once give what they would give anyway."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError
from jinja2.environment import Environment

from tests.harness.compiled_templates import CompiledTemplates


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is compiled, in use for this test."""
    for name in ("compile", "compile_expression"):
        monkeypatch.setattr(Environment, name, getattr(Environment, name))
    CompiledTemplates(tmp_path / "templates").install()
    return tmp_path / "templates"


def test_a_template_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(value: int) -> tuple[str, int]:
        environment = Environment()
        return environment.from_string("{{ value + 1 }}").render(value=value), environment.compile_expression(
            "value * 2"
        )(value=value)

    assert twice(1) == ("2", 2)
    assert len(list(folder.iterdir())) == 2
    monkeypatch.setattr(Environment, "_generate", None)
    assert twice(4) == ("5", 8)


def test_the_settings_of_an_environment_decide(folder: Path) -> None:
    text = "{{ a }}[[ a ]]\n"
    assert Environment().from_string(text).render(a=1) == "1[[ a ]]"
    other = Environment(variable_start_string="[[", variable_end_string="]]", keep_trailing_newline=True)
    assert other.from_string(text).render(a=1) == "{{ a }}1\n"
    assert len(list(folder.iterdir())) == 2


def test_a_template_and_an_expression_of_one_text_are_two(folder: Path) -> None:
    assert Environment().from_string("a").render(a=1) == "a"
    assert Environment().compile_expression("a")(a=1) == 1
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("text", ["{{ a", "{% if %}"])
def test_what_is_broken_fails_each_time(folder: Path, text: str) -> None:
    for _time in range(2):
        with pytest.raises(TemplateSyntaxError):
            Environment().from_string(text)
        with pytest.raises(TemplateSyntaxError):
            Environment().compile_expression(text)
    # What failed says nothing of what comes next.
    assert Environment().from_string("{{ a }}").render(a=1) == "1"
    assert len(list(folder.iterdir())) == 1
