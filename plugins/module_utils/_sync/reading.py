# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only; it may change without notice.

"""Reading of many applications: the calls of one round together, refusals noted with the application they concern."""

from __future__ import annotations

import dataclasses
import typing as t

from .._graph import batch
from .._graph.errors import GraphError
from . import jobs
from .principals import Principal

if t.TYPE_CHECKING:
    from .._graph.endpoint import Call
    from .._task import Task

Record = dict[str, t.Any]
# Whose answer it is: the service principal, and what was read of it.
Key = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Read:
    """One call for each application, made in the first round.

    ``call`` gets the options of the task and the id of a service principal.
    """

    name: str
    call: t.Callable[[t.Mapping[str, t.Any], str], Call]


class Reading:
    """What has been read so far, and the records that are made of it, one for each application.

    :arg patient: whether it is no failure where nothing at all may be read.
    """

    def __init__(self, task: Task, found: t.Sequence[Principal], *, patient: bool = False) -> None:
        self.task = task
        self.records: dict[str, Record] = {
            one.id: {"service_principal_id": one.id, "app_id": one.app_id, "display_name": one.name} for one in found
        }
        #: the applications that exist, each once; one of a check mode run may still be to come.
        self.live = list({one.id: one for one in found if not one.planned}.values())
        self._patient = patient
        self._answers: dict[Key, t.Any] = {}

    def start(self, reads: t.Collection[Read]) -> None:
        """Make the first round, whose answers :meth:`answer` gives.

        :raises GraphError: where no application could be read.
        """
        params = self.task.params
        self._answers = self.ask(
            [((one.id, read.name), read.call(params, one.id)) for one in self.live for read in reads]
        )

    def ask(self, wanted: t.Sequence[tuple[Key, Call]]) -> dict[Key, t.Any]:
        """Make calls together and return the answers by their keys.

        What was refused is missing, and so is a list that is answered with 404. None is a single object that is not
        there.

        :raises GraphError: where all of them were refused.
        """
        answers = batch.read_all(self.task.graph, [call for _key, call in wanted])
        refusals = [answer for answer in answers if isinstance(answer, GraphError)]
        if refusals and len(refusals) == len(answers) and not self._patient:
            raise refusals[0]
        good: dict[Key, t.Any] = {}
        for (key, call), answer in zip(wanted, answers):
            whole = self._whole(call, answer)
            if isinstance(whole, GraphError):
                errors = self.records[key[0]].setdefault("errors", [])
                errors.append({"gather": key[1].split(" ")[0], "message": whole.message})
            else:
                good[key] = whole
        return good

    def _whole(self, call: Call, answer: t.Any) -> t.Any:
        """Return an answer with all pages of it, or what kept one of them from being read."""
        if not isinstance(answer, dict) or "@odata.nextLink" not in answer:
            return answer
        try:
            return {"value": list(self.task.graph.rest(call, answer))}
        except GraphError as error:
            return error

    def unknown(self) -> list[tuple[Principal, list[str]]]:
        """Return the applications whose single objects, named by their id, the first round did not find, and which."""
        found = []
        for one in self.live:
            names = [name for (sp, name), answer in self._answers.items() if sp == one.id and answer is None]
            found += [(one, names)] if names else []
        return found

    def found(self, sp: str, read: Read) -> list[Record] | None:
        """Return the records of an answer of the first round; None where it could not be read, which is not nothing."""
        key = (sp, read.name)
        return listed(self._answers[key]) if key in self._answers else None

    def jobs(self, read: Read) -> dict[str, list[Record]]:
        """Return the jobs that the options mean, by service principal; it is missing where they could not be read."""
        template = self.task.params.get("template_id")
        found = {one.id: self.found(one.id, read) for one in self.live}
        return {
            sp: [job for job in some if not template or jobs.is_of_template(job, template)]
            for sp, some in found.items()
            if some is not None
        }

    def begin(self, name: str, read: t.Iterable[str]) -> None:
        """Put an empty subset into the records of those of which the jobs could be read; the others do not have it."""
        for sp in read:
            self.records[sp][name] = []


def listed(answer: t.Any) -> list[Record]:
    """Return the records of an answer, which may also be a single one or nothing."""
    if not isinstance(answer, dict):
        return []
    if "value" in answer:
        return list(answer["value"])
    return [{name: value for name, value in answer.items() if not name.startswith("@odata.")}]
