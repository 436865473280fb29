# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""One schema made fit for another application or tenant: names and values replaced where an admin writes them."""

from __future__ import annotations

import re
import typing as t

from . import expressions
from .problems import SchemaProblem

Raw = dict[str, t.Any]
Replace = t.Callable[[str], str]

# Per kind of record: the properties whose texts are replaced, those that hold records, and those of one source.
# Ids, versions, metadata and the names of rules, directories, objects and groups are in none of them.
_TEXTS = {
    "rules": ("containers", "groups"),
    "attributes": ("target", "attribute", "constant", "expression", "default", "name", "defaultValue"),
    "attributeMappings": ("targetAttributeName", "defaultValue"),
    "clauses": ("attribute", "values", "sourceOperandName"),
    "targetOperand": ("values",),
    "containerFilter": ("includedContainers",),
    "groupFilter": ("includedGroups",),
    "custom_attributes": ("name", "default", "api_expressions"),
    "apiExpressions": ("value",),
}
_RECORDS = frozenset(
    {
        *_TEXTS,
        "object_mappings",
        "scope",
        "input_scope",
        "groups",
        "inputFilterGroups",
        "categoryFilterGroups",
        "synchronizationRules",
        "objectMappings",
        "directories",
        "objects",
    }
)


def substituted(document: t.Mapping[str, t.Any], replacements: t.Mapping[str, t.Any]) -> Raw:
    """Return a schema, or a portable document, with each key of ``replacements`` replaced by its value.

    It happens inside the names of attributes, expressions, constants, default values, and the values of scopes; the
    longest text first, and what came from a replacement is not replaced again.

    :raises SchemaProblem: for a replacement of nothing, or by nothing that is a text.
    """
    for old, new in replacements.items():
        if not str(old) or new is None:
            raise SchemaProblem(
                f"A substitution needs a text to replace and a text in its place, not {old!r}: {new!r}."
            )
    texts = {str(old): str(new) for old, new in replacements.items()}
    if not texts:
        return dict(document)
    pattern = re.compile("|".join(re.escape(old) for old in sorted(texts, key=lambda old: (-len(old), old))))
    return _record(document, "", lambda text: pattern.sub(lambda found: texts[found[0]], text))


def _record(record: t.Mapping[str, t.Any], kind: str, replace: Replace) -> Raw:
    changed = dict(record)
    for name, value in record.items():
        if name in _TEXTS.get(kind, ()):
            changed[name] = _texts(value, replace)
        elif name == "source" and kind == "attributeMappings":
            changed[name] = _source(value, replace)
        elif name in _RECORDS:
            changed[name] = _records(value, name, replace)
    return changed


def _records(value: t.Any, kind: str, replace: Replace) -> t.Any:
    if isinstance(value, list):
        return [_records(one, kind, replace) for one in value]
    return _record(value, kind, replace) if isinstance(value, t.Mapping) else value


def _texts(value: t.Any, replace: Replace) -> t.Any:
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, list):
        return [_texts(one, replace) for one in value]
    return {name: _texts(one, replace) for name, one in value.items()} if isinstance(value, t.Mapping) else value


def _source(source: t.Any, replace: Replace) -> t.Any:
    """Replace in a source and its tree; the text of an attribute or a constant follows from its name."""
    if not isinstance(source, t.Mapping):
        return source
    changed = {**source, **{name: _texts(source[name], replace) for name in ("expression", "name") if name in source}}
    if source.get("expression") and source.get("name") and source.get("type") in ("Attribute", "Constant"):
        built = expressions.attribute if source["type"] == "Attribute" else expressions.constant
        same = changed["name"] == source["name"]
        changed["expression"] = source["expression"] if same else built(changed["name"])["expression"]
    if isinstance(source.get("parameters"), list):
        changed["parameters"] = [
            {**one, "value": _source(one.get("value"), replace)} if isinstance(one, t.Mapping) else one
            for one in source["parameters"]
        ]
    return changed
