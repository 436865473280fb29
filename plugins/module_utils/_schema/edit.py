# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Carrying out wishes in shorthand on a schema: what they name is changed, everything else goes back as it came."""

from __future__ import annotations

import copy
import dataclasses
import typing as t

from . import definitions, object_mappings, refusals, rules

Raw = dict[str, t.Any]
Wish = t.Mapping[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Wishes:
    """What a schema shall say, in the shorthand; a field that is None or missing is not given.

    ``exact``: as a portable document, everything that is not listed goes and every field that is not given has its
    default. Otherwise what is not named stays.
    """

    object_mappings: t.Sequence[Wish] = ()
    rules: t.Sequence[Wish] = ()
    custom_attributes: t.Sequence[Wish] = ()
    exact: bool = False


def edited(schema: t.Mapping[str, t.Any], wishes: Wishes, template: t.Mapping[str, t.Any] | None = None) -> Raw:
    """Return a schema with the wishes carried out; the given one stays as it is.

    Definitions come first, so that mappings know them. ``template`` is the schema of the job's template; it tells in
    exact mode which definitions are custom. A new function expression is a source without name and parameters, to be
    filled by ``sources.completed``.

    :raises SchemaProblem: where wishes contradict each other, or name what the schema does not have.
    """
    refusals.check(wishes.object_mappings, wishes.custom_attributes, wishes.exact)
    wanted: Raw = copy.deepcopy(dict(schema))
    removed = definitions.edit(wanted, wishes.custom_attributes, wishes.exact, template)
    rules.edit(wanted, wishes.rules, wishes.exact)
    object_mappings.edit(wanted, wishes.object_mappings, wishes.exact)
    definitions.refuse_used(wanted, removed)
    return wanted
