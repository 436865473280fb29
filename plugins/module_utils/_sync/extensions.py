# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Directory extensions: own attributes of users and others, declared on an application.

Facts: the pages "extensionProperty resource type" and "Add custom data to resources using extensions".
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._graph.errors import BadInput, GraphError, ProvisioningError
from .._task import Change
from . import endpoints, principals, waits
from .principals import PLANNED

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph
    from .._task import Task

Extension = dict[str, t.Any]

DATA_TYPES = ["Binary", "Boolean", "DateTime", "Integer", "LargeInteger", "String"]
TARGET_OBJECTS = ["AdministrativeUnit", "Application", "Device", "Group", "Organization", "User"]
_FULL_NAME = re.compile(r"extension_[0-9a-f]{32}_(.+)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclasses.dataclass(frozen=True)
class Owner:
    """The application that owns a directory extension; ``label`` is what the admin calls it."""

    app_id: str
    label: str

    @property
    def planned(self) -> bool:
        """True in check mode for an application that a real run would have made by now."""
        return self.app_id == PLANNED

    def full_name(self, name: str) -> str:
        """Return the name under which the directory and mappings know an extension."""
        return f"extension_{self.app_id.replace('-', '').lower()}_{name}"


def checked_name(params: t.Mapping[str, t.Any]) -> str:
    """Return the short name of the extension that the options mean, or refuse what cannot be meant.

    :raises BadInput: for the full name, one that no mapping could name, and an extension of nothing.
    """
    name = str(params["name"])
    if not params["target_objects"]:
        raise BadInput(f"The option target_objects is empty: say what has {name}, such as User.")
    full = _FULL_NAME.fullmatch(name)
    if full:
        raise BadInput(
            f"The option name takes {full[1]!r}: the service puts extension_ and the application id before it."
        )
    if not _NAME.fullmatch(name):
        raise BadInput(f"The name {name!r} of a directory extension may have letters, digits and underscores only.")
    return name


def owner(task: Task) -> Owner:
    """Return the application that the options mean. Extensions hang on its application id, so that needs no read."""
    given = task.params.get("app_id")
    if given:
        return Owner(principals.guid("app_id", given).lower(), given)
    principal = principals.resolve(task)
    if principal.planned:
        return Owner(PLANNED, str(principal))
    return Owner(principals.app_id(task.graph, principal), str(principal))


def find(graph: Graph, owner: Owner, name: str) -> Extension | None:
    """Return the extension with this short name, or None.

    :raises ProvisioningError: where there is one that differs only in case: the directory takes the two for one, but
        mappings do not (page "Syncing extension attributes"); and where the application is that of another tenant.
    """
    if owner.planned:
        return None
    wanted = owner.full_name(name)
    alike = [one for one in _listed(graph, owner) if str(one.get("name")).lower() == wanted.lower()]
    exact = next((one for one in alike if one.get("name") == wanted), None)
    if alike and not exact:
        raise ProvisioningError(
            f"The application {owner.label} has the directory extension {alike[0]['name']}, which differs from "
            f"{wanted} only in case. Nothing was changed. Names in mappings are case-sensitive: write the name as the "
            "service has it.",
            candidates=[one["name"] for one in alike],
        )
    return exact


def _listed(graph: Graph, owner: Owner) -> list[Extension]:
    try:
        return list(graph.pages(endpoints.EXTENSION_LIST.call(app=owner.app_id)))
    except GraphError as error:
        if error.status != 404:
            raise
        raise ProvisioningError(
            f"The application {owner.label} has no application object in this tenant, so it cannot own directory "
            "extensions here. Declare the extension on an application that is registered in this tenant. "
            f"(request id {error.facts.get('request_id', 'not given')})",
            **error.facts,
        ) from error


def plan_present(task: Task, owner: Owner, name: str, found: Extension | None) -> list[Change]:
    """Return what declares an extension.

    :raises ProvisioningError: where it is there, but not as it is wanted: a definition cannot be changed.
    """
    if found:
        _refuse_other(owner, found, task.params["data_type"], task.params["target_objects"])
        return []
    wanted = owner.full_name(name)

    def look() -> Extension | None:
        return find(task.graph, owner, name)

    def readable(_answer: Extension) -> Extension | None:
        return waits.until(
            task.deadline, f"waiting until {wanted} can be read", look, lambda extension: extension is not None
        )

    body = {key: value for key, value in planned(task, owner, name).items() if key != "isMultiValued"}
    about = f"{body['dataType']} of {', '.join(body['targetObjects'])}"
    return [
        Change(
            path=wanted,
            before=None,
            after=about,
            says=f"declare the directory extension {wanted} ({about})",
            call=endpoints.EXTENSION_CREATE.call(app=owner.app_id, body={**body, "name": name}),
            look=look,
            then=readable,
        )
    ]


def planned(task: Task, owner: Owner, name: str) -> Extension:
    """Return an extension as the options describe it, for check mode; only the service gives it an id."""
    return {
        "name": owner.full_name(name),
        "dataType": task.params["data_type"],
        "isMultiValued": False,
        "targetObjects": sorted(set(task.params["target_objects"])),
    }


def _refuse_other(owner: Owner, found: Extension, data_type: str, target_objects: t.Sequence[str]) -> None:
    wrong = []
    if str(found.get("dataType")).lower() != data_type.lower():
        wrong.append(f"it holds {found.get('dataType')}, not {data_type}")
    lacking = sorted(set(target_objects) - set(found.get("targetObjects") or []))
    if lacking:
        wrong.append(f"it is not for {' and '.join(lacking)}")
    if found.get("isMultiValued"):
        # Page "Known issues for provisioning": multi-valued directory extensions are not supported.
        wrong.append("it is multi-valued, which provisioning cannot map")
    if wrong:
        raise ProvisioningError(
            f"The application {owner.label} has the directory extension {found['name']}, but {', and '.join(wrong)}. "
            "Nothing was changed, since a definition cannot be. Choose another name, or remove it with the state "
            "absent if nobody needs its values.",
            extension_id=found.get("id"),
        )


def plan_absent(task: Task, owner: Owner, found: Extension | None) -> list[Change]:
    """Return what removes an extension.

    :raises ProvisioningError: where that is not consented to, or not possible.
    """
    if not found:
        return []
    name = str(found["name"])
    if found.get("isSyncedFromOnPremises"):
        raise ProvisioningError(
            f"The directory extension {name} comes from the on-premises directory and can be removed only there, with "
            "Microsoft Entra Connect. Nothing was changed."
        )
    if not task.params["confirm"]:
        raise ProvisioningError(
            f"Nothing was changed: without the directory extension {name} nobody can read the values any more that "
            "users and others have of it, though they go on counting against the limit of 100 per object. Set them to "
            "null first, take the attribute out of all mappings, and set confirm to true."
        )

    def gone(_call: Call) -> bool:
        return name not in [one.get("name") for one in _listed(task.graph, owner)]

    return [
        Change(
            path=name,
            before=f"{found.get('dataType')} of {', '.join(found.get('targetObjects') or [])}",
            after=None,
            says=f"remove the directory extension {name} with all its values",
            call=endpoints.EXTENSION_DELETE.call(app=owner.app_id, extension=str(found["id"])),
            confirm=gone,
            then=lambda _seen: None,
        )
    ]


def definitions(task: Task, owner: Owner, name: str) -> list[dict[str, str]]:
    """Return what defines an extension in a schema whose source is the tenant, in the words of sync_schema.

    Of what may have an extension, provisioning reads users and groups only.
    """
    data_type = task.params["data_type"]
    # The enumeration attributeType has one integer for both.
    said = {"name": owner.full_name(name), "type": "Integer" if data_type == "LargeInteger" else data_type}
    mapped = [one for one in ("User", "Group") if one in task.params["target_objects"]]
    return [{"directory": "source", "object": one, **said} for one in mapped]
