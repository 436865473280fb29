# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""The body of an answer: JSON, taken strictly, or the text of an error page."""

from __future__ import annotations

import json
import re
import typing as t

from .shape import TooDeep

# May be half a character; two of them in a row are one.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(response: t.Any) -> t.Any:
    """Return the JSON of an answer of requests, None without content; an error page that is no JSON comes as text.

    :raises ValueError: where an answer of success is no JSON.
    """
    if not response.content:
        return None
    try:
        # Not by response.json(): its exception is one of those that mean a broken connection.
        return _json(response.content)
    except RecursionError:
        return TooDeep
    except ValueError:
        if response.ok:
            raise
        # Pages without a charset are UTF-8 these days, whatever the standard of 1999 says.
        return response.content.decode(errors="replace")


def _json(content: bytes) -> t.Any:
    """Parse JSON strictly: Python's parser also takes NaN, and half a character, which nobody can show or send.

    :raises ValueError: for these, and for what is no JSON.
    """
    text = content.decode(json.detect_encoding(content)).lstrip("\ufeff")
    body = json.loads(text, parse_constant=_refuse_constant)
    if _HALF.search(text):
        json.dumps(body, ensure_ascii=False).encode()
    return body


def _refuse_constant(name: str) -> t.NoReturn:
    raise ValueError(f"{name} is no JSON")
