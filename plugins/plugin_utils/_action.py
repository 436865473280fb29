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
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.entra.provisioning.plugins.module_utils._options import Arguments, Spec
from ansible_collections.entra.provisioning.plugins.module_utils._redact import (
    redacted,
    secret_values,
    without_secrets,
)
from ansible_collections.entra.provisioning.plugins.module_utils._task import (
    NOT_REPEATED,
    RUN_FOLDER,
    Outcome,
    Task,
)

# Loaded here once, by the process that all workers are forked from.
READY = all(importlib.util.find_spec(name) for name in ("requests", "msal"))
if READY:
    importlib.import_module("requests")
    importlib.import_module("msal")

# The variable that turns the fast door off, for whoever suspects it.
SWITCH = "entra_provisioning_fast_door"
# The setting that decides whether results tell what a module was called with; before it came, all of them did.
INVOCATION = "INJECT_INVOCATION"


class Front(ActionBase):
    """The action plugin of every module of this collection; a subclass only says which."""

    arguments: t.ClassVar[Arguments]
    work: t.ClassVar[t.Callable[[Task], Outcome]]

    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Run the task here, or hand it over."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        self._anchor()
        if self._can_run_here(variables):
            with _environment(self._environment()):
                return _as_a_module(self._run_here(), variables)
        refusal = self._misspelled()
        return _as_a_module(refusal, variables) if refusal else self._hand_over(variables)

    def _anchor(self) -> None:
        """Make the folder for backups one of whoever started the run.

        A module begins in the folder of its playbook, which may be that of an installed collection.
        """
        option = self.arguments.spec.get("backup_dir")
        if option and self._connection.transport == "local":
            environment = {**os.environ, **self._environment()}
            given = [self._task.args.get("backup_dir"), *(environment.get(one) for one in option["fallback"][1])]
            folder = str(next(filter(None, given), option["default"]))
            if not folder.startswith("~"):
                self._task.args = {**self._task.args, "backup_dir": os.path.abspath(folder)}

    def _misspelled(self) -> dict[str, t.Any] | None:
        """Refuse unknown options here: Ansible's own refusal shows them with their values, and one may be a secret."""
        checked = self._checked()
        unknown = any(isinstance(error, UnsupportedError) for error in checked.errors)
        return self._refusal(checked) if unknown else None

    def _checked(self) -> ValidationResult:
        validator = ArgumentSpecValidator(self.arguments.spec, **self.arguments.rules())
        return validator.validate(self.arguments.given(self._task.args))

    def _refusal(self, checked: ValidationResult) -> dict[str, t.Any]:
        """Return what Ansible says of options that do not fit, without any secret in it."""
        message = checked.errors.msg
        if isinstance(checked.errors[0], UnsupportedError):
            message = f"Unsupported parameters for ({self._task.resolved_action}) module: {message}"
        spec, params = self.arguments.spec, checked.validated_parameters
        shown = without_secrets(spec, {name: params.get(name) for name in spec})
        shown.update({name: NOT_REPEATED for name in self.arguments.personal if shown[name]})
        message = redacted(message, secret_values(spec, params))
        return {"failed": True, "changed": False, "msg": message, "invocation": {"module_args": shown}}

    def _hand_over(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Let Ansible run the module.

        Ansible puts the keyword C(environment) on the command line of the module, which -vvv and every user of the
        machine can read. So what is secret in it goes the way of the options.
        """
        ours = self._connection.transport == "local" and not self._play_context.become
        options, environment = _secrets_as_options(
            self.arguments.spec, self._task.args, self._environment(), os.environ if ours else {}
        )
        if ours:
            environment[RUN_FOLDER] = constants.DEFAULT_LOCAL_TMP
        # On the task itself, since Ansible asks after a task in the background with its environment too.
        self._task.environment, self._task.args = [environment], options
        return t.cast(
            "dict[str, t.Any]",
            # A copy, since Ansible writes into what it gets, and the next try of this task is checked again.
            self._execute_module(module_args=dict(options), task_vars=variables, wrap_async=bool(self._task.async_val)),
        )

    def _can_run_here(self, variables: t.Mapping[str, t.Any]) -> bool:
        return (
            READY
            and self._connection.transport == "local"
            and not self._play_context.become
            and not self._task.async_val
            and boolean(self._templar.template(variables.get(SWITCH, True)), strict=False)
        )

    def _run_here(self) -> dict[str, t.Any]:
        checked = self._checked()
        if checked.error_messages:
            return self._refusal(checked)
        task = Task(
            self.arguments,
            {name: checked.validated_parameters.get(name) for name in self.arguments.spec},
            check_mode=bool(self._task.check_mode),
            diff_mode=bool(self._task.diff),
            run_folder=constants.DEFAULT_LOCAL_TMP,
        )
        if not self._task.no_log:
            # Through the ordinary door nothing can be shown before the module has ended.
            task.progress = Display().display
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


def _secrets_as_options(
    spec: Spec, options: t.Mapping[str, t.Any], environment: t.Mapping[str, str], inherited: t.Mapping[str, str]
) -> tuple[dict[str, t.Any], dict[str, str]]:
    """Return options and environment after what is secret in the environment has moved to the options.

    :arg inherited: the environment that the module has besides; an earlier name in it wins over a later one.
    """
    given, left = dict(options), dict(environment)
    for name, option in spec.items():
        if option.get("no_log") is not True or "fallback" not in option:
            continue
        names = option["fallback"][1]
        first = next((one for one in names if environment.get(one, inherited.get(one))), "")
        if first in environment and not any(one in options for one in (name, *option.get("aliases", ()))):
            given[name] = environment[first]
        # An empty one stays: it hides the one that is inherited.
        left = {one: value for one, value in left.items() if one not in names or not value}
    return given, left


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


def _as_a_module(result: dict[str, t.Any], variables: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a result as AnsibleModule does: from ansible-core 2.21 on it tells of the options only if wanted."""
    config = constants.config
    if config.get_configuration_definition(INVOCATION) and not config.get_config_value(INVOCATION, variables=variables):
        result.pop("invocation", None)
    return result


def front(module: types.ModuleType) -> type[Front]:
    """Return the action plugin of a module.

    :arg module: the module, which has ``ARGUMENTS`` and ``run``.
    """
    return type("ActionModule", (Front,), {"arguments": module.ARGUMENTS, "work": staticmethod(module.run)})
