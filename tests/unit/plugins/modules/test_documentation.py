# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is documented is what is accepted, for every module and every shared group."""

from __future__ import annotations

import ast
import importlib
import inspect
import pathlib
import re
import typing as t

import pytest
import yaml
from ansible_collections.entra.provisioning.plugins.module_utils import _options, _schema_options
from ansible_collections.entra.provisioning.plugins.module_utils._graph.graph import VERSION

ROOT = pathlib.Path(__file__).parents[4]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
GROUPS = {
    name: value.spec
    for place in (_options, _schema_options)
    for name, value in vars(place).items()
    if isinstance(value, _options.Arguments)
}
PLUGINS = "ansible_collections.entra.provisioning.plugins"
Options = dict[str, t.Any]


def _module(name: str) -> t.Any:
    return importlib.import_module(f"{PLUGINS}.modules.{name}")


def _fragment(name: str, section: str = "DOCUMENTATION") -> Options:
    module = importlib.import_module(f"{PLUGINS}.doc_fragments.{name}")
    return t.cast("Options", yaml.safe_load(getattr(module.ModuleDocFragment, section)))


def _documentation(name: str) -> Options:
    """Return the documentation of a module with its fragments merged in; what the module says itself wins."""
    own = yaml.safe_load(_module(name).DOCUMENTATION)
    merged: Options = {"options": {}, "attributes": {}}
    for reference in own["extends_documentation_fragment"]:
        _namespace, _collection, fragment, *section = reference.split(".")
        shared = _fragment(fragment, *(one.upper() for one in section))
        for part in merged:
            for key, value in (shared.get(part) or {}).items():
                merged[part][key] = {**merged[part].get(key, {}), **value}
    for part in merged:
        for key, value in (own.get(part) or {}).items():
            merged[part][key] = {**merged[part].get(key, {}), **value}
    return {**own, **merged}


def _facts(option: Options, inner: str) -> Options:
    """Return what both sides say about an option, in one form."""
    facts = {
        "type": option.get("type", "str"),
        "elements": option.get("elements"),
        "required": bool(option.get("required")),
        "default": option.get("default"),
        "choices": list(option.get("choices") or []),
        "aliases": sorted(option.get("aliases") or []),
    }
    below = {name: _facts(one, inner) for name, one in (option.get(inner) or {}).items()}
    return {**facts, "options": below}


def _variables(option: Options) -> list[str]:
    text = option["description"]
    return re.findall(r"E\(([A-Z0-9_]+)\)", text if isinstance(text, str) else "\n".join(text))


def _same(spec: Options, documented: Options) -> None:
    assert {name: _facts(one, "suboptions") for name, one in documented.items()} == {
        name: _facts(one, "options") for name, one in spec.items()
    }
    for name, option in spec.items():
        fallback = option.get("fallback")
        assert _variables(documented[name]) == (list(fallback[1]) if fallback else []), name


@pytest.mark.parametrize("group", GROUPS)
def test_a_fragment_is_its_group(group: str) -> None:
    _same(GROUPS[group], _fragment(f"_{group.lower()}")["options"])


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_documented_as_it_is(name: str) -> None:
    _same(_module(name).ARGUMENTS.spec, _documentation(name)["options"])


@pytest.mark.parametrize("name", MODULES)
def test_every_option_has_a_description(name: str) -> None:
    def bare(options: Options) -> list[str]:
        found = [key for key, one in options.items() if not one.get("description")]
        return found + [key for one in options.values() for key in bare(one.get("suboptions") or {})]

    assert bare(_documentation(name)["options"]) == []


@pytest.mark.parametrize("name", MODULES)
def test_secrets_are_marked(name: str) -> None:
    def unmarked(spec: Options) -> list[str]:
        words = re.compile(r"secret|password|token|passphrase")
        found = [key for key, one in spec.items() if words.search(key) and "no_log" not in one]
        return found + [key for one in spec.values() for key in unmarked(one.get("options") or {})]

    assert unmarked(_module(name).ARGUMENTS.spec) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_all_its_parts(name: str) -> None:
    documentation = _documentation(name)
    assert documentation["module"] == name
    assert documentation["short_description"]
    assert {"check_mode", "diff_mode", "idempotent", "action_group"} <= documentation["attributes"].keys()
    assert all(one.get("support") for one in documentation["attributes"].values())
    group = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["graph"]
    assert name in group
    assert (ROOT / "plugins" / "action" / f"{name}.py").is_file()
    assert yaml.safe_load(_module(name).RETURN)


def test_the_action_group_and_the_fronts_name_modules_only() -> None:
    group = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["graph"]
    assert sorted(group) == MODULES
    assert sorted(path.stem for path in (ROOT / "plugins" / "action").glob("*.py")) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_examples_use_full_names_and_known_options(name: str) -> None:
    module = _module(name)
    examples = yaml.safe_load(module.EXAMPLES)
    spec = module.ARGUMENTS.spec
    known = {alias for key, one in spec.items() for alias in (key, *one.get("aliases", ()))}
    used = [example[f"entra.provisioning.{name}"] for example in examples if f"entra.provisioning.{name}" in example]
    assert used
    for example in examples:
        assert any("." in key for key in example), example
    for options in used:
        assert set(options) <= known
        for key, value in options.items():
            choices = next((one.get("choices") for one in (spec.get(key),) if one), None)
            if choices and "{{" not in str(value):
                assert set(value if isinstance(value, list) else [value]) <= set(choices), (key, value)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_mostly_documentation(name: str) -> None:
    module = _module(name)
    source = inspect.getsource(module)
    code = source[source.index("ARGUMENTS") :]
    assert len(code.splitlines()) <= 80
    assert [one.name for one in ast.parse(source).body if isinstance(one, ast.FunctionDef)] == ["run", "main"]


def test_the_version_is_that_of_the_collection() -> None:
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == VERSION


@pytest.mark.parametrize("name", MODULES)
def test_what_every_module_returns_is_described_in_the_same_words(name: str) -> None:
    """Ansible has no fragments for RETURN, so the text stands in each module."""
    described = yaml.safe_load(_module(name).RETURN)
    model = yaml.safe_load(_module("sync_job").RETURN)
    assert described["signed_in_with"] == model["signed_in_with"]
    # A module may have facts of its own besides.
    shared = {name: described["error"]["contains"][name] for name in model["error"]["contains"]}
    assert {**described["error"], "contains": shared} == model["error"]
    if "changes" in described:
        assert {**described["changes"], "sample": None} == {**model["changes"], "sample": None}
