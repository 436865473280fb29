# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job beside another one takes consent; one of the same template is no other one."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import ProvisioningError
from ansible_collections.entra.provisioning.plugins.module_utils._sync import second_jobs
from ansible_collections.entra.provisioning.plugins.modules import sync_job
from ansible_collections.entra.provisioning.tests.unit.doubles import ScriptedHttp, task
from ansible_collections.entra.provisioning.tests.unit.schema_service import SP


def _job(template: str) -> dict[str, t.Any]:
    return {"id": f"{template}.1", "templateId": template, "schedule": {"state": "Active"}}


def _making(template: str, *there: str, consent: bool = False) -> None:
    made = task(sync_job.ARGUMENTS, ScriptedHttp(routes={}), service_principal_id=SP.id, allow_second_job=consent)
    second_jobs.refuse_making(made, SP, template, [_job(one) for one in there])


def test_what_a_run_beside_this_one_has_made_is_no_second_job() -> None:
    _making("scim", "scim")
    _making("scim")


def test_one_of_another_template_is() -> None:
    with pytest.raises(ProvisioningError, match="customappsso.1 .runs., since both write to one target"):
        _making("scim", "scim", "customappsso")
    _making("scim", "scim", "customappsso", consent=True)


@pytest.mark.parametrize(("one", "other"), [("AD2AADProvisioning", "AD2AADPasswordHash")])
def test_a_family_belongs_together(one: str, other: str) -> None:
    _making(one, other)
    _making(other, one)
