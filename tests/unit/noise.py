# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs between a PUT and the GET after it, or between tools, without a difference in meaning."""

from __future__ import annotations

import json
import random
import re
import typing as t

Record = dict[str, t.Any]

NOTHING: tuple[t.Any, ...] = (None, "missing")
EMPTY_LIST: tuple[t.Any, ...] = (None, [], "missing")
# How a record may spell that it says nothing about a property, by a property that such records always have, and the
# defaults that the service fills in.
OPTIONAL: dict[str, dict[str, tuple[t.Any, ...]]] = {
    "targetAttributeName": {
        "defaultValue": (None, "", "missing"),
        "exportMissingReferences": (None, False, "missing"),
        "flowBehavior": (None, "FlowWhenChanged", "missing"),
        "flowType": (None, "Always", "missing"),
        "matchingPriority": (None, 0, "0", "missing"),
        "source": (None, {}, {"expression": "", "name": "", "parameters": [], "type": "Attribute"}, "missing"),
    },
    "sourceObjectName": {
        "attributeMappings": EMPTY_LIST,
        "enabled": (None, True, "missing"),
        "flowTypes": (None, "Add,Update,Delete", "missing"),
        "metadata": EMPTY_LIST,
        "scope": (None, {}, {"groups": []}, {"groups": None, "inputFilterGroups": []}, "missing"),
    },
    "objectMappings": {
        "containerFilter": (None, {}, {"includedContainers": []}, "missing"),
        "groupFilter": (None, {"includedGroups": None}, "missing"),
        "metadata": EMPTY_LIST,
        "priority": (None, 0, "0", "missing"),
    },
    "groups": {"inputFilterGroups": EMPTY_LIST, "categoryFilterGroups": EMPTY_LIST},
    "sourceOperandName": {"targetOperand": (None, {}, {"values": []}, {"values": None}, "missing")},
    "expression": {"parameters": EMPTY_LIST},
    "mutability": {
        "anchor": (None, False, "missing"),
        "apiExpressions": EMPTY_LIST,
        "caseExact": (None, False, "missing"),
        "defaultValue": (None, "", "missing"),
        "flowNullValues": (None, False, "missing"),
        "metadata": EMPTY_LIST,
        "multivalued": (None, False, "missing"),
        "mutability": (None, "ReadWrite", "missing"),
        "referencedObjects": EMPTY_LIST,
        "required": (None, False, "missing"),
        "type": (None, "String", "missing"),
    },
    "objects": {"newNothing": (None, [], {}, "", "missing")},
}
# The order of these says nothing: a scope is an OR of ANDs, and only the number counts for matching.
SETS = frozenset(
    {
        "synchronizationRules",
        "objectMappings",
        "attributeMappings",
        "attributes",
        "apiExpressions",
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
# What the service sets, by a property that tells such records.
STAMPS = {
    "synchronizationRules": ("id", "version"),
    "objectMappings": ("id", "editable"),
    "objects": ("id", "version", "discoveryDateTime", "discoverabilities", "readOnly"),
    "attributes": ("supportedApis",),
}
# Literals and names, whose blanks are their own, and the marks of a text around which blanks say nothing.
_EXPRESSION = re.compile(r'("(?:\\.|[^"\\])*"|\[[^\]]*\])|\s*([(),])\s*', re.DOTALL)


class Noise:
    """Rewrites a schema as the service or another tool might, without changing what it says (practice of PUT and GET).

    :arg seed: decides which spelling is taken where.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def __call__(self, value: t.Any, key: str = "") -> t.Any:
        """Return a noisy copy."""
        if isinstance(value, dict):
            return self._record(value, key)
        if isinstance(value, list):
            listed = [self(one, key) for one in value]
            if key in SETS:
                self.random.shuffle(listed)
            return listed
        return self._operand(value) if key == "values" else value

    def _record(self, record: Record, key: str) -> Record:
        noisy = {name: self._spelled(name, value, key) for name, value in record.items()}
        for mark, optional in OPTIONAL.items():
            if mark in record:
                for name, spellings in optional.items():
                    self._say_nothing(noisy, record.get(name), name, spellings)
        for mark, stamps in STAMPS.items():
            if mark in record:
                noisy |= {name: self.random.choice([None, record.get(name), "from the service"]) for name in stamps}
        if record.get("expression"):
            self._tree(noisy)
        # Where the rule has no name, it is known by its id.
        if "objectMappings" in record and not record.get("name"):
            noisy["id"] = record.get("id")
        for name in self.random.sample(["@odata.context", "@odata.type", "scope@odata.type"], 2):
            noisy[name] = "https://graph.test/$metadata"
        items = list(noisy.items())
        self.random.shuffle(items)
        return dict(items)

    def _say_nothing(self, noisy: Record, value: t.Any, name: str, spellings: tuple[t.Any, ...]) -> None:
        if not any(type(value) is type(one) and value == one for one in (None, *spellings) if one != "missing"):
            return
        choice = self.random.choice([*spellings, noisy.get(name, "missing")])
        noisy[name] = choice
        if choice == "missing":
            del noisy[name]

    def _tree(self, source: Record) -> None:
        """The tree follows from the text; omitted arguments are in it or not."""
        tree = source.pop("parameters", None) or []
        omitted = {"key": "default", "value": None}
        trees = [None, [], tree, [*tree, omitted], [one for one in tree if one.get("value")], "missing"]
        choice = self.random.choice(trees)
        if choice != "missing":
            source["parameters"] = choice
        if source["expression"] == f"[{source.get('name')}]" and self.random.random() < 0.3:
            # The guide to custom target attributes writes no text for an attribute.
            source["expression"] = self.random.choice([None, ""])

    def _spelled(self, name: str, value: t.Any, above: str) -> t.Any:
        if name == "flowTypes" and isinstance(value, str):
            return self._flags(value)
        if name in ("matchingPriority", "priority") and str(value).isdecimal():
            return self.random.choice([int(value), str(value)])
        if name == "expression" and value:
            return self._respaced(value)
        if name == "value" and above == "metadata" and isinstance(value, str) and value:
            return self._quoted(value)
        return self(value, name)

    def _flags(self, value: str) -> t.Any:
        parts = [one.strip() for one in value.split(",")]
        self.random.shuffle(parts)
        return self.random.choice([",".join(parts), ", ".join(parts), " , ".join(parts), parts])

    def _respaced(self, text: str) -> str:
        def blank() -> str:
            return self.random.choice(["", " ", "  ", "\t", "\r\n"])

        text = _EXPRESSION.sub(lambda found: found[1] or f"{blank()}{found[2]}{blank()}", text)
        return f"{blank()}{text}{blank()}"

    def _operand(self, value: t.Any) -> t.Any:
        plain = str(value).isdecimal() and str(int(value)) == str(value)
        return self.random.choice([int(value), str(value)]) if plain else value

    def _quoted(self, value: str) -> t.Any:
        """Spell the value of a metadata entry: texts with or without quotes, numbers and flags as such or as texts."""
        try:
            meant = json.loads(value)
        except ValueError:
            return self.random.choice([value, json.dumps(value)])
        if isinstance(meant, str):
            return self.random.choice([value, meant]) if not _is_json(meant) else value
        if isinstance(meant, (dict, list)):
            return json.dumps(meant, indent=self.random.choice([None, 2]))
        return self.random.choice([value, meant]) if json.dumps(meant) == value else value


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
