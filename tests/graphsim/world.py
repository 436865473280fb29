# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as a whole: the tenant, the switches, the clock, the engine's lock."""

from __future__ import annotations

import copy
import functools
import threading
from datetime import datetime, timedelta
from typing import Any

from .control.clock import Clock
from .control.faults import Faults
from .control.history import History
from .control.quirks import Quirks
from .control.recorder import Recorder
from .control.transcript import Transcript
from .engine import lifecycle
from .engine.context import JobContext
from .engine.cycle import run_cycle
from .engine.summary import write
from .neighbours import Neighbours
from .scim_target import ScimTarget
from .seed import new_tenant
from .sign_in.material import Material
from .state import TENANT_ID, Job, Synchronization


class World:
    """One simulator.

    :arg endpoint: ``https://localhost:PORT``.
    :arg seed: merged over the default content at start and at every reset without a seed of its own.
    """

    def __init__(
        self,
        endpoint: str,
        material: Material,
        *,
        seed: dict[str, Any] | None = None,
        quirks: dict[str, Any] | None = None,
        target: ScimTarget | None = None,
        tenant_id: str = TENANT_ID,
    ) -> None:
        self.endpoint = endpoint
        self.authority = f"{endpoint}/{tenant_id}"
        self.material = material
        self.target = target
        self.quirks = Quirks(quirks)
        self.faults = Faults()
        self.recorder = Recorder()
        self.transcript = Transcript()
        self.history = History()
        self.clock = Clock()
        # Held by whatever changes a job or runs its engine, so that a cycle always works on one state. Readers do
        # not need it: what they read is replaced as a whole.
        self.engine_lock = threading.RLock()
        self._seed = seed
        self.tenant = new_tenant(seed, material, self.clock, self.endpoint, tenant_id)

    def reset(self, seed: dict[str, Any] | None = None) -> None:
        """Back to the first content, with `seed` merged over the default; clock, quirks, faults and record too.

        :raises ValueError: when the seed does not make sense; nothing is changed then.
        """
        with self.engine_lock:
            clock = Clock()
            seed = self._seed if seed is None else seed
            tenant = new_tenant(seed, self.material, clock, self.endpoint, self.tenant.tenant_id)
            self.tenant, self.clock = tenant, clock
            self.quirks.reset()
            self.faults.rules = []
            self.recorder.clear()
            self.history.clear()
            if self.target:
                self.target.clear()

    def advance(self, step: timedelta) -> datetime:
        """Let time pass; cycles that fall due run before this returns."""
        with self.engine_lock:
            return self.clock.advance(step, self)

    def run_due(self) -> None:
        """Run the cycles that are due now."""
        with self.engine_lock:
            for owner, job in self.due():
                self.run_cycle(owner, job)

    def due(self) -> list[tuple[Synchronization, Job]]:
        """The jobs whose cycle is due."""
        now = self.clock.now()
        return [
            (owner, job)
            for owner in list(self.tenant.synchronizations.values())
            for job in list(owner.jobs.values())
            if lifecycle.due(job.raw, job.memory, now)
        ]

    def run_cycle(self, owner: Synchronization, job: Job) -> None:
        """Run one cycle. Readers see the job as it was until the cycle has ended."""
        with self.engine_lock:
            context = self.context(owner, job)
            context.job = copy.deepcopy(job.raw)
            run_cycle(context)
            job.raw = context.job

    def context(self, owner: Synchronization, job: Job, *, live: bool = False) -> JobContext:
        """What the engine gets to see of the tenant for one job.

        :arg live: the users are the tenant's own, for engines that write to them; else a copy, as they were.
        """
        tenant = self.tenant
        principal = tenant.service_principals[owner.principal_id]
        return JobContext(
            job=job.raw,
            memory=job.memory,
            schema=job.schema,
            secrets=dict(owner.secrets),
            users=tenant.users if live else dict(tenant.users),
            groups=dict(tenant.groups),
            assignments=tenant.in_force(tenant.assigned_to(owner.principal_id)),
            app_roles=principal["appRoles"],
            service_principal=principal,
            tenant_id=tenant.tenant_id,
            now=self.clock.now(),
            log=functools.partial(write, tenant.logs),
            tenants=Neighbours(tenant),
        )
