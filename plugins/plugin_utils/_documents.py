# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""What filters get from templates: documents as plain data, and the problems of documents as filter errors."""

from __future__ import annotations

import contextlib
import datetime
import typing as t
from collections.abc import Mapping, Sequence

from ansible.errors import AnsibleFilterError
from ansible_collections.entra.provisioning.plugins.module_utils._schema import shape
from ansible_collections.entra.provisioning.plugins.module_utils._schema.portable import is_portable, portable
from ansible_collections.entra.provisioning.plugins.module_utils._schema.problems import SchemaProblem
from ansible_collections.entra.provisioning.plugins.module_utils._schema_options import validated


@contextlib.contextmanager
def told(filter_name: str) -> t.Iterator[None]:
    """Turn the problem of a document into the error of a filter."""
    try:
        yield
    except SchemaProblem as problem:
        raise AnsibleFilterError(f"entra.provisioning.{filter_name}: {problem.message}") from problem


def schema(value: t.Any) -> dict[str, t.Any]:
    """Return a schema as plain data of the right shape: as it is, or, where it is portable, in the one spelling.

    :raises SchemaProblem: where it is neither of the two.
    """
    document = plain(value)
    if not isinstance(document, dict) or not is_portable(document):
        shape.check(document)
        return t.cast("dict[str, t.Any]", document)
    return portable(validated(document))


def template(value: t.Any) -> dict[str, t.Any] | None:
    """Return the schema of a template as plain data; None where there is none.

    :raises SchemaProblem: where it is something else; a portable document does not say what a template has.
    """
    document = plain(value)
    try:
        shape.check({"synchronizationRules": []} if document is None else document)
    except SchemaProblem as problem:
        raise SchemaProblem(f"The template is not the schema of a template. {problem.message}") from problem
    return t.cast("dict[str, t.Any] | None", document)


def plain(value: t.Any) -> t.Any:
    """Return a value without what templating adds: tags, marks of unsafe texts, containers that render late.

    :raises SchemaProblem: for what JSON cannot say.
    """
    if isinstance(value, str):
        return str.__str__(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {plain(name): plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(one) for one in value]
    raise SchemaProblem(f"A schema cannot contain a {type(value).__name__}.")
