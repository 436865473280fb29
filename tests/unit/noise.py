# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs between a PUT and the GET after it, or between tools, without a difference in meaning."""

from __future__ import annotations

import random
import typing as t


class Noise:
    """Rewrites a schema as the service or another tool might, without changing what it says (practice of PUT and GET).

    :arg seed: decides which spelling is taken where.
    """

    SETS = frozenset(
        {
            "synchronizationRules",
            "objectMappings",
            "attributeMappings",
            "attributes",
            "metadata",
            "directories",
            "objects",
            "groups",
            "clauses",
            "inputFilterGroups",
            "categoryFilterGroups",
            "referencedObjects",
            "values",
            "includedContainers",
            "includedGroups",
        }
    )
    DEFAULTS: t.ClassVar[dict[str, t.Any]] = {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 0,
        "anchor": False,
        "caseExact": False,
        "flowNullValues": False,
        "multivalued": False,
        "mutability": "ReadWrite",
        "required": False,
    }

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def __call__(self, value: t.Any, key: str = "") -> t.Any:
        if isinstance(value, dict):
            return self._record(value)
        if isinstance(value, list):
            listed = [self(one) for one in value]
            if key in self.SETS:
                self.random.shuffle(listed)
            return listed
        return value

    def _record(self, record: dict[str, t.Any]) -> dict[str, t.Any]:
        noisy = {name: self._spelled(name, self(value, name)) for name, value in record.items()}
        if "expression" in record and record["expression"]:
            # The tree follows from the text.
            noisy.pop("parameters", None)
        for name, usual in self.DEFAULTS.items():
            if name in noisy and noisy[name] == usual:
                self._left_out(noisy, name)
        for name in [name for name in noisy if noisy[name] in (None, "", [], {})]:
            self._left_out(noisy, name)
        for name in (
            "apiExpressions",
            "supportedApis",
            "discoveryDateTime",
            "discoverabilities",
            "version",
            "editable",
        ):
            if name in noisy:
                noisy[name] = self.random.choice([None, noisy[name], "changed by the service"])
        if "synchronizationRules" in noisy or "objectMappings" in noisy or "objects" in noisy:
            noisy["id"] = f"another {self.random.random()}"
        noisy["@odata.context"] = "https://graph.test/$metadata"
        items = list(noisy.items())
        self.random.shuffle(items)
        return dict(items)

    def _left_out(self, record: dict[str, t.Any], name: str) -> None:
        choice = self.random.choice(["keep", "null", "drop"])
        if choice == "drop":
            del record[name]
        elif choice == "null":
            record[name] = None

    def _spelled(self, name: str, value: t.Any) -> t.Any:
        if name == "flowTypes":
            parts = [one.strip() for one in value.split(",")]
            self.random.shuffle(parts)
            return self.random.choice([",".join(parts), ", ".join(parts), parts])
        if name == "matchingPriority" or (name == "priority" and value is not None):
            return self.random.choice([value, str(value)])
        if name == "expression" and value:
            return self.random.choice([value, value.replace("(", " ( ") if '"' not in value else f" {value}  "])
        return value
