# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The switch for synchronization with Active Directory."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.modules import directory_synchronization
from ansible_collections.entra.provisioning.tests.unit.doubles import Request, ScriptedHttp, answer, task

TENANT = "22222222-3333-4444-5555-666666666666"
# The switch is documented for beta alone, so the path of the double keeps its version.
SWITCH = f"https://graph.test/beta/organization/{TENANT}"


class Service:
    """A tenant.

    :arg state: what onPremisesSyncEnabled is.
    :arg lag: how many reads after the write show the state before it.
    """

    def __init__(self, state: bool | None, lag: int = 0) -> None:
        self.state, self.lag = state, lag
        self.old: list[bool | None] = []
        self.http = ScriptedHttp(routes={("GET", "/organization"): self.read, ("PATCH", SWITCH): self.write})

    def read(self, _request: Request) -> t.Any:
        state = self.old.pop() if self.old else self.state
        return {"value": [{"id": TENANT, "displayName": "Contoso", "onPremisesSyncEnabled": state}]}

    def write(self, request: Request) -> t.Any:
        assert request.body == {"onPremisesSyncEnabled": True}
        self.old = [self.state] * self.lag
        self.state = True
        return answer(204)

    def run(self, *, check_mode: bool = False) -> dict[str, t.Any]:
        """Run the module and return its result."""
        self.http.sent.clear()
        done = task(directory_synchronization.ARGUMENTS, self.http, check_mode=check_mode)
        return done.perform(directory_synchronization.run)


@pytest.mark.parametrize(("state", "lag"), [(None, 0), (False, 3)])
def test_it_is_switched_on_once(state: bool | None, lag: int) -> None:
    service = Service(state, lag)
    planned = service.run(check_mode=True)
    assert service.http.verbs() == ["GET"]
    done = service.run()
    assert done["changes"] == [f"switch on directory synchronization for the tenant {TENANT}"]
    assert (done["organization_id"], done["was"]) == (TENANT, False)
    assert {key: planned[key] for key in ("changed", "changes", "diff", "was")} == {
        key: done[key] for key in ("changed", "changes", "diff", "was")
    }
    again = service.run()
    assert (again["changed"], again["was"]) == (False, True)
    assert service.http.verbs() == ["GET"]


def test_nobody_is_no_tenant() -> None:
    service = Service(None)
    service.http.routes = {("GET", "/organization"): {"value": []}}
    assert "names no organization" in service.run()["msg"]
