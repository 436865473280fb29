# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Which method signs in: the one that is named, or the only one that the options or the machine offer."""

from __future__ import annotations

import os
import typing as t

from ..connection import Connection
from ..errors import BadInput
from .access_token import AccessToken
from .azure_cli import AzureCli
from .base import Method
from .certificate import Certificate
from .client_secret import ClientSecret
from .federated import Federated
from .managed_identity import ManagedIdentity

# The only list of the ways to sign in: the choices of auth_method, the slot of a token and the guide follow from it.
METHODS: dict[str, Method] = {
    method.NAME: method
    for method in (ClientSecret(), Certificate(), Federated(), ManagedIdentity(), AzureCli(), AccessToken())
}


def choose(connection: Connection) -> Method:
    """Return the method to use, after checking that its options are there.

    An access token wins over everything else. Otherwise more than one kind of material is an error: a silent pick
    would sign in as somebody else than the admin thinks.

    :raises BadInput: where material is missing or contradicts itself.
    """
    options = connection.options
    named = options.get("auth_method") or "auto"
    method = METHODS[named] if named != "auto" else _only_one_offered(options)
    missing = [name for name in method.NEEDS if not options.get(name)]
    if method.MATERIAL and not any(options.get(name) for name in method.MATERIAL):
        missing.append(" or ".join(method.MATERIAL))
    if missing:
        raise BadInput(
            f"Signing in with {method.NAME} needs the option{'s' if len(missing) > 1 else ''} {' and '.join(missing)}.",
            options=missing,
        )
    if method.MATERIAL and not _given(options, *method.MATERIAL):
        # An empty file that was named on purpose is refused in the method's own words.
        method.identity(connection)
    return method


def _only_one_offered(options: t.Mapping[str, t.Any]) -> Method:
    if options.get("access_token"):
        return METHODS["access_token"]
    offered = [method for method in METHODS.values() if _given(options, *method.MATERIAL)]
    if len(offered) > 1:
        given = [name for method in offered for name in _given(options, *method.MATERIAL)]
        raise BadInput(
            f"There is material for {len(offered)} ways to sign in ({', '.join(given)}, from the options or the "
            "environment). Name the one that is meant in the option auth_method, or remove the others.",
            options=given,
        )
    if offered:
        return offered[0]
    for method in METHODS.values():
        if method.is_offered():
            return method
    raise BadInput(
        "There is nothing to sign in with: neither client_secret, certificate_path, federated_token, "
        "federated_token_file nor access_token is given (nor their environment variables), no managed identity is "
        "announced in the environment, and the program az is not installed. On an Azure virtual machine set "
        "auth_method to managed_identity."
    )


def _given(options: t.Mapping[str, t.Any], *names: str) -> list[str]:
    """Return those options that hold something; an empty file is nothing, since AWX writes one for an unused input."""
    return [name for name in names if options.get(name) and not _is_empty_file(name, options[name])]


def _is_empty_file(name: str, value: str) -> bool:
    if name not in ("certificate_path", "federated_token_file"):
        return False
    try:
        return os.stat(value).st_size == 0
    except OSError:
        return False
