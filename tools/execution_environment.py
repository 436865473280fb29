# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-builder makes of the collection, up to where a container engine would take over."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import yaml

from tools.tree import ROOT

# The definition of an image that the job templates of tests/awx run in.
DEFINITION = ROOT / "tests" / "awx" / "execution-environment.yml"
NEEDED = ROOT / "meta" / "ee-requirements.txt"

# Runs a command and returns its output where it failed, or nothing.
Command = Callable[..., str]


def introspection(run: Command, installed: Path, folder: Path) -> str:
    """Why ansible-builder does not find what the installed collection needs of Python, or nothing."""
    found = folder / "found.txt"
    problem = run("ansible-builder", "introspect", "--sanitize", f"--write-pip={found}", str(installed))
    return problem or lacking(_read(found))


def definition_of_the_collection(run: Command, collection: Path, folder: Path) -> str:
    """Why no build context can be made of the collection's own definition, or nothing.

    ansible-builder looks for its files beside it, but beside the folder meta/ where it introspects a collection.
    """
    context = folder / "own"
    shutil.copytree(collection / "meta", context / "meta")
    file = shutil.copy(collection / "meta" / "execution-environment.yml", context)
    problem = _create(run, Path(file))
    return problem or lacking(_read(context / "context" / "_build" / "requirements.txt"))


def image_with_the_collection(run: Command, artifact: Path, installed: Path, folder: Path) -> str:
    """Why no image with the artifact can be described, or why its build would not find what it needs, or nothing."""
    context = folder / "image"
    context.mkdir()
    shutil.copy(artifact, context)
    definition = yaml.safe_load(DEFINITION.read_text())
    # The reader's comes from Galaxy.
    named = {"name": f"/build/artifacts/{artifact.name}", "type": "file"}
    definition["dependencies"]["galaxy"] = {"collections": [named]}
    definition["additional_build_files"] = [{"src": artifact.name, "dest": "artifacts"}]
    file = context / "execution-environment.yml"
    file.write_text(yaml.safe_dump(definition))
    if problem := _create(run, file):
        return problem
    build = context / "context" / "_build"
    if not (build / "artifacts" / artifact.name).exists():
        return "the artifact is not in the build context"
    if yaml.safe_load((build / "requirements.yml").read_text())["collections"] != [named]:
        return "the artifact would not be installed"
    # The very step of the build, on the collection as it is installed by then.
    found = context / "found.txt"
    script = str(build / "scripts" / "introspect.py")
    return run("python", script, "introspect", f"--write-pip={found}", str(installed)) or lacking(_read(found))


def lacking(found: str) -> str:
    """Which of the collection's requirements are not among those that were found, one in a line."""
    lines = {_plain(line) for line in found.splitlines()}
    needed = [_plain(line) for line in NEEDED.read_text().splitlines()]
    return "\n".join(f"{line} is not found" for line in needed if line and line not in lines)


def _read(found: Path) -> str:
    """What ansible-builder has written; where it finds nothing, it writes no file."""
    return found.read_text() if found.exists() else ""


def _plain(line: str) -> str:
    return re.sub(r"\s|#.*", "", line)


def _create(run: Command, definition: Path) -> str:
    context = str(definition.parent / "context")
    return run("ansible-builder", "create", "-f", str(definition), "-c", context, "--output-filename", "Containerfile")
