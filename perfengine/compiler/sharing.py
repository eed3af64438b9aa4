"""How many connections and load processes the clients share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft


def share_out(draft: Draft) -> Draft:
    """Return the draft with its connections and processes; more of them than clients would stand idle."""
    clients = max((phase.load.clients for phase in draft.loads), default=1)
    settings, workload = draft.settings, draft.scenario.workload
    connections = settings.connections if settings.connections is not None else workload.connections
    notes = []
    if connections is not None and connections > clients:
        notes.append(f"{clients} clients have no use for {connections} connections: they have one each")
        connections = clients
    processes = settings.processes if settings.processes is not None else workload.processes
    busy = clients if connections is None else connections
    if processes is not None and processes > busy:
        whom = f"{clients} clients" if connections is None else f"{connections} connections"
        notes.append(f"{whom} have no use for {processes} load processes: there are {busy}")
        processes = busy
    return replace(
        draft,
        connections=connections,
        processes=1 if processes is None else processes,
        notes=(*draft.notes, *notes),
    )
