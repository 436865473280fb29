# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.one PATH[::NAME]``: run one test of any kind, with what its kind needs around it.

PATH is that of a test file or of a folder of them, as in the checkout: also an integration target, a molecule scenario,
or the variables of one playbook of the artifact.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable

from tools.tree import ROOT

_MAKE = ("make", "--no-print-directory")


def _by_pytest(path: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", path]


def _by_make(target: str, variable: str) -> Callable[[str], list[str]]:
    return lambda name: [*_MAKE, target, f"{variable}={name}"]


# The first that fits decides; the group is what its command is given.
ROUTES: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    (r"tests/integration/targets/([^/:]+).*", _by_make("integration", "TARGETS")),
    (r"extensions/molecule/([^/:]+).*", _by_make("molecule", "SCENARIO")),
    (r"tests/package/([^/:]+)\.yml", _by_make("package", "PLAYBOOKS")),
    (r"(tests/sdk\b.*)", _by_make("sdk", "TESTS")),
    (r"(tests/[^:]*(?:\.py)?(?:::.*)?)", _by_pytest),
)


def command(path: str) -> list[str]:
    """What runs the tests of a path.

    :raises ValueError: for a path that holds no tests, with what does.
    """
    path = os.path.normpath(path)
    if not (ROOT / path.partition("::")[0]).exists():
        raise ValueError(f"{path.partition('::')[0]} does not exist in {ROOT}")
    for pattern, how in ROUTES:
        if found := re.fullmatch(pattern, path):
            return how(found[1])
    raise ValueError(
        f"{path} is not a test. Tests are in tests/ (also integration/targets/ and package/) and extensions/molecule/"
    )


def main() -> int:
    """The return code of the tests."""
    parser = argparse.ArgumentParser(prog="make test T=PATH[::NAME]", usage="%(prog)s")
    parser.add_argument("path")
    try:
        run = command(parser.parse_args().path)
    except ValueError as error:
        parser.error(str(error))
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS")}
    return subprocess.run(run, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
