# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks export_schema, rollback_schema and promote_schema: schemas go to files, back, and elsewhere."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.cases import application
from tests.faults.life import EXAMPLES, example
from tests.faults.markers import CLIENT, CLIENT_SECRET, SEED, everything, leaks
from tests.faults.schema_playbooks import done, play, portable
from tests.harness.playbook import run_playbook
from tests.harness.simulator import Simulator
from tests.harness.wider import mostly

STAGING, PRODUCTION = "Staging", "Production"
PREFIX, OTHER_PREFIX = "extension_53c9e2c0aaaabbbbccccddddeeeeffff_", "extension_0123456789abcdef0123456789abcdef_"
SUBSTITUTIONS = {PREFIX: OTHER_PREFIX, "@contoso.com": "@fabrikam.com"}
FILE = str(EXAMPLES / "customappsso_full.json")
ALL = ["matching", "scope", "active", "delete_flow"]


@pytest.fixture(autouse=True)
def tenant(simulator: Simulator) -> None:
    """Two applications whose jobs have run, with other mappings and other custom attributes; and a form that varies."""
    full, default = example("customappsso_full"), example("customappsso_default")
    attributes = [one["attributes"] for one in full["directories"][1]["objects"]]
    own = next(one for many in attributes for one in many if one["name"].endswith("acme:2.0:User:badgeId"))
    default["directories"][1]["objects"][1]["attributes"].append({**own, "name": f"{own['name']}Own"})
    seeded = [
        application(STAGING, jobs=[{"template_id": "scim", "state": "active", "schema": full}]),
        application(PRODUCTION, jobs=[{"template_id": "scim", "state": "active", "schema": default}]),
    ]
    simulator.reset({"applications": seeded})
    simulator.quirks(schema_echo="noise")


def _without_a_title(simulator: Simulator, name: str) -> None:
    mapping = {"source": "User", "attributes": [{"target": "title", "state": "absent"}]}
    options = {"display_name": name, "object_mappings": [mapping]}
    result = run_playbook([{"entra.provisioning.sync_schema": options}], defaults=simulator.options())
    assert (result.rc, result.changed) == (0, 1), result.output


