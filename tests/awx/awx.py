# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWX that was set up with tests/awx/controller: it starts job templates and workflows by AWX's rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.awx.credentials import Injected, inject, safe
from tests.awx.data import Entry, controller, entry
from tests.awx.jobs import Job, Outcome
from tests.awx.surveys import accepted, extra_vars, problems_of_answer, questions
from tests.harness.simulator import Simulator


@dataclass
class Awx:
    """
    :param folder: where the folders of jobs go.
    :param environment: what the administrator has set for all jobs (the setting AWX_TASK_ENV).
    :param inputs: what is filled into the credentials, by their names.
    :param remotely: whether jobs go to another node.
    """

    folder: Path
    environment: dict[str, str]
    inputs: dict[str, dict[str, str]]
    remotely: bool = False
    jobs: list[Job] = field(default_factory=list)

    def launch(self, name: str, answers: dict[str, Any], *arguments: str, job_type: str = "run") -> Outcome:
        """Start a job template as somebody who answers its survey.

        :raises ValueError: where AWX refuses the answers.
        """
        template = entry("controller_templates", name)
        refused = [problem for one in questions(template) for problem in problems_of_answer(one, answers)]
        refused += [f"{one}: not asked for" for one in answers if one not in accepted(template, answers)]
        if refused:
            raise ValueError(f"{name}: {refused}")
        return self._start(template, answers, job_type, arguments)

    def run_workflow(
        self, name: str, answers: dict[str, Any], approve: Callable[[dict[str, Outcome]], bool]
    ) -> dict[str, Outcome]:
        """Start a workflow; the outcomes of its jobs by the identifiers of their nodes.

        :param approve: says yes or no at an approval, from the outcomes so far.
        """
        workflow = entry("controller_workflows", name)
        nodes = {one["identifier"]: one for one in workflow["workflow_nodes"]}
        outcomes: dict[str, Outcome] = {}
        # A node with what was published before it.
        waiting: list[tuple[str, dict[str, Any]]] = [(one, {}) for one in sorted(roots(workflow))]
        while waiting:
            identifier, artifacts = waiting.pop(0)
            node = nodes[identifier]
            if node["unified_job_template"]["type"] == "workflow_approval":
                succeeded, published = approve(outcomes), artifacts
            else:
                outcomes[identifier] = self._node(node, artifacts, extra_vars(workflow, answers))
                succeeded = outcomes[identifier].status == "successful"
                published = {**artifacts, **outcomes[identifier].artifacts()}
            related = node.get("related", {})
            ways = ("success_nodes" if succeeded else "failure_nodes", "always_nodes")
            waiting += [(one["identifier"], published) for way in ways for one in related.get(way, [])]
        return outcomes

    def _node(self, node: Entry, artifacts: dict[str, Any], workflow_vars: dict[str, Any]) -> Outcome:
        """After WorkflowJobNode.get_job_kwargs of awx main/models/workflow.py."""
        template = entry("controller_templates", node["unified_job_template"]["name"])
        variables = {**accepted(template, node.get("extra_data", {})), **artifacts, **workflow_vars}
        may_choose = template.get("ask_job_type_on_launch", False)
        return self._start(template, variables, node.get("job_type", "run") if may_choose else "run", ())

    def _start(self, template: Entry, variables: dict[str, Any], job_type: str, arguments: tuple[str, ...]) -> Outcome:
        folder = self.folder / f"job-{len(self.jobs) + 1}"
        injected = Injected(dict(self.environment), safe(self.environment))
        for name in template["credentials"]:
            kind = entry("controller_credentials", name)["credential_type"]
            one = inject(kind, self.inputs[name], folder)
            injected.environment |= one.environment
            injected.shown |= one.shown
            injected.arguments += one.arguments
        how = ["--check"] * (job_type == "check") + ["--diff"] * template.get("diff_mode", False)
        job = Job(
            folder,
            injected.environment,
            extra_vars(template, variables),
            trusted=template.get("extra_vars"),
            playbook=template["playbook"],
            arguments=[*how, *injected.arguments],
        )
        self.jobs.append(job)
        outcome = job.run_remotely(*arguments) if self.remotely else job.run(*arguments)
        # As AWX does before it keeps the environment.
        outcome.environment.update(injected.shown)
        return outcome


def roots(workflow: Entry) -> set[str]:
    """The nodes that nothing leads to.

    :raises ValueError: where two ways lead to a node; which of them AWX waits for is not told here.
    """
    named = {one["identifier"] for one in workflow["workflow_nodes"]}
    reached = [
        one["identifier"]
        for node in workflow["workflow_nodes"]
        for way in node.get("related", {}).values()
        for one in way
    ]
    if len(reached) != len(set(reached)) or set(reached) - named:
        raise ValueError(f"not a tree of {named}: {reached}")
    return named - set(reached)


def awx_of(simulator: Simulator, folder: Path, **more: Any) -> Awx:
    """An AWX whose credentials are for the simulator and its target."""
    settings = simulator.environment()
    who, target = simulator.client(), simulator.ready["scim"]
    sign_in = {"tenant_id": simulator.ready["tenant_id"], "client_id": who["client_id"]}
    inputs = {
        "Entra provisioning automation": {**sign_in, "client_secret": who["client_secret"]},
        "Contoso SCIM": {"base_address": target["base_address"], "secret_token": target["token"]},
    }
    assert set(inputs) == {one["name"] for one in controller()["controller_credentials"]}
    places = {name: settings[name] for name in ("AZURE_AUTHORITY_HOST", "GRAPH_ENDPOINT", "ENTRA_CA_PATH")}
    return Awx(folder, places, inputs, **more)
