# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two who sign in in different ways, or as different people, never share a token."""

from __future__ import annotations

import base64
import json
import os
import pathlib
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.connection import Connection
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.base import Method, Token
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.choice import METHODS
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.run_memory import RunMemory
from ansible_collections.entra.provisioning.plugins.module_utils._graph.sign_in import SignIn
from ansible_collections.entra.provisioning.plugins.module_utils._options import CREDENTIALS

WHO = {"tenant_id": "t", "client_id": "c"}


def token_of(subject: str, number: int = 1) -> str:
    """A JSON web token about somebody; numbers tell the later ones of an issuer."""
    claims = {"iss": "https://issuer.test", "sub": subject, "aud": "api://x", "iat": number}
    return ".".join(["e30", base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("="), "sig"])


class Person(t.NamedTuple):
    """Options, environment and files (by name in a folder) of one who signs in; {folder} is filled in."""

    options: dict[str, str]
    environment: dict[str, str] = {}
    files: dict[str, str] = {}


# Of each method: somebody, the same one once more, and others who differ in one thing.
PEOPLE: dict[str, tuple[Person, Person, list[Person]]] = {
    "client_secret": (
        Person({**WHO, "client_secret": "one"}),
        Person({**WHO, "client_secret": "one"}),
        [Person({**WHO, "client_secret": "two"})],
    ),
    "certificate": (
        Person({**WHO, "certificate_path": "{folder}/a"}, files={"a": "one"}),
        Person({**WHO, "certificate_path": "{folder}/b"}, files={"b": "one"}),
        [
            Person({**WHO, "certificate_path": "{folder}/a"}, files={"a": "two"}),
            Person({**WHO, "certificate_path": "{folder}/a", "certificate_password": "x"}, files={"a": "one"}),
        ],
    ),
    "federated": (
        Person({**WHO, "federated_token_file": "{folder}/a"}, files={"a": token_of("one")}),
        Person({**WHO, "federated_token_file": "{folder}/a"}, files={"a": token_of("one", 2)}),
        [
            Person({**WHO, "federated_token_file": "{folder}/a"}, files={"a": token_of("two")}),
            Person({**WHO, "federated_token_file": "{folder}/b"}, files={"b": token_of("one")}),
            Person({**WHO, "federated_token": token_of("one")}),
            Person({**WHO, "federated_token": token_of("two")}),
            Person({**WHO, "federated_token": "no web token"}),
            Person({**WHO, "federated_token": "another one"}),
        ],
    ),
    "managed_identity": (
        Person({}, {"IDENTITY_ENDPOINT": "http://one"}),
        Person({}, {"IDENTITY_ENDPOINT": "http://one"}),
        [
            Person({}, {"IDENTITY_ENDPOINT": "http://two"}),
            Person({}, {"MSI_ENDPOINT": "http://one"}),
            Person({}, {"IDENTITY_ENDPOINT": "http://one", "IDENTITY_HEADER": "x"}),
            Person({}, {"IDENTITY_ENDPOINT": "http://one", "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://x"}),
        ],
    ),
    "azure_cli": (
        Person({}, {"AZURE_CONFIG_DIR": "{folder}/cli"}, {"cli/azureProfile.json": "one"}),
        Person({}, {"AZURE_CONFIG_DIR": "{folder}/cli/."}, {"cli/azureProfile.json": "one"}),
        [
            Person({}, {"AZURE_CONFIG_DIR": "{folder}/b"}, {"b/azureProfile.json": "one"}),
            Person({}, {"AZURE_CONFIG_DIR": "{folder}/cli"}, {"cli/azureProfile.json": "another az login"}),
            Person({}, {"HOME": "{folder}/h"}),
            Person({}, {"HOME": "{folder}/i"}),
            Person(
                {},
                {"AZURE_CONFIG_DIR": "{folder}/cli", "PATH": "{folder}/bin"},
                {"cli/azureProfile.json": "one", "bin/az": ""},
            ),
        ],
    ),
    "access_token": (
        Person({"access_token": "one"}),
        Person({"access_token": "one"}),
        [Person({"access_token": "two"})],
    ),
}
# Differ whatever the method is.
EVERYWHERE = (
    {"tenant_id": "t2"},
    {"client_id": "c2"},
    {"cloud": "china"},
    {"authority": "https://login.test"},
    {"graph_endpoint": "https://graph.test"},
)


@pytest.fixture
def key(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., str]:
    """Return the slot of somebody's token."""

    def of(method: str, person: Person, **more: str) -> str:
        for name in ("AZURE_CONFIG_DIR", *(one for one in os.environ if one.startswith(("IDENTITY_", "MSI_")))):
            monkeypatch.delenv(name, raising=False)
        for name, value in person.environment.items():
            monkeypatch.setenv(name, value.format(folder=tmp_path))
        for name, content in person.files.items():
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(content)
            file.chmod(0o700)
        options = {name: value.format(folder=tmp_path) for name, value in person.options.items()}
        connection = Connection.read({"auth_method": method, **options, **more}, Deadline(10))
        return SignIn(connection, RunMemory(None))._key()

    return of


def test_every_method_is_tried() -> None:
    assert set(PEOPLE) == set(METHODS)
    assert list(CREDENTIALS.spec["auth_method"]["choices"]) == ["auto", *METHODS]


@pytest.mark.parametrize("method", PEOPLE)
def test_two_people_have_two_slots(method: str, key: t.Callable[..., str]) -> None:
    one, again, others = PEOPLE[method]
    first = key(method, one)
    assert key(method, again) == first
    keys = [first, *(key(method, other) for other in others), *(key(method, one, **more) for more in EVERYWHERE)]
    assert len(set(keys)) == len(keys)


def test_every_material_option_tells_people_apart() -> None:
    """Of each option that is material of a method, somebody above has two values."""
    for name, method in METHODS.items():
        for option in method.MATERIAL:
            one, _again, others = PEOPLE[name]
            people = [(person.options.get(option), tuple(person.files.items())) for person in (one, *others)]
            assert len({person for person in people if person[0]}) > 1, option


def test_two_methods_have_two_slots(key: t.Callable[..., str]) -> None:
    keys = [key(method, people[0]) for method, people in PEOPLE.items()]
    assert len(set(keys)) == len(keys)


def test_a_method_without_an_identity_is_none() -> None:
    class Anonymous(Method):
        NAME: t.ClassVar[str] = "anonymous"

        def token(self, connection: Connection) -> Token:
            return Token("x")

    with pytest.raises(TypeError, match="identity"):
        _made(Anonymous)


def _made(kind: t.Any) -> t.Any:
    return kind()


def test_every_other_option_of_a_credential_is_somebodys() -> None:
    """A new option of the group is either material, or says where; else nobody can tell two people apart by it."""
    where = {"auth_method", "cloud", "authority", "graph_endpoint", "tenant_id", "client_id"}
    harmless = {"api_version", "ca_path", "validate_certs", "timeout"}
    material = {option for method in METHODS.values() for option in method.MATERIAL}
    assert set(CREDENTIALS.spec) == where | harmless | material | {"certificate_password"}


def test_the_guide_has_a_row_for_every_method() -> None:
    guide = (pathlib.Path(__file__).parents[6] / "docs" / "docsite" / "rst" / "sign_in.rst").read_text("utf-8")
    rows = {row.split("``", 1)[0]: row for row in guide.split("   * - ``")[1:]}
    assert list(rows) == list(METHODS)
    for name, method in METHODS.items():
        options = rows[name].split("     - ")[1]
        assert [option for option in (*method.NEEDS, *method.MATERIAL) if f"``{option}``" not in options] == [], name
