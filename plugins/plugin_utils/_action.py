# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The fast door: runs a module's work inside the worker instead of starting a Python for it.

Ansible's own cost of a module task is about 0.27 s, the work is milliseconds. Anything that the worker cannot do as
the module would (become, async, another machine, a missing library) goes through the ordinary door.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import types
import typing as t

from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible_collections.entra.provisioning.plugins.module_utils._options import Arguments
from ansible_collections.entra.provisioning.plugins.module_utils._redact import redacted, secret_values
from ansible_collections.entra.provisioning.plugins.module_utils._task import RUN_FOLDER, Outcome, Task

# Loaded here once, by the process that all workers are forked from.
READY = all(importlib.util.find_spec(name) for name in ("requests", "msal"))
if READY:
    importlib.import_module("requests")
    importlib.import_module("msal")

# The variable that turns the fast door off, for whoever suspects it.
SWITCH = "entra_provisioning_fast_door"


class Front(ActionBase):
    """The action plugin of every module of this collection; a subclass only says which."""

    arguments: t.ClassVar[Arguments]
    work: t.ClassVar[t.Callable[[Task], Outcome]]

    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Run the task here, or hand it over."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        if self._can_run_here(variables):
            with _environment(self._environment()):
                return self._run_here()
        return self._hand_over(variables)

    def _hand_over(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Let Ansible run the module.

        Ansible puts the keyword C(environment) on the command line of the module, which -vvv and every user of the
        machine can read. So what is secret in it goes the way of the options.
        """
        environment = self._environment()
        options = dict(self._task.args)
        for name, option in self.arguments.spec.items():
            if option.get("no_log") is True and "fallback" in option:
                found = [environment.pop(variable, "") for variable in option["fallback"][1]]
                value = next(filter(None, found), None)
                if value and not any(given in options for given in (name, *option.get("aliases", ()))):
                    options[name] = value
        if self._connection.transport == "local" and not self._play_context.become:
            environment[RUN_FOLDER] = constants.DEFAULT_LOCAL_TMP
        before, self._task.environment = self._task.environment, [environment]
        try:
            return t.cast(
                "dict[str, t.Any]",
                self._execute_module(module_args=options, task_vars=variables, wrap_async=bool(self._task.async_val)),
            )
        finally:
            self._task.environment = before

    def _can_run_here(self, variables: t.Mapping[str, t.Any]) -> bool:
        return (
            READY
            and self._connection.transport == "local"
            and not self._play_context.become
            and not self._task.async_val
            and boolean(self._templar.template(variables.get(SWITCH, True)), strict=False)
        )

    def _run_here(self) -> dict[str, t.Any]:
        spec = self.arguments.spec
        validator = ArgumentSpecValidator(spec, **self.arguments.rules())
        checked = validator.validate(dict(self._task.args))
        if checked.error_messages:
            message = checked.errors.msg
            if isinstance(checked.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._task.resolved_action}) module: {message}"
            secrets = secret_values(spec, checked.validated_parameters)
            return {"failed": True, "changed": False, "msg": redacted(message, secrets)}
        task = Task(
            self.arguments,
            {name: checked.validated_parameters.get(name) for name in spec},
            check_mode=bool(self._task.check_mode),
            diff_mode=bool(self._task.diff),
            run_folder=constants.DEFAULT_LOCAL_TMP,
        )
        result = task.perform(type(self).work)
        if task.warnings:
            result["warnings"] = task.warnings
        return result

    def _environment(self) -> dict[str, str]:
        """The keyword C(environment) of the task, merged as Ansible does for modules."""
        merged: dict[str, str] = {}
        for one in self._task.environment or []:
            templated = self._templar.template(one)
            merged.update({str(name): str(value) for name, value in (templated or {}).items()})
        return merged


@contextlib.contextmanager
def _environment(more: t.Mapping[str, str]) -> t.Iterator[None]:
    """Set variables for a while; the items of a loop share one process."""
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def front(module: types.ModuleType) -> type[Front]:
    """Return the action plugin of a module.

    :arg module: the module, which has ``ARGUMENTS`` and ``run``.
    """
    return type("ActionModule", (Front,), {"arguments": module.ARGUMENTS, "work": staticmethod(module.run)})
