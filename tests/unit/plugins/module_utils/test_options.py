# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs in groups."""

from __future__ import annotations

import pytest
from ansible.module_utils.basic import AnsibleFallbackNotFound
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.entra.provisioning.plugins.module_utils import _options
from ansible_collections.entra.provisioning.plugins.module_utils._options import (
    APPLICATION,
    CREDENTIALS,
    JOB,
    Arguments,
    arguments,
)


def _validated(arguments: Arguments, **given: object) -> tuple[dict[str, object], list[str]]:
    result = ArgumentSpecValidator(arguments.spec, **arguments.rules()).validate(given)
    return result.validated_parameters, result.error_messages


def test_the_first_variable_that_holds_something_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TENANT_ID", "")
    monkeypatch.setenv("AZURE_TENANT", "second")
    assert _validated(CREDENTIALS)[0]["tenant_id"] == "second"
    monkeypatch.setenv("AZURE_TENANT_ID", "first")
    assert _validated(CREDENTIALS)[0]["tenant_id"] == "first"
    assert _validated(CREDENTIALS, tenant="given")[0]["tenant_id"] == "given"


def test_no_variable_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_TENANT_ID", raising=False)
    with pytest.raises(AnsibleFallbackNotFound):
        _options.environment("AZURE_TENANT_ID")


@pytest.mark.parametrize(("spelling", "cloud"), [("AzureUSGovernment", "usgov"), ("china", "china"), ("", "global")])
def test_the_spellings_of_a_cloud(spelling: str, cloud: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLOUD", spelling)
    monkeypatch.delenv("AZURE_CLOUD_ENVIRONMENT", raising=False)
    assert _validated(CREDENTIALS)[0]["cloud"] == cloud


def test_rules_of_groups_and_module_hold_together() -> None:
    joined = arguments(APPLICATION, JOB, more={"type": "str"}, mutually_exclusive=(("more", "job_id"),))
    assert set(joined.spec) == {*APPLICATION.spec, *JOB.spec, "more"}
    assert _validated(joined, app_id="x", more="y")[1] == []
    for given in (
        {},
        {"app_id": "x", "display_name": "y"},
        {"app_id": "x", "job_id": "1", "template_id": "2"},
        {"app_id": "x", "job_id": "1", "more": "2"},
    ):
        assert _validated(joined, **given)[1], given


NESTED = arguments(
    APPLICATION,
    JOB,
    other={"type": "dict", "options": APPLICATION.spec, "mutually_exclusive": [list(APPLICATION.spec)]},
    several={
        "type": "list",
        "elements": "dict",
        "options": {"constant": {}, "attribute": {}, **JOB.spec},
        "mutually_exclusive": [["constant", "attribute"], list(JOB.spec)],
    },
)


@pytest.mark.parametrize(
    ("options", "given"),
    [
        ({"app_id": "", "display_name": "x"}, {"display_name": "x"}),
        ({"app_id": None, "display_name": " ", "service_principal_id": "1"}, {"service_principal_id": "1"}),
        ({"app_id": "", "display_name": ""}, {"app_id": ""}),
        ({"display_name": ""}, {"display_name": ""}),
        ({"app_id": "1", "display_name": "x"}, {"app_id": "1", "display_name": "x"}),
        ({"job_id": "", "template_id": "scim", "app_id": "1"}, {"template_id": "scim", "app_id": "1"}),
        ({"other": {"app_id": "", "display_name": "x"}}, {"other": {"display_name": "x"}}),
        ({"several": [{"job_id": "1", "template_id": ""}]}, {"several": [{"job_id": "1"}]}),
        # An empty constant is a value.
        ({"several": [{"constant": "", "attribute": "x"}]}, {"several": [{"constant": "", "attribute": "x"}]}),
        ({"several": "no list", "other": None}, {"several": "no list", "other": None}),
    ],
)
def test_a_blank_answer_is_not_given(options: dict[str, object], given: dict[str, object]) -> None:
    before = repr(options)
    assert NESTED.given(options) == given
    assert repr(options) == before


def test_groups_are_not_changed_by_joining() -> None:
    before = dict(APPLICATION.spec)
    arguments(APPLICATION, extra={"type": "str"})
    assert APPLICATION.spec == before
