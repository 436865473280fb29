# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the get-pip.py that ansible-test would download for its virtual environments.

Installs pip from the interpreter's own bundled wheel, then the exact versions that ansible-test asks for.
"""

from __future__ import annotations

import os
import subprocess
import sys

requested = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
os.environ.pop("GET_PIP", None)
# A child process: ensurepip points PIP_CONFIG_FILE at /dev/null in its own environment, which would lose the CA bundle.
subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL)
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "-q", *requested]))
