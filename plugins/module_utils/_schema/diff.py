# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The difference between two schemas: a list of typed changes, empty where they mean the same."""

from __future__ import annotations

import dataclasses
import typing as t

from .canonical import Fact, Path, facts

# From what can hurt most to what cannot.
RISKS = ("matching", "scope", "active", "delete_flow", "mapping", "cosmetic")


@dataclasses.dataclass(frozen=True)
class Difference:
    """One change: ``path`` in names, ``before`` and ``after`` as texts (None for absent), ``risk`` one of RISKS."""

    path: Path
    before: str | None
    after: str | None
    risk: str

    @property
    def name(self) -> str:
        """The path in one line: without the rule where the object mapping says enough, and that one in short."""
        if self.path[0] == "rule" and len(self.path) > 3 and " → " in self.path[2]:
            source, target = self.path[2].split(" → ", 1)
            return " / ".join((f"{source} → {target.rsplit(':', 1)[-1]}", *self.path[3:]))
        return " / ".join(self.path)


def difference(before: t.Mapping[str, t.Any], after: t.Mapping[str, t.Any]) -> list[Difference]:
    """Return what changes from one schema to the other, in the order of the documents."""
    old, new = facts(before), facts(after)
    changes = [_change(path, old.get(path), fact) for path, fact in new.items() if _differs(old.get(path), fact)]
    changes += [_change(path, fact, None) for path, fact in old.items() if path not in new]
    return sorted(changes, key=lambda change: change.path)


def _differs(old: Fact | None, new: Fact) -> bool:
    return old is None or old.value != new.value


def _change(path: Path, old: Fact | None, new: Fact | None) -> Difference:
    risks = {fact.risk for fact in (old, new) if fact}
    before, after = old.text if old else None, new.text if new else None
    return Difference(path, before, after, min(risks, key=RISKS.index))
