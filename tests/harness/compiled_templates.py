# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates that are compiled once: Ansible compiles those of a role anew in each worker, a third of what a run costs.

What Jinja makes of a template depends on its text and on the settings of its environment only, so the code is kept in a
folder by both. Nothing that a template is rendered with, or renders to, is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import sys
import tempfile
from pathlib import Path
from types import CodeType
from typing import Any

import ansible.release
import jinja2
from jinja2 import nodes
from jinja2.environment import Environment, TemplateExpression

# What of an environment decides how it reads a text and what code it makes (jinja2.Environment; Ansible lets a template
# say most of them in its first line).
_SETTINGS = (
    "block_start_string",
    "block_end_string",
    "variable_start_string",
    "variable_end_string",
    "comment_start_string",
    "comment_end_string",
    "line_statement_prefix",
    "line_comment_prefix",
    "trim_blocks",
    "lstrip_blocks",
    "newline_sequence",
    "keep_trailing_newline",
    "optimized",
    "autoescape",
    "is_async",
    "sandboxed",
)

# Of a key. What is being written has a shorter name.
_DIGITS = hashlib.sha256().digest_size * 2


class CompiledTemplates:
    """The code of templates and expressions, in a folder that several processes use at once.

    :param folder: made where it is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._versions = (sys.version, jinja2.__version__, ansible.release.__version__)
        self._expression: str | None = None
        self._loaded: dict[str, CodeType] = {}

    def load(self) -> None:
        """Read what the folder has by now, so that the forks of this process need not."""
        for name in os.listdir(self._folder):
            if name not in self._loaded and len(name) == _DIGITS:
                self._loaded[name] = marshal.loads((self._folder / name).read_bytes())

    def install(self) -> None:
        """Have all environments of this process, and of its forks, look here first."""
        compile_text, compile_expression = Environment.compile, Environment.compile_expression

        def compiled(env: Any, source: Any, name: Any = None, filename: Any = None, *rest: Any, **more: Any) -> Any:
            if rest or more or filename or not isinstance(source, (str, nodes.Template)):
                return compile_text(env, source, name, filename, *rest, **more)
            expression, self._expression = self._expression, None
            key = self._key(env, "template", source, name) if isinstance(source, str) else expression
            code = self._read(key)
            if code is None:
                code = compile_text(env, source, name, filename)
                self._keep(key, code)
            return code

        def expressed(env: Any, source: str, undefined_to_none: bool = True) -> TemplateExpression:
            key = self._key(env, "expression", source, None)
            code = self._read(key)
            if code is None:
                self._expression = key
                return compile_expression(env, source, undefined_to_none)
            template = env.template_class.from_code(env, code, env.make_globals(None), None)
            return TemplateExpression(template, undefined_to_none)

        Environment.compile = compiled
        Environment.compile_expression = expressed

    def _key(self, env: Any, kind: str, source: str, name: Any) -> str:
        settings = [getattr(env, one) for one in _SETTINGS]
        told = (kind, str(source), name, type(env).__qualname__, sorted(env.extensions), settings, _of_ansible())
        return hashlib.sha256(repr((self._versions, told)).encode()).hexdigest()

    def _read(self, key: str | None) -> CodeType | None:
        if not key:
            return None
        try:
            return self._loaded.get(key) or marshal.loads((self._folder / key).read_bytes())
        except FileNotFoundError:
            return None

    def _keep(self, key: str | None, code: Any) -> None:
        if not key:
            return
        # Whole or not at all, since others read at the same time; a full disk only costs time.
        with contextlib.suppress(OSError):
            descriptor, written = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(marshal.dumps(code))
            os.replace(written, self._folder / key)


def _of_ansible() -> tuple[bool, ...]:
    """What ansible-core 2.19 and later decides besides while it compiles; nothing in earlier ones."""
    bits = sys.modules.get("ansible._internal._templating._jinja_bits")
    if bits is None:
        return ()
    context = bits._TemplateCompileContext.current(optional=True)
    return bool(context and context.escape_backslashes), bool(bits._TemplateConfig.allow_embedded_templates)
