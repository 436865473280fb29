# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What is probably wrong with a schema, without asking the service."""

from __future__ import annotations

import fnmatch
import typing as t

from .linting.portable import of_portable
from .linting.rules import RULES
from .linting.schema import of_schema
from .linting.view import ObjectView
from .portable import is_portable
from .problems import SchemaProblem, nearest


class Finding(t.NamedTuple):
    """One thing that is probably wrong: the id of the rule, where ("User → User / userName"), and why it matters."""

    rule: str
    path: str
    message: str


def lint(
    document: t.Mapping[str, t.Any], *, sync_all: bool | None = None, ignore: t.Iterable[str] = ()
) -> list[Finding]:
    """Return what is probably wrong with a schema, or with a portable document, in the order of the paths.

    :arg sync_all: whether the job is for all users and groups (True), for the assigned ones (False), or unknown.
    :arg ignore: what not to report: ids of rules, and "id:path", where * and ? in the path stand for anything.
    :raises SchemaProblem: for a document that is neither, or misshapen, and for an unknown rule in ``ignore``.
    """
    silent = _silenced(ignore)
    found = {
        Finding(rule, path, f"{RULES[rule].sentence} {detail}".strip())
        for mapping in _views(document, sync_all)
        for rule in RULES
        for path, detail in RULES[rule].findings(mapping)
    }
    return sorted(
        (one for one in found if not _matches(one.path, silent.get(one.rule, ()))), key=lambda one: (one.path, one)
    )


def _views(document: t.Any, sync_all: bool | None) -> list[ObjectView]:
    if isinstance(document, t.Mapping) and is_portable(document):
        return of_portable(document, sync_all)
    if isinstance(document, t.Mapping) and "synchronizationRules" in document:
        return of_schema(document, sync_all)
    raise SchemaProblem(
        "This is no schema: it has neither synchronizationRules, as Graph writes them, nor object_mappings, as a "
        "portable document has them."
    )


def _silenced(ignore: t.Iterable[str]) -> dict[str, list[str]]:
    """Return the patterns of paths to leave out, by rule."""
    silent: dict[str, list[str]] = {}
    for entry in ignore:
        if not isinstance(entry, str):
            raise SchemaProblem(f"What to ignore is written as a text, 'rule' or 'rule:path', not as {entry!r}.")
        rule, _colon, path = entry.partition(":")
        if rule.strip() not in RULES:
            raise SchemaProblem(f"There is no lint rule '{rule.strip()}' to ignore.{nearest(rule.strip(), RULES)}")
        silent.setdefault(rule.strip(), []).append(path.strip() or "*")
    return silent


def _matches(path: str, patterns: t.Iterable[str]) -> bool:
    # Brackets are part of SCIM paths, so in a pattern too they stand for themselves: emails[type eq "work"].value.
    return any(fnmatch.fnmatchcase(path, one.replace("[", "[[]")) for one in patterns)
