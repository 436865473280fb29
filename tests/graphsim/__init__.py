# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator of Microsoft Graph for the provisioning (synchronization) API: ``python -m tests.graphsim``.

Where to find what: ``pipeline.py`` takes a call from the socket to the record, ``routes.py`` finds its handler,
``directory/`` and ``synchronization/`` hold the handlers, ``sign_in/`` the token endpoint, ``control/`` what tests
steer by, ``odata/`` and ``csdl.py`` the rules of the protocol, ``state.py`` the tenant, ``seed/`` its first content,
``engine/`` the provisioning itself.
"""
