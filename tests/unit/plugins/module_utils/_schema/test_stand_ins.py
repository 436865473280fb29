# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes that the service does not have yet are asked about by names that it knows."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._schema import expressions
from ansible_collections.entra.provisioning.plugins.module_utils._schema.stand_ins import renamed, stand_ins


def _schema(**attributes: t.Any) -> dict[str, t.Any]:
    defined = [{"name": name, **more} for name, more in attributes.items()]
    return {
        "synchronizationRules": [{"sourceDirectoryName": "AD", "targetDirectoryName": "T"}],
        "directories": [
            {"name": "AD", "objects": [{"name": "user", "attributes": defined}]},
            {"name": "T", "objects": [{"name": "user", "attributes": [{"name": "free"}]}]},
        ],
    }


NOW = _schema(mails={"multivalued": True, "type": "String"}, mail={}, sn={}, number={"type": "Integer"})
BODY = _schema(
    mails={"multivalued": True},
    mail={},
    sn={},
    number={"type": "Integer"},
    desk={},
    badge={"type": "Integer"},
    tags={"multivalued": True},
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ToUpper([mail])", {}),
        ("ToUpper([desk])", {"desk": "mail"}),
        ("Join([desk], [mail])", {"desk": "sn"}),
        ("Join([desk], [badge], [tags], [desk])", {"desk": "mail", "badge": "number", "tags": "mails"}),
        # Of another kind, where nothing of its own kind is free; nothing where nothing is free at all.
        ("Join([desk], [mail], [sn])", {"desk": "mails"}),
        ("Join([desk], [mail], [sn], [mails], [number])", {}),
        # What the document does not define either is for the service to refuse.
        ("ToUpper([nobody])", {}),
        ("ToUpper([free])", {}),
    ],
)
def test_one_of_the_same_kind_that_is_not_read(text: str, names: dict[str, str]) -> None:
    assert stand_ins(text, BODY, NOW) == names


def test_the_names_come_back_into_the_tree() -> None:
    text = 'Append("[mail] [desk]", ToUpper([desk]))'
    names = stand_ins(text, BODY, NOW)
    asked = expressions.renamed(text, names)
    assert asked == 'Append("[mail] [desk]", ToUpper([mail]))'
    inner = {"expression": "ToUpper([mail])", "type": "Function", "name": "ToUpper"}
    leaf = {"expression": "[mail]", "type": "Attribute", "name": "mail", "parameters": []}
    text_leaf = {"expression": '"[mail] [desk]"', "type": "Constant", "name": "mail", "parameters": []}
    tree = {
        "expression": asked,
        "name": "Append",
        "type": "Function",
        "parameters": [
            {"key": "source", "value": text_leaf},
            {"key": "suffix", "value": {**inner, "parameters": [{"key": "source", "value": leaf}]}},
            {"key": "nothing", "value": None},
        ],
    }
    back = renamed(tree, {new: old for old, new in names.items()})
    assert back["expression"] == text
    assert back["parameters"][0]["value"] == text_leaf
    found = back["parameters"][1]["value"]
    assert found["expression"] == "ToUpper([desk])"
    assert found["parameters"][0]["value"] == {**leaf, "expression": "[desk]", "name": "desk"}
    assert back["parameters"][2] == {"key": "nothing", "value": None}
