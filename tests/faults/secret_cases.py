# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which token is given, what else changes, and under which options: every combination, and what may come of it."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.faults.cases import application
from tests.harness.simulator import Simulator

# Stored in every case: the token that the target takes, and settings of each kind.
NOTIFICATION = {"Enabled": True, "DeleteThresholdEnabled": True, "DeleteThresholdValue": 5}
JOB = {"template_id": "scim", "state": "paused"}

# What is given beside the token that is stored.
TOKENS = {"stale": "the-token-of-last-year", "empty": "", "wrong": "the-token-of-another", "right": None}
UPDATES = ("on_create", "on_change", "always")
VALIDATES = (True, None, False)


def kinds(simulator: Simulator) -> dict[str, tuple[dict[str, Any], dict[str, str]]]:
    """Every kind of change by name: the options that ask for it, and the keys with the texts that it stores."""
    elsewhere = simulator.ready["scim"]["base_address"].replace("127.0.0.1", "localhost")
    mail = {"enabled": True, "recipients": ["idm@contoso.example"]}
    return {
        "nothing": ({}, {}),
        "delete_threshold": ({"delete_threshold": 3}, _notification(DeleteThresholdValue=3)),
        "notification": ({"notification": mail}, _notification(Recipients="idm@contoso.example")),
        "skip_out_of_scope_deletions": ({"skip_out_of_scope_deletions": True}, {"SkipOutOfScopeDeletions": "True"}),
        "scope": ({"scope": "assigned", "allow": ["scope"]}, {"SyncAll": "false"}),
        "plain": ({"settings": {"CompanyId": "7"}}, {"CompanyId": "7"}),
        "address": ({"settings": {"BaseAddress": elsewhere}}, {"BaseAddress": elsewhere}),
        "remove": ({"remove": ["UserName"]}, {"UserName": ""}),
    }


def _notification(**more: Any) -> dict[str, str]:
    return {"SyncNotificationSettings": json.dumps({**NOTIFICATION, **more}, separators=(",", ":"))}


@dataclass(frozen=True)
class Combination:
    """One application and one task."""

    token: str
    kind: str
    update: str
    validate: bool | None

    @property
    def name(self) -> str:
        """The name of the application and of the task."""
        return f"{self.token} {self.kind} {self.update} {self.validate}"


def combinations(simulator: Simulator) -> Iterator[Combination]:
    """Every combination."""
    for one in itertools.product(TOKENS, kinds(simulator), UPDATES, VALIDATES):
        yield Combination(*one)


def stored(simulator: Simulator) -> dict[str, str]:
    """What is stored for each application at first; its job is healthy."""
    scim = simulator.ready["scim"]
    return {
        "BaseAddress": scim["base_address"],
        "SecretToken": scim["token"],
        "UserName": "svc-scim",
        "SyncAll": "true",
        "SyncNotificationSettings": json.dumps(NOTIFICATION),
    }


def tenant(simulator: Simulator, *cases: Combination) -> None:
    """An application for each combination."""
    secrets = stored(simulator)
    simulator.reset({"applications": [application(one.name, jobs=[JOB], secrets=secrets) for one in cases]})


def token(simulator: Simulator, case: Combination) -> str:
    """The token that a combination gives."""
    given = TOKENS[case.token]
    return str(simulator.ready["scim"]["token"]) if given is None else given


def bags(simulator: Simulator) -> dict[str, dict[str, str]]:
    """What is stored by now, as digests, by the name of the application."""
    state = simulator.state()
    names = {one["id"]: one["displayName"] for one in state["servicePrincipals"]}
    return {names[sp]: found["secrets"] for sp, found in state["synchronization"].items()}


def carried(simulator: Simulator, mark: int) -> dict[str, list[dict[str, str]]]:
    """The bodies of the PUTs since then, as digests by key, by the name of the application."""
    names = {one["id"]: one["displayName"] for one in simulator.state()["servicePrincipals"]}
    found: dict[str, list[dict[str, str]]] = {}
    for request in simulator.writes(mark):
        assert (request["method"], request["path"].rsplit("/", 1)[1]) == ("PUT", "secrets"), request
        body = {one["key"]: one["value"] for one in request["body"]["value"]}
        found.setdefault(names[request["path"].split("/")[3]], []).append(body)
    return found


def digest(text: str) -> str:
    """As the simulator shows secrets (tests/graphsim/control/recorder.py)."""
    if not text:
        return ""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def fingerprint(token: str) -> str:
    """A fingerprint of a token at the least price that the module accepts (plugins/module_utils/_sync/fingerprint)."""
    salt = bytes(16)
    made = hashlib.pbkdf2_hmac("sha256", token.encode(), salt + b"SecretToken", 100_000).hex()
    return f"pbkdf2-sha256$100000${salt.hex()}$SecretToken={made}"


def told(result: Mapping[str, Any]) -> dict[str, str]:
    """The secrets that a result tells of, each with the sentence."""
    sentences = [one for one in result.get("changes", []) if "SecretToken" in one]
    return {"SecretToken": sentences[0]} if sentences else {}


def predicted(simulator: Simulator, case: Combination, planned: Mapping[str, Any]) -> dict[str, str]:
    """The body that check mode has announced: what can be read stays, what was told changes."""
    body = {key: text for key, text in stored(simulator).items() if key != "SecretToken"}
    body.update(kinds(simulator)[case.kind][1])
    body.update(dict.fromkeys(told(planned), token(simulator, case)))
    return {key: digest(text) for key, text in body.items()}
