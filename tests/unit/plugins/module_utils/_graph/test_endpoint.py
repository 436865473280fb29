# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls as data."""

from __future__ import annotations

import string
import urllib.parse

import hypothesis
import pytest
from ansible_collections.entra.provisioning.plugins.module_utils._graph.endpoint import Endpoint
from ansible_collections.entra.provisioning.plugins.module_utils._graph.errors import BadInput
from hypothesis import strategies as st

JOB = Endpoint("read the job {job} of {sp}", "GET", "/servicePrincipals/{sp}/jobs/{job}", "P")


@pytest.mark.parametrize(
    ("job", "path"),
    [
        ("scim.9188.39551a98", "scim.9188.39551a98"),
        ("03f7d90d#V2", "03f7d90d%23V2"),
        ("a/b", "a%2Fb"),
        ("a?b&c", "a%3Fb%26c"),
        ("o'brien", "o%27brien"),
        ("100%", "100%25"),
        ("a b+c", "a%20b%2Bc"),
        ("é", "%C3%A9"),
        ("{sp}", "%7Bsp%7D"),
    ],
)
def test_ids_are_encoded_whole(job: str, path: str) -> None:
    assert JOB.call(sp="1", job=job).path == f"/servicePrincipals/1/jobs/{path}"


@hypothesis.given(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12))
def test_any_id_is_one_segment_and_comes_back(job: str) -> None:
    call = JOB.call(sp="1", job=job)
    if job.strip() in ("", ".", ".."):
        with pytest.raises(BadInput):
            _path = call.path
        return
    last = call.path.split("/")[4:]
    assert len(last) == 1
    assert urllib.parse.unquote(last[0]) == job
    assert set(last[0]) <= set(string.ascii_letters + string.digits + "%-._~")


@pytest.mark.parametrize("job", ["", " ", ".", ".."])
def test_an_id_that_means_another_path_is_refused(job: str) -> None:
    with pytest.raises(BadInput, match="is no id"):
        _path = JOB.call(sp="1", job=job).path


def test_the_query_is_encoded() -> None:
    call = JOB.call(sp="1", job="2", query={"$filter": "displayName eq 'R&D #1+1'", "$top": "5"})
    assert call.url == "/servicePrincipals/1/jobs/2?$filter=displayName%20eq%20%27R%26D%20%231%2B1%27&$top=5"
    query = urllib.parse.parse_qs(call.url.split("?")[1])
    assert query == {"$filter": ["displayName eq 'R&D #1+1'"], "$top": ["5"]}


def test_messages_name_the_ids_as_they_are() -> None:
    assert JOB.call(sp="1", job="a#V2").says == "read the job a#V2 of 1"


def test_ids_of_the_plan_are_filled_in() -> None:
    call = JOB.call(sp="1", job="<new>", body={"a": 1})
    filled = call.filled({"<new>": "real"})
    assert (filled.path, filled.body) == ("/servicePrincipals/1/jobs/real", {"a": 1})
    assert call.ids["job"] == "<new>"
