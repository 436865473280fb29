# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong in a tenant on an ordinary day: each function brings about one such day, from nothing."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.faults.cases import BEN, NAME, application
from tests.faults.life import example
from tests.harness.playbook import run_playbook
from tests.harness.simulator import Simulator

ADELE, CARLA, DENIZ, EVA = (
    f"{name}@contoso.example" for name in ("adele.vance", "carla.diaz", "deniz.kaya", "eva.lind")
)
STRANGER = "the stranger of the target"
INBOUND = {"display_name": "Contoso HR", "application_template_id": "40d8f01e-b0d7-4b4f-938b-05190712e598"}
_CYCLE = "PT41M"


def secrets(simulator: Simulator, **more: str) -> dict[str, str]:
    """The secrets and settings of a job that works."""
    scim = simulator.ready["scim"]
    return {"BaseAddress": scim["base_address"], "SecretToken": scim["token"], "SyncAll": "false", **more}


def tenant(simulator: Simulator, *others: dict[str, Any], **more: Any) -> None:
    """One application that provisions three people, with what a day adds."""
    mine: dict[str, Any] = {
        "jobs": [{"template_id": "scim", "state": "started"}],
        "secrets": secrets(simulator),
        "assigned": [ADELE, BEN, CARLA],
        **more,
    }
    simulator.reset({"applications": [application(**mine), *others]})


def an_ordinary_day(simulator: Simulator) -> None:
    """All is well: the first cycle is over."""
    tenant(simulator)
    simulator.clock(_CYCLE)


def a_revoked_token(simulator: Simulator) -> None:
    """The target accepts the token of one application no longer; others rest, or run well."""
    job = {"template_id": "scim", "state": "started"}
    fine = application("Fabrikam SCIM", jobs=[job], secrets=secrets(simulator), assigned=[ADELE])
    new = application("Tailwind SCIM", jobs=[{"template_id": "scim"}])
    tenant(simulator, fine, new, secrets=secrets(simulator, SecretToken="a token that was revoked"))
    simulator.clock(_CYCLE)


def a_target_that_is_back(simulator: Simulator) -> None:
    """The job is in quarantine still, and nothing is wrong any more."""
    tenant(simulator, jobs=[{"template_id": "scim", "state": "quarantine"}])


def a_name_that_is_taken(simulator: Simulator) -> None:
    """The target has a stranger with the user name of Eva, who is no manager or report of the others."""
    jobs = [{"template_id": "scim", "state": "started", "schema": _matched_by("displayName")}]
    tenant(simulator, jobs=jobs, assigned=[ADELE, BEN, EVA])
    # After the reset, which empties the target.
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": EVA,
        "displayName": STRANGER,
    }
    scim(simulator, "POST", "/Users", body)
    simulator.clock(_CYCLE)


def removals_that_wait(simulator: Simulator) -> None:
    """Two of three people are unassigned at once, and the deletion threshold is two."""
    threshold = {"Enabled": True, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 2}
    tenant(simulator, secrets=secrets(simulator, SyncNotificationSettings=json.dumps(threshold)))
    simulator.clock(_CYCLE)
    gone = {"display_name": NAME, "users": [ADELE, BEN], "state": "absent"}
    unassigned = run_playbook([{"entra.provisioning.app_role_assignment": gone}], defaults=simulator.options())
    assert unassigned.rc == 0, unassigned.output
    simulator.clock(_CYCLE)


def a_job_that_listens(simulator: Simulator) -> None:
    """An application of API-driven provisioning whose job runs."""
    bag = {"SyncNotificationSettings": json.dumps({"Enabled": True, "Recipients": "identity-team@contoso.example"})}
    jobs = [{"template_id": "API2AAD", "state": "active"}]
    simulator.reset({"applications": [{**INBOUND, "jobs": jobs, "secrets": bag}]})


def job(simulator: Simulator, name: str = NAME) -> dict[str, Any]:
    """The only job of an application as the simulator holds it, with its ``memory``."""
    state = simulator.state()
    principal = next(one["id"] for one in state["servicePrincipals"] if one["displayName"] == name)
    (found,) = state["synchronization"][principal]["jobs"].values()
    return dict(found)


def scim(simulator: Simulator, method: str, path: str, body: Any = None) -> Any:
    """Ask the target something as its own administrator."""
    place = simulator.ready["scim"]
    headers = {"Authorization": f"Bearer {place['token']}", "Content-Type": "application/scim+json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{place['base_address']}{path}", data, headers, method=method)
    # A handler for no proxy at all: HTTP(S)_PROXY of the machine must not see loopback.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def _matched_by(target: str) -> dict[str, Any]:
    """The default schema, in which people are matched by that attribute alone."""
    schema = example("customappsso_default")
    for mapping in schema["synchronizationRules"][0]["objectMappings"]:
        for one in mapping["attributeMappings"]:
            if mapping["sourceObjectName"] == "User":
                one["matchingPriority"] = int(one["targetAttributeName"] == target)
    return schema


# Blocks of guides by their beginning, and what has happened before somebody comes to read them.
_RECOVER = """$ ansible-playbook entra.provisioning.recover -e "recover_display_name='Contoso SCIM'\""""
BEFORE: dict[str, Callable[[Simulator], None]] = {
    """$ ansible localhost -m entra.provisioning.sync_info -a 'display_name="Contoso SCIM" gather=h""": an_ordinary_day,
    "$ ansible-playbook health.yml": a_revoked_token,
    "- name: Read what went wrong in the last cycle": a_name_that_is_taken,
    "- name: Provision one person and say how far it came": an_ordinary_day,
    f"{_RECOVER} --check": a_revoked_token,
    f"{_RECOVER} -e recover_wait": a_target_that_is_back,
    "$ ansible-playbook entra.provisioning.rotate_credentials": a_revoked_token,
    f"{_RECOVER}\n": removals_that_wait,
    "- name: Hold at five deletions, and tell the team": an_ordinary_day,
    "- name: Look at everybody again after repairs": an_ordinary_day,
    "- name: Upload people of the HR system": a_job_that_listens,
    "$ ansible-playbook entra.provisioning.offboard": an_ordinary_day,
}