def test_an_export_is_written_once_and_shows_what_changed_in_the_portal(simulator: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "staging.yml"
    call = {"export_display_name": STAGING, "export_job_id": "", "export_file": str(file)}
    assert done(simulator, "export_schema", check=True, **call).result.changed == 1
    assert not file.exists()
    first, second = done(simulator, "export_schema", **call), done(simulator, "export_schema", **call)
    assert (first.result.changed, second.result.changed) == (1, 0)
    assert (stat.S_IMODE(file.stat().st_mode), first.writes) == (0o644, [])
    assert yaml.safe_load(file.read_text()) == portable(simulator, STAGING)
    _without_a_title(simulator, STAGING)
    drift = done(simulator, "export_schema", check=True, **call)
    lines = [line for line in drift.result.stdout.splitlines() if line.startswith("-  ")]
    assert lines == ["-      - {target: title, attribute: jobTitle}"]
    assert "would be written" in drift.told


def test_a_backup_is_put_back_through_the_guard(simulator: Simulator, tmp_path: Path) -> None:
    _without_a_title(simulator, PRODUCTION)
    before = portable(simulator, PRODUCTION)
    kept = tmp_path / "kept"
    promoted = {"promote_from": {"display_name": STAGING}, "promote_to": {"display_name": PRODUCTION}}
    done(simulator, "promote_schema", **promoted, promote_allow=ALL, promote_backup_dir=str(kept))
    (backup,) = kept.iterdir()
    call = {
        "rollback_display_name": PRODUCTION,
        "rollback_file": str(backup),
        "rollback_backup_dir": str(kept),
    }
    refused = play(simulator, "rollback_schema", **call)
    assert (refused.result.rc, refused.writes) == (2, [])
    assert "say so with allow: [matching, scope]" in refused.told
    assert refused.result.last.name == "Make the schema like the document, where allow is rollback_allow"
    # As a survey gives it.
    call["rollback_allow"] = "matching, scope\nactive"
    dry = done(simulator, "rollback_schema", check=True, **call)
    assert (dry.writes, len(list(kept.iterdir()))) == ([], 1)
    assert "-User → User / externalId: [objectId]" in dry.result.stdout
    run = done(simulator, "rollback_schema", **call)
    assert run.writes == ["PUT scim/schema"]
    assert portable(simulator, PRODUCTION) == before
    (newer,) = set(kept.iterdir()) - {backup}
    assert stat.S_IMODE(newer.stat().st_mode) == 0o600
    assert str(newer) in run.told
    again = done(simulator, "rollback_schema", **call)
    assert (again.result.changed, again.writes) == (0, [])


def test_an_export_is_a_backup_too_and_that_of_another_job_can_be_meant(simulator: Simulator, tmp_path: Path) -> None:
    file, where = tmp_path / "staging.yml", {"rollback_backup_dir": str(tmp_path)}
    done(simulator, "export_schema", export_display_name=STAGING, export_file=str(file))
    before = portable(simulator, STAGING)
    _without_a_title(simulator, STAGING)
    run = done(simulator, "rollback_schema", rollback_display_name=STAGING, rollback_file=str(file), **where)
    assert (run.result.changed, portable(simulator, STAGING)) == (1, before)
    other = {"rollback_file": FILE, "rollback_other_job": "true", "rollback_allow": ALL, **where}
    assert done(simulator, "rollback_schema", rollback_display_name=STAGING, **other).result.changed == 0
    around = {"rollback_display_name": PRODUCTION, "rollback_pause_around": "true"}
    run = done(simulator, "rollback_schema", **around, **other)
    assert run.writes == ["POST scim/pause", "PUT scim/schema", "POST scim/start"]


def _substituted(document: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(document)
    for old, new in SUBSTITUTIONS.items():
        assert old in text
        text = text.replace(old, new)
    changed: dict[str, Any] = json.loads(text)
    return changed


@pytest.mark.parametrize("source", mostly(["application", "file"], ["application"], "The same schema from a file."))
def test_a_schema_is_carried_over_whole(simulator: Simulator, tmp_path: Path, source: str) -> None:
    call: dict[str, Any] = {
        "promote_to": {"display_name": PRODUCTION, "template_id": "scim"},
        "promote_substitutions": SUBSTITUTIONS,
        "promote_backup_dir": str(tmp_path / "kept"),
    }
    if source == "file":
        call["promote_file"] = str(tmp_path / "staging.yml")
        done(simulator, "export_schema", export_display_name=STAGING, export_file=call["promote_file"])
    else:
        call["promote_from"] = {"display_name": STAGING}
    wanted = _substituted(portable(simulator, STAGING))
    refused = play(simulator, "promote_schema", **call)
    assert (refused.result.rc, refused.writes) == (2, [])
    assert "say so with allow: [matching, scope]" in refused.told
    dry = done(simulator, "promote_schema", check=True, promote_allow=ALL, **call)
    assert dry.writes == []
    assert f"enterprise:2.0:User:costCenter: [{OTHER_PREFIX}acmeCostCenter]" in dry.result.stdout
    assert "badgeIdOwn: removed" in dry.result.stdout
    assert not (tmp_path / "kept").exists()
    run = done(simulator, "promote_schema", promote_allow=ALL, **call)
    assert (run.result.changed, run.writes) == (1, ["PUT scim/schema"])
    assert portable(simulator, PRODUCTION) == wanted
    again = done(simulator, "promote_schema", promote_allow=ALL, **call)
    assert (again.result.changed, again.writes) == (0, [])
    assert "nothing was written" in again.told


def test_what_looks_like_a_template_is_a_text(simulator: Simulator, tmp_path: Path) -> None:
    staging = example("customappsso_default")
    constant = {"expression": '"{{ 6 * 7 }}"', "name": "{{ 6 * 7 }}", "type": "Constant", "parameters": []}
    people = next(
        one for one in staging["synchronizationRules"][0]["objectMappings"] if one["sourceObjectName"] == "User"
    )
    next(one for one in people["attributeMappings"] if one["targetAttributeName"] == "title")["source"] = constant
    seeded = [application(STAGING, jobs=[{"template_id": "scim", "schema": staging}])]
    others = [application(name, jobs=[{"template_id": "scim"}]) for name in (PRODUCTION, "Elsewhere")]
    simulator.reset({"applications": [*seeded, *others]})
    file, where = str(tmp_path / "staging.yml"), {"promote_backup_dir": str(tmp_path)}
    done(simulator, "export_schema", export_display_name=STAGING, export_file=file)
    ways = {PRODUCTION: {"promote_file": file}, "Elsewhere": {"promote_from": {"display_name": STAGING}}}
    for name, source in ways.items():
        done(simulator, "promote_schema", promote_to={"display_name": name}, **source, **where)
        assert "{{ 6 * 7 }}" in json.dumps(portable(simulator, name))
    rolled = done(simulator, "rollback_schema", rollback_display_name=PRODUCTION, rollback_file=file)
    assert (rolled.result.changed, portable(simulator, PRODUCTION)) == (0, portable(simulator, STAGING))


def test_the_texts_of_a_survey_are_understood(simulator: Simulator, tmp_path: Path) -> None:
    wanted = _substituted(portable(simulator, STAGING))
    run = done(
        simulator,
        "promote_schema",
        promote_from=f"display_name: {STAGING}",
        promote_to=json.dumps({"display_name": PRODUCTION}),
        promote_file="",
        promote_substitutions="\n".join(f"'{old}': '{new}'" for old, new in SUBSTITUTIONS.items()),
        promote_allow="scope, matching",
        promote_pause_around="yes",
        promote_backup_dir=str(tmp_path),
    )
    assert run.writes == ["POST scim/pause", "PUT scim/schema", "POST scim/start"]
    assert portable(simulator, PRODUCTION) == wanted


@pytest.mark.parametrize(
    ("secret", "door"), [(CLIENT_SECRET, "module"), ("Zclientsecret, a wrong one", "fast")], ids=["right", "wrong"]
)
def test_each_end_has_its_own_credentials_and_they_stay_secret(
    simulator: Simulator, tmp_path: Path, secret: str, door: str
) -> None:
    seeded = [
        application(name, jobs=[{"template_id": "scim", "schema": example(f"customappsso_{schema}")}])
        for name, schema in ((STAGING, "full"), (PRODUCTION, "default"))
    ]
    simulator.reset({"applications": seeded, "clients": SEED["clients"]})
    # Of the clients of the simulator, this one may only read.
    reader = simulator.options(1)
    writer = {**simulator.options(), "client_id": CLIENT, "client_secret": secret}
    run = play(
        simulator,
        "promote_schema",
        env={},
        door=door,
        verbosity=4,
        promote_from={"display_name": STAGING, **reader},
        promote_to={"display_name": PRODUCTION, **writer},
        promote_backup_dir=str(tmp_path),
    )
    good = secret == CLIENT_SECRET
    assert run.result.rc == (0 if good else 2), run.result.output
    assert run.writes == (["PUT scim/schema"] if good else [])
    assert leaks(everything(run.result), reader["client_secret"]) == []
