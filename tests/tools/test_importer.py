# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/importer.py: what an import may not say."""

from __future__ import annotations

import pytest

from tools.importer import problems

GOOD = """Importing with galaxy-importer 0.4.44
Loading module_utils _graph.errors
...ansible-lint run complete
Importer processing completed successfully
"""


def test_progress_is_no_problem() -> None:
    assert problems(0, GOOD) == []


@pytest.mark.parametrize(
    ("code", "log", "expected"),
    [
        (0, GOOD.replace("Loading", "WARNING: No changelog found\nLoading"), "WARNING: No changelog found"),
        (1, "ERROR: The import failed for the following reason: ...", "ERROR: The import failed"),
        (1, GOOD, "ended with 1"),
        (0, GOOD.replace("...ansible-lint run complete", ""), "ansible-lint was not run"),
    ],
)
def test_what_it_says_is_a_problem(code: int, log: str, expected: str) -> None:
    assert expected in "\n".join(problems(code, log))
