# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Argument specs in groups, put together per module. The fragments in doc_fragments mirror them one to one."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from ansible.module_utils.basic import AnsibleFallbackNotFound

from ._graph.clouds import CLOUDS, cloud_name
from ._graph.credentials.choice import METHODS

Spec = dict[str, dict[str, t.Any]]


def environment(*names: str) -> str:
    """Fall back to the first environment variable that holds something; AWX renders unfilled ones as empty texts."""
    for name in names:
        if os.environ.get(name):
            return os.environ[name]
    raise AnsibleFallbackNotFound


def cloud_from_environment(*names: str) -> str:
    """Like :func:`environment`, for the many spellings of a cloud."""
    return cloud_name(environment(*names))


@dataclasses.dataclass(frozen=True)
class Arguments:
    """An argument spec with its rules, in the form that AnsibleModule and ArgumentSpecValidator take.

    ``personal`` names the options that hold data of people: no secrets, whose every word would be cut out of all texts,
    but nothing to repeat in a result.
    """

    spec: Spec
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    required_one_of: tuple[tuple[str, ...], ...] = ()
    required_if: tuple[tuple[t.Any, ...], ...] = ()
    personal: tuple[str, ...] = ()

    def given(self, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Return options without the blank ones beside which another is given that excludes them.

        A survey sends an empty text for each question that was not answered, which means that the option is not given.
        """
        return _given(options, self.spec, self.mutually_exclusive)

    def rules(self) -> dict[str, t.Any]:
        """The rules as keyword arguments."""
        return {
            "mutually_exclusive": [list(names) for names in self.mutually_exclusive],
            "required_one_of": [list(names) for names in self.required_one_of],
            "required_if": [list(rule) for rule in self.required_if],
        }


def _given(options: t.Mapping[str, t.Any], spec: Spec, exclusive: t.Iterable[t.Sequence[str]]) -> dict[str, t.Any]:
    given = dict(options)
    for names in exclusive:
        present = [name for name in names if name in given]
        blank = [name for name in present if _is_blank(given[name])]
        # Where all are blank, one stays, to be refused in the words of whoever needs it.
        for name in blank if len(blank) < len(present) else blank[1:]:
            del given[name]
    for name, option in spec.items():
        inner = option.get("options")
        # Inside of mappings a blank is a mistake, not an answer that was not given.
        rules = [names for names in option.get("mutually_exclusive", ()) if set(names) <= _ADDRESSES]
        if inner and isinstance(given.get(name), dict):
            given[name] = _given(given[name], inner, rules)
        elif inner and isinstance(given.get(name), list):
            given[name] = [_given(one, inner, rules) if isinstance(one, dict) else one for one in given[name]]
        elif option.get("elements") == "str" and isinstance(given.get(name), str):
            # Ansible splits a text at its commas, and would look for a user " ben@contoso.example".
            given[name] = [part.strip() for part in given[name].split(",")]
    return given


# The options that say which application and which job are meant.
_ADDRESSES = {"service_principal_id", "app_id", "display_name", "job_id", "template_id"}


def _is_blank(value: t.Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


RULES = ("mutually_exclusive", "required_one_of", "required_if")


def arguments(*groups: Arguments, **more: t.Any) -> Arguments:
    """Put groups and a module's own options and rules together.

    :arg more: options of the module by name (their spec), or rules by their keyword.
    """
    own: dict[str, t.Any] = {rule: tuple(more.pop(rule, ())) for rule in (*RULES, "personal")}
    spec: Spec = {}
    for group in groups:
        spec.update(group.spec)
    spec.update(more)
    joined = {rule: tuple(one for group in groups for one in getattr(group, rule)) + own[rule] for rule in own}
    return Arguments(spec, **joined)


def _from(*names: str, **more: t.Any) -> dict[str, t.Any]:
    return {"type": "str", "fallback": (environment, list(names)), **more}


CREDENTIALS = Arguments(
    {
        "auth_method": _from(
            "ENTRA_AUTH_METHOD",
            choices=["auto", *METHODS],
            default="auto",
        ),
        "tenant_id": _from("AZURE_TENANT_ID", "AZURE_TENANT", aliases=["tenant"]),
        "client_id": _from("AZURE_CLIENT_ID"),
        "client_secret": _from("AZURE_CLIENT_SECRET", "AZURE_SECRET", aliases=["secret"], no_log=True),
        "certificate_path": _from(
            "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_X509_CERTIFICATE_PATH", type="path", no_log=False
        ),
        "certificate_password": _from("AZURE_CLIENT_CERTIFICATE_PASSWORD", no_log=True),
        "federated_token": _from("AZURE_FEDERATED_TOKEN", no_log=True),
        "federated_token_file": _from("AZURE_FEDERATED_TOKEN_FILE", type="path", no_log=False),
        "access_token": _from("GRAPH_ACCESS_TOKEN", "AZURE_ACCESS_TOKEN", no_log=True),
        "cloud": {
            "type": "str",
            "choices": list(CLOUDS),
            "default": "global",
            "fallback": (cloud_from_environment, ["AZURE_CLOUD", "AZURE_CLOUD_ENVIRONMENT"]),
        },
        "authority": _from("AZURE_AUTHORITY_HOST"),
        "graph_endpoint": _from("GRAPH_ENDPOINT"),
        "api_version": {"type": "str", "choices": ["v1.0", "beta"], "default": "v1.0"},
        "ca_path": _from("ENTRA_CA_PATH", type="path"),
        "validate_certs": {"type": "bool", "default": True},
        "timeout": {"type": "int", "default": 300},
    }
)

_APPLICATION_KEYS = ("service_principal_id", "app_id", "display_name")

APPLICATION = Arguments(
    {name: {"type": "str"} for name in _APPLICATION_KEYS},
    mutually_exclusive=(_APPLICATION_KEYS,),
    required_one_of=(_APPLICATION_KEYS,),
)

JOB = Arguments(
    {"job_id": {"type": "str"}, "template_id": {"type": "str"}},
    mutually_exclusive=(("job_id", "template_id"),),
)

# Credentials and settings of the target share one bag in Graph. Only what is secret is no_log: short values such as
# "True" would be cut out of every other text of the run.
TARGET = Arguments(
    {"secrets": {"type": "dict", "no_log": True}, "settings": {"type": "dict", "default": {}}},
)

WAIT = Arguments({"wait": {"type": "bool", "default": False}})
