# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where to talk to, from the options."""

from __future__ import annotations

import pathlib

import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.clouds import CLOUDS, cloud_name
from ansible_collections.entra.provisioning.plugins.module_utils._graph.connection import Connection
from ansible_collections.entra.provisioning.plugins.module_utils._graph.deadline import Deadline
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput


def _read(**options: object) -> Connection:
    return Connection.read(options, Deadline(10))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_cloud_has_its_addresses(cloud: str) -> None:
    connection = _read(cloud=cloud, api_version="v1.0")
    assert connection.graph == CLOUDS[cloud].graph
    assert connection.authority_of("contoso.com") == f"{CLOUDS[cloud].login}/contoso.com"
    assert connection.scope == f"{CLOUDS[cloud].graph}/.default"


def test_empty_texts_are_unset() -> None:
    connection = _read(cloud="", graph_endpoint="", authority="", api_version="", ca_path="", client_secret="")
    assert (connection.graph, connection.api_version) == (CLOUDS["global"].graph, "v1.0")
    assert connection.options["client_secret"] is None


def test_given_addresses_win() -> None:
    connection = _read(cloud="china", graph_endpoint="https://g.test/", authority="https://login.test:8443/")
    assert connection.graph == "https://g.test"
    assert connection.authority_of("t") == "https://login.test:8443/t"


def test_an_authority_with_its_tenant_is_kept() -> None:
    assert _read(authority="https://login.test/mine/").authority_of("t") == "https://login.test/mine"


def test_a_file_that_is_not_there_is_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(BadInput, match="ca_path does not exist"):
        _read(ca_path=str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("AzureCloud", "global"),
        ("AzurePublicCloud", "global"),
        ("AzureUSGovernment", "usgov"),
        ("AZUREUSGOVERNMENT", "usgov"),
        ("AzureChinaCloud", "china"),
        ("usgov_dod", "usgov_dod"),
        ("elsewhere", "elsewhere"),
    ],
)
def test_spellings_of_other_tools(spelling: str, name: str) -> None:
    assert cloud_name(spelling) == name


def test_addresses_may_come_without_a_scheme() -> None:
    connection = _read(authority="login.microsoftonline.us/", graph_endpoint="graph.microsoft.us")
    assert connection.authority_of("t") == "https://login.microsoftonline.us/t"
    assert connection.graph == "https://graph.microsoft.us"


@pytest.mark.parametrize("option", ["graph_endpoint", "authority"])
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("http://graph.test", "begins with http://, so that everything would travel unencrypted"),
        ("HTTP://graph.test", "unencrypted"),
        ("ftp://graph.test", "unencrypted"),
        ("https://somebody:s3cret@graph.test", "holds a name or password before the host"),
        ("https://s3cret@graph.test", "holds a name or password before the host"),
        ("somebody:s3cret@graph.test", "holds a"),
        ("https://somebody:s3cret/x@graph.test", "holds no address that can be read"),
        ("https://", "is no address of a service"),
        ("https:///v1.0", "is no address of a service"),
        ("https://graph.test/?x=1", "is no address of a service"),
        ("https://graph.test/#x", "is no address of a service"),
        ("https://graph.test\\.elsewhere.test", "is no address of a service"),
        ("https://graph .test", "is no address of a service"),
        ("https://[graph", "holds no address that can be read"),
        ("https://graph.test:port", "holds no address that can be read"),
    ],
)
def test_no_token_goes_to_such_an_address(option: str, given: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        _read(**{option: given})
    assert caught.value.message.startswith(f"The option {option} ")
    assert says in caught.value.message
    assert "s3cret" not in caught.value.message
