# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The synchronization templates of an application: what kinds of job it can have."""

from __future__ import annotations

import json
import typing as t

from .._graph.errors import ProvisioningError
from . import bag, endpoints
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.graph import Graph

Template = dict[str, t.Any]


def listed(graph: Graph, principal: Principal) -> list[Template]:
    """Return the templates of a service principal."""
    return list(graph.pages(endpoints.TEMPLATE_LIST.call(sp=principal.id)))


def chosen(templates: t.Sequence[Template], wanted: str | None, application: str) -> Template:
    """Return the template to use: the one asked for, else the only one, else the recommended one.

    :raises ProvisioningError: naming the choices, or the reason why there are none.
    """
    if not templates:
        raise ProvisioningError(
            f"The application {application} has no synchronization templates, so it cannot be provisioned. A plain "
            "app registration has none; make the application from the gallery (the entry 'Custom' for one that is "
            "not listed there) with entra.provisioning.gallery_application.",
            templates=[],
        )
    ids = [str(template["id"]) for template in templates]
    if wanted:
        fitting = [template for template in templates if template["id"] == wanted]
    elif len(templates) == 1:
        fitting = list(templates)
    else:
        fitting = [template for template in templates if template.get("default")]
    if len(fitting) == 1:
        return fitting[0]
    what = f"no synchronization template {wanted!r}" if wanted else "several synchronization templates"
    raise ProvisioningError(
        f"The application {application} has {what}; it offers: {', '.join(ids)}. Name one of them in the option "
        "template_id.",
        templates=ids,
    )


def wanted_credentials(template: Template) -> list[str]:
    """Return the names of the credentials that a template asks for, in lower case as the service writes them."""
    return [str(field["name"]).lower() for _authentication, field in _fields(template)]


def credentials(template: Template) -> dict[str, t.Any]:
    """Return what a job of a template wants to know of the target, in one record.

    Each credential has the ``key`` under which it is written, whether it is ``secret``, the ``label`` that people see,
    and the ``authentication`` that it belongs to (None for all).
    """
    return {
        "template_id": template.get("id"),
        "default": bool(template.get("default")),
        "description": template.get("description"),
        "credentials": [
            {
                "key": _key(str(field["name"])),
                "secret": bool(field.get("secret")) or _key(str(field["name"])) in bag.SECRET_KEYS,
                "label": field.get("defaultLabel"),
                "authentication": authentication,
            }
            for authentication, field in _fields(template)
        ],
    }


def _key(name: str) -> str:
    """Return the key of the bag that a field's name stands for; fields are written in lower case."""
    return next((key for key in bag.KEYS if key.lower() == name.lower()), name)


def _fields(template: Template) -> list[tuple[str | None, dict[str, t.Any]]]:
    """Return the fields that a template announces, each with the kind of authentication that it belongs to.

    They are in its metadata, under ``configurationFields`` or, by kind of authentication, under the names that
    ``SupportedAuthenticationTypes`` lists.
    """
    metadata = {str(entry.get("key", "")).lower(): entry.get("value") for entry in template.get("metadata") or []}
    found: list[tuple[str | None, t.Any]] = [(None, field) for field in _json_list(metadata.get("configurationfields"))]
    for kind in map(str, _json_list(metadata.get("supportedauthenticationtypes"))):
        found += [(kind, field) for field in _json_list(metadata.get(kind.lower()))]
    return [(kind, field) for kind, field in found if isinstance(field, dict) and field.get("name")]


def _json_list(text: t.Any) -> list[t.Any]:
    try:
        value = json.loads(text) if text else []
    except ValueError:
        return []
    return value if isinstance(value, list) else []
