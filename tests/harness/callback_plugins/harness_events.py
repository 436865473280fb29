# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what a run did as JSON lines into the file that HARNESS_EVENTS names."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: harness_events
type: aggregate
short_description: JSON lines for the test harness
description:
  - Writes one line per task result, loop item result and final statistics.
"""


class CallbackModule(CallbackBase):
    """One line per result; the human output stays with the stdout callback."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "harness_events"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, line: dict[str, Any]) -> None:
        with open(os.environ["HARNESS_EVENTS"], "a", encoding="utf-8") as events:
            events.write(json.dumps(line, cls=AnsibleJSONEncoder) + "\n")

    def _task(self, event: Any, status: str, *, is_item: bool = False) -> None:
        # ansible-core 2.19 made these public and deprecates the underscored names; older ones have only those.
        task, host, result = (
            getattr(event, name) if hasattr(event, name) else getattr(event, f"_{name}")
            for name in ("task", "host", "result")
        )
        self._write(
            {
                "task": {
                    "name": task.get_name(),
                    "action": task.action,
                    "host": host.get_name(),
                    "status": status,
                    "changed": bool(result.get("changed")),
                    "result": dict(result),
                    "is_item": is_item,
                }
            }
        )

    def v2_runner_on_ok(self, result: Any) -> None:
        self._task(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._task(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._task(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._task(result, "unreachable")

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._task(result, "ok", is_item=True)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._task(result, "failed", is_item=True)

    def v2_runner_item_on_skipped(self, result: Any) -> None:
        self._task(result, "skipped", is_item=True)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._write({"stats": {host: stats.summarize(host) for host in stats.processed}})
