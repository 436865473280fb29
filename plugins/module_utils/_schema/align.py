# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Making a document that came from elsewhere fit the job it is meant for."""

from __future__ import annotations

import copy
import typing as t

Raw = dict[str, t.Any]

# Server-managed parts that a document may leave out; what the job has is then kept.
_KEPT = ("metadata", "supportedApis", "apiExpressions", "editable")


def aligned(document: t.Mapping[str, t.Any], current: t.Mapping[str, t.Any]) -> Raw:
    """Return a copy of a schema with the ids and the directory names of the job's own.

    A rule is found by its id, else by its name, else by being the only one; a directory by its name, or by its role
    in the rule, since templates call one and the same directory "Azure Active Directory" or "Microsoft Entra ID".
    Server-managed parts that the document leaves out are taken from the job.
    """
    wanted: Raw = copy.deepcopy(dict(document))
    for name in [name for name in wanted if "@odata." in name or name in ("id", "version")]:
        del wanted[name]
    if current.get("id"):
        wanted["id"] = current["id"]
    renamed: dict[str, str] = {}
    own_directories = {str(one.get("name")) for one in current.get("directories") or []}
    for rule in wanted.get("synchronizationRules") or []:
        own = _own_rule(rule, current.get("synchronizationRules") or [], len(wanted["synchronizationRules"]))
        if own:
            _align_rule(rule, own, own_directories, renamed)
    own_by_name = {str(one.get("name")): one for one in current.get("directories") or []}
    for directory in wanted.get("directories") or []:
        directory["name"] = renamed.get(str(directory.get("name")), directory.get("name"))
        own_directory = own_by_name.get(str(directory["name"]))
        if own_directory:
            _align_directory(directory, own_directory)
    return wanted


def _own_rule(rule: Raw, own: t.Sequence[Raw], count: int) -> Raw | None:
    for key in ("id", "name"):
        fitting = [one for one in own if rule.get(key) and one.get(key) == rule[key]]
        if len(fitting) == 1:
            return fitting[0]
    return own[0] if len(own) == count == 1 else None


def _align_rule(rule: Raw, own: Raw, own_directories: set[str], renamed: dict[str, str]) -> None:
    rule["id"] = own.get("id")
    rule.setdefault("name", own.get("name"))
    for end in ("sourceDirectoryName", "targetDirectoryName"):
        name = str(rule.get(end))
        if name not in own_directories and own.get(end):
            renamed[name] = rule[end] = own[end]
    _keep(rule, own)
    own_mappings = {_pair(one): one for one in own.get("objectMappings") or []}
    for mapping in rule.get("objectMappings") or []:
        _keep(mapping, own_mappings.get(_pair(mapping)))


def _align_directory(directory: Raw, own: Raw) -> None:
    if own.get("id"):
        directory["id"] = own["id"]
    for name in ("discoverabilities", "discoveryDateTime", "readOnly", "version"):
        if name in own:
            directory[name] = own[name]
    own_objects = {one.get("name"): one for one in own.get("objects") or []}
    for one in directory.get("objects") or []:
        own_object = own_objects.get(one.get("name"))
        _keep(one, own_object)
        own_attributes = {inner.get("name"): inner for inner in (own_object or {}).get("attributes") or []}
        for attribute in one.get("attributes") or []:
            _keep(attribute, own_attributes.get(attribute.get("name")))


def _keep(part: Raw, own: Raw | None) -> None:
    for name in _KEPT:
        if part.get(name) is None and own and own.get(name) is not None:
            part[name] = copy.deepcopy(own[name])


def _pair(mapping: Raw) -> tuple[t.Any, t.Any]:
    return mapping.get("sourceObjectName"), mapping.get("targetObjectName")
