# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token of a task."""

from __future__ import annotations

import pathlib
import time
import typing as t

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.connection import Connection
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.base import Token
from ansible_collections.entra.provisioning.plugins.module_utils._graph.credentials.client_secret import ClientSecret
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.run_memory import RunMemory
from ansible_collections.entra.provisioning.plugins.module_utils._graph.sign_in import SignIn

SECRET = {"tenant_id": "t", "client_id": "c", "client_secret": "s3cret"}


class Service:
    """Counts the tokens that it gives."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.given = 0

    def token(self, _method: t.Any, _connection: Connection) -> Token:
        self.given += 1
        return Token.lasting(f"token-{self.given}", self.seconds)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    service = Service(3600)

    def token(method: t.Any, connection: Connection) -> Token:
        return service.token(method, connection)

    monkeypatch.setattr(ClientSecret, "token", token)
    return service


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> str:
    tmp_path.chmod(0o700)
    return str(tmp_path)


def _sign_in(folder: str | None, **options: str) -> SignIn:
    return SignIn(Connection.read({**SECRET, **options}, Deadline(10)), RunMemory(folder))


def test_a_task_asks_once(service: Service) -> None:
    sign_in = _sign_in(None)
    assert {sign_in.token() for _time in range(3)} == {"token-1"}
    assert service.given == 1


def test_tasks_of_a_run_share_a_token(service: Service, folder: str) -> None:
    assert [_sign_in(folder).token() for _task in range(3)] == ["token-1"] * 3
    assert service.given == 1


def test_tasks_without_a_folder_share_nothing(service: Service) -> None:
    assert [_sign_in(None).token() for _task in range(2)] == ["token-1", "token-2"]


@pytest.mark.parametrize(
    "other",
    [
        {"tenant_id": "t2"},
        {"client_id": "c2"},
        {"client_secret": "another"},
        {"cloud": "china"},
        {"authority": "https://login.test"},
        {"graph_endpoint": "https://graph.test"},
    ],
)
def test_somebody_else_gets_another_token(service: Service, folder: str, other: dict[str, str]) -> None:
    assert _sign_in(folder).token() != _sign_in(folder, **other).token()


def test_a_refused_token_is_not_given_again(service: Service, folder: str) -> None:
    one, other = _sign_in(folder), _sign_in(folder)
    assert one.token() == other.token() == "token-1"
    assert one.token(refused="token-1") == "token-2"
    # Another task that was refused the same token takes the new one instead of asking again.
    assert other.token(refused="token-1") == "token-2"
    assert service.given == 2


def test_a_token_is_renewed_before_it_ends(service: Service, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in = _sign_in(folder)
    began = time.time()
    sign_in.token()
    monkeypatch.setattr(time, "time", lambda: began + 3600 - 310)
    assert sign_in.token() == "token-1"
    monkeypatch.setattr(time, "time", lambda: began + 3600 - 290)
    assert sign_in.token() == "token-2"
    assert _sign_in(folder).token() == "token-2"


@pytest.mark.parametrize(("seconds", "usable"), [(3600, 3300), (600, 480), (60, 48)])
def test_how_long_a_token_is_used(seconds: float, usable: float) -> None:
    assert Token.lasting("x", seconds).renew_at - time.time() == pytest.approx(usable, abs=1)


def test_a_given_token_is_used_as_it_is() -> None:
    sign_in = SignIn(Connection.read({"access_token": " mine\n"}, Deadline(10)), RunMemory(None))
    assert sign_in.token() == "mine"
    assert sign_in.token(refused="mine") == "mine"
    assert not sign_in.can_renew()
    assert sign_in.method == "access_token"
