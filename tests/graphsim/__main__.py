# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.graphsim [--port 0] [--scim] [--seed FILE] [--quirks FILE] [--tenant-id ID] ...``.

Prints one line of JSON when it is ready, and runs until SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from . import server
from .control.routes import routes as control_routes
from .pipeline import Pipeline
from .scim_target import ScimTarget
from .seed.clients import shown
from .sign_in.material import new_material
from .state import TENANT_ID
from .world import World

_CYCLE_CHECK_SECONDS = 0.2
_SCIM = ("base_address", "token", "violations")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.graphsim", description="A simulator of Microsoft Graph.")
    parser.add_argument("--port", type=int, default=0, help="TCP port on loopback; 0 takes a free one")
    parser.add_argument("--scim", action="store_true", help="also start a SCIM server that jobs can provision to")
    parser.add_argument(
        "--seed", type=Path, help="JSON file to merge over the default content (see tests/graphsim/seed)"
    )
    parser.add_argument("--quirks", type=Path, help="JSON file with quirks (see tests/graphsim/control/quirks.py)")
    parser.add_argument("--tenant-id", type=_guid, default=TENANT_ID, help="which tenant this simulator is")
    parser.add_argument("--transcript", action="store_true", help="keep what is said for GET /_sim/transcript")
    parser.add_argument("--watch-parent", action="store_true", help="end when the parent process is gone")
    return parser.parse_args()


def _guid(text: str) -> str:
    return str(uuid.UUID(text))


def _read(file: Path | None) -> dict[str, Any] | None:
    content: dict[str, Any] | None = json.loads(file.read_text("utf-8")) if file else None
    return content


def _first_line(world: World, ca_path: Path) -> str:
    target = world.target
    return json.dumps(
        {
            "graph_endpoint": world.endpoint,
            "authority": world.authority,
            "ca_path": str(ca_path),
            "tenant_id": world.tenant.tenant_id,
            "clients": shown(world.tenant),
            "scim": {name: getattr(target, name) for name in _SCIM} if target else None,
            "control": f"{world.endpoint}/_sim",
        }
    )


async def _serve(world: World, listener: Any, context: Any, ca_path: Path, parent: int | None) -> None:
    connections = server.Connections()
    app = Starlette(routes=control_routes(world))
    # Not a Mount: its pattern does not fit a path with a newline in it.
    app.router.default = Pipeline(world, connections)
    running = server.Server(app, context, connections)
    background = [asyncio.ensure_future(_run_cycles(world))]
    if parent is not None:
        background.append(asyncio.ensure_future(_watch_parent(running, parent)))
    print(_first_line(world, ca_path), flush=True)
    await running.serve(sockets=[listener])
    for task in background:
        task.cancel()


async def _run_cycles(world: World) -> None:
    while True:
        if world.due():
            await asyncio.get_running_loop().run_in_executor(None, _run_due, world)
        await asyncio.sleep(_CYCLE_CHECK_SECONDS)


def _run_due(world: World) -> None:
    try:
        world.run_due()
    except Exception:
        # A bug of the engine must be loud, and must not end the cycles of the other jobs.
        traceback.print_exc()


async def _watch_parent(running: server.Server, parent: int) -> None:
    while os.getppid() == parent:
        await asyncio.sleep(0.5)
    running.stop()


def main() -> int:
    """Run the simulator."""
    # Read at once: a parent that ends while the simulator starts would be taken for the one that adopted it.
    parent = os.getppid()
    arguments = _arguments()
    # From here on a signal unwinds the stack, so that the folder and the SCIM server go with the simulator. The server
    # has handlers of its own, but only a moment after the first line is out.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="graphsim-")))
        pool = stack.enter_context(ThreadPoolExecutor())
        starting = pool.submit(ScimTarget) if arguments.scim else None
        if starting:
            stack.callback(lambda: starting.result().stop())
        listener = stack.enter_context(server.listen(arguments.port))
        context, ca_path = server.certificate(folder)
        material = new_material(folder)
        endpoint = f"https://localhost:{listener.getsockname()[1]}"
        seed, quirks = _read(arguments.seed), _read(arguments.quirks)
        target = starting.result() if starting else None
        world = World(endpoint, material, seed=seed, quirks=quirks, target=target, tenant_id=arguments.tenant_id)
        world.transcript.kept = arguments.transcript
        asyncio.run(_serve(world, listener, context, ca_path, parent if arguments.watch_parent else None))
    return 0


if __name__ == "__main__":
    sys.exit(main())
