# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small schemas: one that is as it should be, and what makes it another."""

from __future__ import annotations

import copy
import typing as t

Raw = dict[str, t.Any]

ENTRA = {"objectId": {}, "IsSoftDeleted": {"type": "Boolean"}, "userPrincipalName": {}, "mail": {}, "department": {}}
SCIM = {"userName": {}, "active": {"type": "Boolean"}, "title": {}}
ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


def attribute(target: str, expression: str | None, **more: t.Any) -> Raw:
    """Return an attribute mapping; without an expression one that has no source."""
    source = None if expression is None else {"expression": expression, "type": "Function", "name": "x"}
    return {"targetAttributeName": target, "source": source, **more}


MATCHING = attribute("userName", "[userPrincipalName]", matchingPriority=1)


def clause(name: str, operator: str, *values: str) -> Raw:
    """Return a clause of a scoping filter."""
    return {"sourceOperandName": name, "operatorName": operator, "targetOperand": {"values": list(values)}}


def schema(
    *attributes: Raw,
    source: tuple[str, str, Raw] = ("Azure Active Directory", "User", ENTRA),
    target: tuple[str, str, Raw] = ("contoso", "User", SCIM),
    matching: Raw | None = MATCHING,
    clauses: t.Sequence[Raw] = (),
    **more: t.Any,
) -> Raw:
    """Return a schema with one object mapping.

    :arg source: names of directory and object, and the definitions by the names of the attributes; so for ``target``.
        What a mapping in ``attributes`` uses need not be among them.
    :arg matching: the mapping that makes the schema complete.
    :arg clauses: one scope group of them.
    :arg more: further properties of the object mapping.
    """
    mappings = copy.deepcopy([*([matching] if matching else []), *attributes])
    targets = {**{one["targetAttributeName"]: {} for one in mappings}, **target[2]}
    ends = [source, (target[0], target[1], targets)]
    return {
        "synchronizationRules": [
            {
                "name": "RULE",
                "sourceDirectoryName": source[0],
                "targetDirectoryName": target[0],
                "objectMappings": [
                    {
                        "sourceObjectName": source[1],
                        "targetObjectName": target[1],
                        "flowTypes": "Add, Update, Delete",
                        "attributeMappings": mappings,
                        "scope": {"groups": [{"name": "Sales", "clauses": list(clauses)}]} if clauses else None,
                        **more,
                    }
                ],
            }
        ],
        "directories": [
            {
                "name": directory,
                "objects": [{"name": name, "attributes": [{"name": one, **said} for one, said in defined.items()]}],
            }
            for directory, name, defined in ends
        ],
    }


def adding(schema: Raw, side: int, **attributes: Raw) -> Raw:
    """Return a schema with further definitions; ``side`` 0 is the source, 1 the target."""
    defined = schema["directories"][side]["objects"][0]["attributes"]
    defined += [{"name": name, **more} for name, more in attributes.items()]
    return schema
