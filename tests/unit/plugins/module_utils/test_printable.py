# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a terminal would obey."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._options import CREDENTIALS, arguments
from ansible_collections.entra.provisioning.plugins.module_utils._printable import printable
from ansible_collections.entra.provisioning.plugins.module_utils._task import Outcome, Task
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, answer, task


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("a\x7f\x00\x08", "a\\x7f\\x00\\x08"),
        ("ok\rFAILED", "ok\\x0dFAILED"),
        ("two\r\nlines\twith\ntabs", "two\r\nlines\twith\ntabs"),
        ("\u202eback", "\\u202eback"),
        ("half \ud800", "half \\ud800"),
        ("Zürich 東京 😀 ∑", "Zürich 東京 😀 ∑"),
    ],
)
def test_what_is_obeyed_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable({text: [text, (text, 1, None, True)]}) == {shown: [shown, [shown, 1, None, True]]}


def test_nothing_of_it_leaves_a_task() -> None:
    evil = "\x1b[2Jevil"

    def run(task: Task) -> Outcome:
        task.warn(evil)
        return Outcome(True, {"changes": [evil], "job": {"name": evil}}, {"before": evil, "after": evil})

    def fail(_task: Task) -> Outcome:
        raise ProvisioningError(f"The service says {evil}.", service_message=evil)

    def crash(_task: Task) -> Outcome:
        raise ValueError(evil)

    made = task(arguments(CREDENTIALS), ScriptedHttp(answer(200, {})))
    lines: list[str] = []
    made.progress = lines.append
    made._report(evil)
    told: list[t.Any] = [made.perform(run), made.perform(fail), made.perform(crash), made.warnings, lines]
    assert [one for one in _texts(told) if "\x1b" in one] == []
    assert lines == ["\\x1b[2Jevil"]


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from (str(name), *_texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
