# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/harness/wider.py: what `make test` leaves out says what it repeats, and `make wider` runs it."""

from __future__ import annotations

import ast

from tools.tree import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
REPEATS = MAKEFILE.partition("\nrepeats:")[2].partition("\n\n")[0]


def _reasons() -> list[tuple[str, ast.expr | None]]:
    """The last argument of each use of the marker and of its helper, by place."""
    found: list[tuple[str, ast.expr | None]] = []
    for path in sorted(ROOT.glob("tests/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            # The marker with a variable is that of the helper itself.
            if isinstance(node, ast.Attribute) and node.attr == "wider":
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", None))
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("pytest.mark.wider", "mostly"):
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node.args[-1]))
    return found


def test_what_is_left_out_says_in_a_sentence_what_it_repeats() -> None:
    places = [(place, given) for place, given in _reasons() if not place.startswith("tests/harness/wider.py")]
    said = {place: given.value for place, given in places if isinstance(given, ast.Constant)}
    assert len(said) > 10
    # `make repeats` looks nowhere else.
    looked = [word for word in REPEATS.split() if word.startswith("tests/")]
    assert [place for place in said if not place.startswith(tuple(f"{folder}/" for folder in looked))] == []
    assert [place for place, _given in places if place not in said] == []
    assert [place for place, text in said.items() if not str(text).endswith(".") or " " not in str(text)] == []


def test_what_one_leaves_out_the_other_runs() -> None:
    assert '$(if $(BRIEF),-m "not wider")' in MAKEFILE
    assert "-m wider" in REPEATS
    assert "WIDER   := repeats " in MAKEFILE
