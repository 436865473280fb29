# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The templates of an application object: only through the application can they be changed."""

from __future__ import annotations

import functools
import typing as t

from .._graph.errors import ProvisioningError
from .._schema.diff import difference
from .._task import Change, Outcome
from .._task import difference as difference_shown
from . import endpoints, principals, schema_write, schemas
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._graph.graph import Graph
    from .._task import Task

Template = dict[str, t.Any]

# Options of the module and the members that they set.
FIELDS = {"description": "description", "default": "default", "discoverable": "discoverable"}


def application_id(graph: Graph, principal: Principal) -> str:
    """Return the object id of the application behind a service principal.

    :raises ProvisioningError: where the application lives in another tenant, as that of a multi-tenant vendor does.
    """
    app_id = principals.app_id(graph, principal)
    found = graph.find(endpoints.APP_BY_APP_ID.call(app=app_id, query={"$select": "id,appId"}))
    if not found:
        raise ProvisioningError(
            f"The application {principal} has no application object in this tenant, so its templates cannot be "
            "changed here.",
            status=404,
        )
    return str(found["id"])


def read(graph: Graph, app: str, template_id: str) -> Template:
    """Return a template.

    :raises ProvisioningError: naming the ones that there are.
    """
    found = graph.find(endpoints.APP_TEMPLATE_GET.call(app=app, template=template_id))
    if found:
        return t.cast("Template", found)
    ids = [str(one["id"]) for one in graph.pages(endpoints.APP_TEMPLATE_LIST.call(app=app))]
    raise ProvisioningError(
        f"The application has no synchronization template {template_id!r}; it has: {', '.join(ids) or 'none'}.",
        templates=ids,
        status=404,
    )


def shown(template: Template) -> Template:
    """Return a template without its schema, which is a hundred kilobytes of something else."""
    return {name: value for name, value in template.items() if name != "schema" and "@odata." not in name}


def read_schema(graph: Graph, app: str, template_id: str) -> schemas.Schema:
    """Return the schema of an application's template."""
    return t.cast("schemas.Schema", graph.send(endpoints.APP_TEMPLATE_SCHEMA.call(app=app, template=template_id)))


def place(graph: Graph, principal: Principal, app: str, template_id: str) -> schemas.Place:
    """Return where the schema of an application's template lives.

    It is written through the application. What helps to write it is documented for the service principal only (page
    "synchronizationSchema: parseExpression"). What Microsoft delivers can be read nowhere, so it is its own template.
    """
    own = functools.partial(schemas.called, {"app": app, "template": template_id})
    helps = functools.partial(schemas.called, {"sp": principal.id, "template": template_id})
    return schemas.Place(
        graph,
        f"{principal}.template.{template_id}",
        own(endpoints.APP_TEMPLATE_SCHEMA),
        lambda body: own(endpoints.APP_TEMPLATE_SCHEMA_PUT, body),
        own(endpoints.APP_TEMPLATE_SCHEMA_RESET),
        lambda body: helps(endpoints.TEMPLATE_PARSE, body),
        helps(endpoints.TEMPLATE_FUNCTIONS),
        helps(endpoints.TEMPLATE_FILTER_OPERATORS),
        lambda: read_schema(graph, app, template_id),
    )


def reset(task: Task, where: schemas.Place, current: Template) -> Outcome:
    """Put the schema back to what Microsoft delivers, and tell from before and after whether that changed anything.

    What is delivered can be read nowhere, so the reset is sent each time, and check mode cannot know its effect.
    """
    template_id = str(current["id"])
    result: dict[str, t.Any] = {"template": shown(current)}
    if task.check_mode:
        return Outcome(True, {**result, "changes": [f"reset the schema of the template {template_id}"]})
    before = where.read()
    if task.params["backup"]:
        result["backup_file"] = schema_write.keep(before, task.params["backup_dir"], where.name)
    task.graph.send(where.reset)
    differences = difference(before, where.read())
    plan = [Change(one.name, one.before, one.after, None, risk=one.risk) for one in differences]
    return Outcome(bool(plan), {**result, "changes": [one.sentence for one in plan]}, difference_shown(plan))


def plan_fields(graph: Graph, app: str, current: Template, params: t.Mapping[str, t.Any]) -> list[Change]:
    """Return the changes of the template's own fields.

    The whole template is sent: what is missing in a PATCH would be erased (page "Update synchronizationTemplate").
    """
    wanted = {member: params[option] for option, member in FIELDS.items() if params.get(option) is not None}
    metadata = {str(one.get("key")): one.get("value") for one in current.get("metadata") or []}
    new_metadata = {**metadata, **{key: str(value) for key, value in (params.get("metadata") or {}).items()}}
    changes = [
        Change(member, _text(current.get(member)), _text(value), None)
        for member, value in wanted.items()
        if (current.get(member) or None) != (value if value != "" else None) and current.get(member) != value
    ]
    changes += [
        Change(f"metadata {key}", metadata.get(key), value, None)
        for key, value in new_metadata.items()
        if metadata.get(key) != value
    ]
    if not changes:
        return []

    def visible(_call: Call) -> Template | None:
        now = read(graph, app, str(current["id"]))
        return None if plan_fields(graph, app, now, params) else now

    body = {name: value for name, value in current.items() if "@odata." not in name and name != "schema"}
    body |= wanted | {"metadata": [{"key": key, "value": value} for key, value in new_metadata.items()]}
    last = changes.pop()
    call = endpoints.APP_TEMPLATE_PATCH.call(app=app, template=current["id"], body=body)
    return [*changes, Change(last.path, last.before, last.after, call, confirm=visible)]


def _text(value: t.Any) -> str | None:
    if value is None or value == "":
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
