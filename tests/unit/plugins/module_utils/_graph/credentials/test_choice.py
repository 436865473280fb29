# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which method signs in."""

from __future__ import annotations

import itertools
import pathlib
import shutil

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.connection import Connection
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials import choice
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.federated import Federated
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from ansible_collections.entra.provisioning.plugins.module_utils._options import CREDENTIALS

IDS = {"tenant_id": "t", "client_id": "c"}
MATERIAL = {
    "client_secret": "client_secret",
    "certificate_path": "certificate",
    "federated_token": "federated",
    "federated_token_file": "federated",
}


@pytest.fixture(autouse=True)
def _nothing_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    for sign in ("IDENTITY_ENDPOINT", "MSI_ENDPOINT"):
        monkeypatch.delenv(sign, raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def _chosen(**options: str) -> str:
    return choice.choose(Connection.read(options, Deadline(10))).NAME


def test_the_option_offers_every_method() -> None:
    assert set(CREDENTIALS.spec["auth_method"]["choices"]) == {"auto", *choice.METHODS}


@pytest.mark.parametrize(("option", "method"), MATERIAL.items())
@pytest.mark.parametrize("named", [{}, {"auth_method": "auto"}, {"auth_method": ""}])
def test_the_only_material_decides(option: str, method: str, named: dict[str, str]) -> None:
    assert _chosen(**IDS, **named, **{option: "x"}) == method


@pytest.mark.parametrize(
    "pair", [pair for pair in itertools.combinations(MATERIAL, 2) if MATERIAL[pair[0]] != MATERIAL[pair[1]]]
)
def test_two_kinds_of_material_are_a_conflict(pair: tuple[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        _chosen(**IDS, **dict.fromkeys(pair, "x"))
    assert all(name in caught.value.message for name in pair)
    assert sorted(caught.value.facts["options"]) == sorted(pair)
    for name in pair:
        assert _chosen(**IDS, **dict.fromkeys(pair, "x"), auth_method=MATERIAL[name]) == MATERIAL[name]
        assert _chosen(**IDS, **{**dict.fromkeys(pair, "x"), name: ""}) != MATERIAL[name]


def test_both_forms_of_a_federated_token_are_one_kind() -> None:
    assert _chosen(**IDS, federated_token="x", federated_token_file="y") == "federated"


def test_an_access_token_wins() -> None:
    assert _chosen(access_token="x", client_secret="y", certificate_path="z") == "access_token"


@pytest.mark.parametrize("option", ["certificate_path", "federated_token_file"])
def test_an_empty_file_is_no_material(option: str, tmp_path: pathlib.Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert _chosen(**IDS, client_secret="x", **{option: str(empty)}) == "client_secret"
    empty.write_text("something")
    with pytest.raises(BadInput):
        _chosen(**IDS, client_secret="x", **{option: str(empty)})


def test_an_empty_file_alone_is_nothing_to_sign_in_with(tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(BadInput, match="nothing to sign in with"):
        _chosen(**IDS, certificate_path=str(tmp_path / "empty"))


@pytest.mark.parametrize("sign", ["IDENTITY_ENDPOINT", "MSI_ENDPOINT"])
def test_without_material_the_machine_decides(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/az")
    assert _chosen() == "azure_cli"
    monkeypatch.setenv(sign, "http://169.254.1.1")
    assert _chosen() == "managed_identity"
    assert _chosen(**IDS, client_secret="x") == "client_secret"
    monkeypatch.setenv(sign, "")
    assert _chosen() == "azure_cli"


def test_nothing_at_all() -> None:
    with pytest.raises(BadInput, match="nothing to sign in with"):
        _chosen()


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"client_secret": "x"}, ["tenant_id", "client_id"]),
        ({"client_secret": "x", "tenant_id": "t"}, ["client_id"]),
        ({"auth_method": "client_secret", **IDS}, ["client_secret"]),
        ({"auth_method": "certificate", **IDS}, ["certificate_path"]),
        ({"auth_method": "federated", "tenant_id": "t", "federated_token": "x"}, ["client_id"]),
        ({"auth_method": "access_token"}, ["access_token"]),
    ],
)
def test_every_missing_option_is_named(options: dict[str, str], missing: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        _chosen(**options)
    assert caught.value.facts["options"] == missing


@pytest.mark.parametrize("token", [{}, {"federated_token": ""}])
def test_federated_needs_a_token(token: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="federated_token or federated_token_file"):
        _chosen(**IDS, auth_method="federated", **token)


@pytest.mark.parametrize("method", ["federated", "certificate"])
def test_an_empty_file_of_a_named_method_is_told(method: str, tmp_path: pathlib.Path) -> None:
    option = {"federated": "federated_token_file", "certificate": "certificate_path"}[method]
    (tmp_path / "empty").touch()
    with pytest.raises(BadInput, match="is empty"):
        _chosen(**IDS, auth_method=method, **{option: str(tmp_path / "empty")})


@pytest.mark.parametrize("method", ["managed_identity", "azure_cli"])
def test_some_methods_need_nothing(method: str) -> None:
    assert _chosen(auth_method=method, client_secret="ignored") == method


def test_a_federated_token_file_is_read_anew(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "token"
    options = {"federated_token_file": str(file)}
    with pytest.raises(BadInput, match="federated_token_file cannot be read"):
        Federated._assertion(options)
    file.write_text("one\n")
    assert Federated._assertion(options) == "one"
    file.write_text("two")
    assert Federated._assertion(options) == "two"
    assert Federated._assertion({**options, "federated_token": "text\n"}) == "text"
