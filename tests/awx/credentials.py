# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials as AWX renders them into the environment of a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2.sandbox

# A credential type of the administrator's own, after the page "Custom Credential Types" of AWX. Inputs that are left
# empty render as empty texts, and the file of a template exists even when it is empty (awx main/models/credential.py).
CUSTOM_TYPE: dict[str, Any] = {
    "inputs": {
        "fields": [
            {"id": "tenant_id", "label": "Tenant ID", "type": "string"},
            {"id": "client_id", "label": "Application (client) ID", "type": "string"},
            {"id": "client_secret", "label": "Client secret", "type": "string", "secret": True},
            {"id": "certificate", "label": "Certificate and key", "type": "string", "secret": True, "multiline": True},
            {"id": "federated_token", "label": "Federated token", "type": "string", "secret": True},
            {"id": "cloud", "label": "Cloud", "type": "string"},
        ],
        "required": ["tenant_id", "client_id"],
    },
    "injectors": {
        "file": {"template.certificate": "{{ certificate }}"},
        "env": {
            "AZURE_TENANT_ID": "{{ tenant_id }}",
            "AZURE_CLIENT_ID": "{{ client_id }}",
            "AZURE_CLIENT_SECRET": "{{ client_secret }}",
            "AZURE_CLIENT_CERTIFICATE_PATH": "{{ tower.filename.certificate }}",
            "AZURE_FEDERATED_TOKEN": "{{ federated_token }}",
            "AZURE_CLOUD": "{{ cloud }}",
        },
    },
}


def custom(folder: Path, inputs: dict[str, str]) -> dict[str, str]:
    """The environment from a credential of the type above; files go to the folder."""
    renderer = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    values: dict[str, Any] = {field["id"]: inputs.get(field["id"], "") for field in CUSTOM_TYPE["inputs"]["fields"]}
    names = {}
    for name, template in CUSTOM_TYPE["injectors"]["file"].items():
        file = folder / name.removeprefix("template.")
        file.touch(mode=0o600)
        file.write_text(renderer.from_string(template).render(values))
        names[file.name] = str(file)
    values["tower"] = {"filename": names}
    return {name: renderer.from_string(text).render(values) for name, text in CUSTOM_TYPE["injectors"]["env"].items()}


def azure(inputs: dict[str, str]) -> dict[str, str]:
    """The environment from AWX's own credential "Microsoft Azure Resource Manager" (awx main/models/credential)."""
    return {
        "AZURE_SUBSCRIPTION_ID": "",
        "AZURE_CLIENT_ID": inputs["client_id"],
        "AZURE_TENANT": inputs["tenant_id"],
        "AZURE_SECRET": inputs["client_secret"],
        "AZURE_CLOUD_ENVIRONMENT": "",
    }
