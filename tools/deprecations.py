# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deprecation warnings in the output of ansible-test and of pytest.

In the runs of this collection's tests every one comes from our own code: nothing else runs there besides ansible-core
itself. So each counts, whether or not it names us; those of ansible-core 2.16 to 2.18 rarely name anybody.
"""

from __future__ import annotations

import re

# Up to 2.18 it is wrapped, always ends with the advice, and may be followed by the task's result at once.
_ANSIBLE = re.compile(
    r"\[DEPRECATION WARNING\]:?\s.*?"
    r"(?=\n\s*\n|\n\[|\n(?:TASK|PLAY) |\n(?:ok|changed|skipping|fatal|failed|included): |\Z)",
    re.DOTALL,
)
_ADVICE = re.compile(r" Deprecation warnings can be disabled by .*")
# "  /a/file.py:12: DeprecationWarning: text", in pytest's summary of warnings.
_PYTHON = re.compile(r"^\s*(\S+\.py:\d+: (?:Pending)?DeprecationWarning: .*)$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def found(log: str) -> list[str]:
    """Each different warning once, on one line, in the order of the log."""
    log = _COLOUR.sub("", log)
    ansible = [_ADVICE.sub("", " ".join(text.split())) for text in _ANSIBLE.findall(log)]
    python = [text for text in _PYTHON.findall(log) if "/site-packages/" not in text.partition(": ")[0]]
    return list(dict.fromkeys(ansible + python))
