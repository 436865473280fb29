# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Function expressions of a document: which ones the service must parse, and the document with their trees."""

from __future__ import annotations

import copy
import typing as t

from . import expressions

Raw = dict[str, t.Any]
Document = t.Mapping[str, t.Any]


def unparsed(body: Document, current: Document) -> list[str]:
    """Return the function expressions of a document that the current one does not have, each once.

    Two that differ in blanks are one.
    """
    known = {expressions.normalised(text) for text in map(_function, _sources(current)) if text}
    found = {expressions.normalised(text): text for text in map(_function, _sources(body)) if text}
    return [text for meaning, text in found.items() if meaning not in known]


def completed(body: Document, current: Document, parsed: t.Mapping[str, t.Mapping[str, t.Any]]) -> Raw:
    """Return a copy of a document in which no function expression is a mere text, and every tree is that of its text.

    Nobody knows which of the two the service follows where they differ. The text is what people edit.

    ``parsed`` holds what the service made of the texts of ``unparsed`` (``parsedExpression`` of parseExpression). A
    text that the current document has already gets the tree from there.
    """
    done: Raw = copy.deepcopy(dict(body))
    trees = {expressions.normalised(text): tree for text, tree in parsed.items()}
    known: dict[str, Raw] = {}
    for source in _sources(current):
        text = _function(source)
        if text and source.get("name"):
            known.setdefault(expressions.normalised(text), source)
    for source in _sources(done):
        meaning = expressions.normalised(_function(source) or "")
        if meaning in trees:
            source.update(copy.deepcopy(dict(trees[meaning])))
        elif meaning in known and (not source.get("name") or expressions.contradicts(source)):
            source.update(copy.deepcopy(known[meaning]))
        elif expressions.contradicts(source):
            source.update(expressions.literal(source["expression"]) or {})
    return done


def _sources(document: Document) -> t.Iterator[Raw]:
    for rule in document.get("synchronizationRules") or []:
        for mapping in rule.get("objectMappings") or []:
            for one in mapping.get("attributeMappings") or []:
                if one.get("source"):
                    yield one["source"]


def _function(source: Document) -> str | None:
    """Return the text of a source that needs the service's parser; None for an attribute and a constant."""
    text = expressions.text_of(source)
    return text if text and not expressions.literal(text) else None
