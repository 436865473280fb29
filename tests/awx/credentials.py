# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials as AWX takes them and renders them into a job: after awx main/fields.py and main/models/credential.py.

What AWX refuses of a credential type is told by `problems_of_type`, which names the same conditions.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import jinja2.sandbox
import yaml

from tests.awx.data import entry

# Where the folder of a job is for the playbook; `tests.awx.jobs` puts the real place there, for want of a container.
INSIDE = "/runner"
HIDDEN = "**********"

_FIELD_KEYS = {
    "id",
    "label",
    "help_text",
    "type",
    "format",
    "choices",
    "multiline",
    "secret",
    "ask_at_runtime",
    "default",
}
_OF_STRINGS = ("choices", "multiline", "format", "secret")
_IDENTIFIER = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*")
_FILE = re.compile(r"template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?")
# The constant ENV_BLOCKLIST of AWX, but for what begins with ANSIBLE_.
_REFUSED = {
    "VIRTUAL_ENV",
    "PATH",
    "PYTHONPATH",
    "JOB_ID",
    "INVENTORY_ID",
    "INVENTORY_SOURCE_ID",
    "INVENTORY_UPDATE_ID",
    "AD_HOC_COMMAND_ID",
    "REST_API_URL",
    "REST_API_TOKEN",
    "MAX_EVENT_RES",
    "CALLBACK_QUEUE",
    "CALLBACK_CONNECTION",
    "CACHE",
    "JOB_CALLBACK_DEBUG",
    "INVENTORY_HOSTVARS",
    "AWX_HOST",
    "PROJECT_REVISION",
    "SUPERVISOR_CONFIG_PATH",
}
# As build_safe_env of AWX.
_SECRET_NAME = re.compile("API|TOKEN|KEY|SECRET|PASS", re.IGNORECASE)


@dataclass
class Injected:
    """What credentials put into a job: environment, arguments of ansible-playbook, the environment as AWX shows it."""

    environment: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)


def inject(kind: str, inputs: dict[str, str], folder: Path) -> Injected:
    """Render a credential of one of the credential types in tests/awx/controller into a job's folder.

    :param inputs: what was filled in. What was left out or empty has no name in the templates, and renders empty.
    """
    definition = entry("controller_credential_types", kind)
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment()
    secret = {one["id"] for one in definition["inputs"]["fields"] if one.get("secret")}
    values: dict[str, Any] = {name: value for name, value in inputs.items() if value}
    shown: dict[str, Any] = {name: HIDDEN if name in secret else value for name, value in values.items()}
    (folder / "env").mkdir(parents=True, exist_ok=True)
    tower = SimpleNamespace(filename=SimpleNamespace())
    for label, template in definition["injectors"].get("file", {}).items():
        place = _file(folder, environment.from_string(template).render(values))
        setattr(tower.filename, label.partition(".")[2], place)
    values["tower"] = shown["tower"] = tower
    templates = definition["injectors"].get("env", {})
    rendered = _render(environment, definition["injectors"].get("extra_vars", {}), values)
    return Injected(
        {name: environment.from_string(text).render(values) for name, text in templates.items()},
        {name: environment.from_string(text).render(shown) for name, text in templates.items()},
        ["-e", f"@{_file(folder, yaml.safe_dump(rendered))}"] if rendered else [],
    )


def azure(inputs: dict[str, str]) -> Injected:
    """AWX's own credential "Microsoft Azure Resource Manager" (awx main/models/credential)."""
    environment = {
        "AZURE_SUBSCRIPTION_ID": "",
        "AZURE_CLIENT_ID": inputs["client_id"],
        "AZURE_TENANT": inputs["tenant_id"],
        "AZURE_SECRET": inputs["client_secret"],
        "AZURE_CLOUD_ENVIRONMENT": "",
    }
    return Injected(environment, safe(environment))


def safe(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a job as AWX keeps it, hidden by the names of the variables."""
    return {name: HIDDEN if _SECRET_NAME.search(name) else value for name, value in environment.items()}


def problems_of_type(definition: dict[str, Any]) -> list[str]:
    """Why AWX would refuse a credential type."""
    fields = definition["inputs"]["fields"]
    return [*_problems_of_fields(definition["inputs"]), *_problems_of_injectors(definition["injectors"], fields)]


def _problems_of_fields(inputs: dict[str, Any]) -> Iterator[str]:
    yield from (f"inputs: {key}" for key in inputs if key not in ("fields", "required"))
    names = [one.get("id", "") for one in inputs["fields"]]
    yield from (f"required: there is no field {name}" for name in inputs.get("required", []) if name not in names)
    for one in inputs["fields"]:
        name = one.get("id", "")
        yield from (f"{name}: {key}" for key in one if key not in _FIELD_KEYS)
        if not _IDENTIFIER.fullmatch(name) or name == "tower" or names.count(name) > 1 or "label" not in one:
            yield f"{name}: its id or label"
        kind = one.get("type", "string")
        if kind not in ("string", "boolean") or one.get("format", "url") not in ("ssh_private_key", "url"):
            yield f"{name}: its type or format"
        yield from (f"{name}: {key} of a {kind}" for key in _OF_STRINGS if key in one and kind != "string")
        if "default" in one and not isinstance(one["default"], {"string": str, "boolean": bool}.get(kind, ())):
            yield f"{name}: its default"


def _problems_of_injectors(injectors: dict[str, Any], fields: list[dict[str, Any]]) -> Iterator[str]:
    yield from (f"injectors: {key}" for key in injectors if key not in ("file", "env", "extra_vars"))
    files = list(injectors.get("file", {}))
    yield from (f"file: {name}" for name in files if not _FILE.fullmatch(name))
    if "template" in files and len(files) > 1:
        yield "file: one without a name beside others"
    for name, text in injectors.get("env", {}).items():
        if not _IDENTIFIER.fullmatch(name) or name.startswith("ANSIBLE_") or name in _REFUSED or not text.isascii():
            yield f"env: {name}"
    named = SimpleNamespace(**{name.partition(".")[2]: "EXAMPLE" for name in files})
    known = {**{one["id"]: "EXAMPLE" for one in fields}, "tower": SimpleNamespace(filename=named)}
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    for text in _texts(injectors):
        try:
            environment.from_string(text).render(known)
        except jinja2.TemplateError as error:
            yield f"{text}: {error}"


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
    else:
        yield node


def _render(environment: jinja2.Environment, node: Any, values: dict[str, Any]) -> Any:
    if isinstance(node, dict):
        return {_render(environment, name, values): _render(environment, value, values) for name, value in node.items()}
    if isinstance(node, list):
        return [_render(environment, value, values) for value in node]
    return environment.from_string(node).render(values)


def _file(folder: Path, content: str) -> str:
    """Write a file that only its owner can read, and say where the playbook finds it."""
    with tempfile.NamedTemporaryFile("w", dir=folder / "env", delete=False) as file:
        file.write(content)
    return f"{INSIDE}/env/{Path(file.name).name}"
