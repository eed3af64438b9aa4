"""What a run stood on: the server as it said, the machine as the kernel says, the files of the workload."""

from __future__ import annotations

import ipaddress
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.engine.fingerprints import Ground
from perfengine.engine.ground.commit import commit_of
from perfengine.engine.ground.moment import moment_fields, read_moment
from perfengine.engine.machine import code_digests, memory_of_machine
from perfengine.errors import InternalError
from perfengine.model.stabilising import Step

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.database.server_ground import ServerGround
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.progress import Progress
    from perfengine.model.environment import Environment
    from perfengine.model.fingerprint import Known


def ground_of(planned: PlannedRun, progress: Progress, environment: Environment) -> Ground:
    """Return what a run that measured something stood on."""
    address, facts = progress.address, progress.facts
    if address is None or facts is None:
        raise InternalError("a run that measured something knows its server")
    embedded = "embedded" if environment.embedded else None
    prewarmed = [step.done for step in progress.stabilised if step.step is Step.PREWARM]
    return Ground(
        facts=facts,
        environment=environment,
        topology=embedded or ("local" if address.local else "remote"),
        machine={**progress.machine, **_moments(progress)},
        round_trip_ns=progress.round_trip_ns,
        processes=progress.processes,
        prewarmed=bool(prewarmed) and all(prewarmed),
        started=progress.started_at.astimezone(UTC).isoformat(timespec="seconds"),
        commit=next((found for path in _files(planned) if (found := commit_of(Path(path)))), None),
        server_memory=memory_of_machine() if address.local else None,
        code=code_digests(planned.files),
    )


def _moments(progress: Progress) -> dict[str, Known | None]:
    return {**moment_fields(progress.moment, read_moment())} if progress.moment else {}


def _files(planned: PlannedRun) -> tuple[str, ...]:
    return (*planned.scenario.paths, *planned.files)


def data_folder(server: ServerGround, address: Address) -> Path | None:
    """Return where the files of a server on this machine lie, None of one elsewhere, or that does not tell.

    One in a container is near as well, and its files are elsewhere: it was reached at another address than ours.
    """
    is_here = address.local and (server.address is None or ipaddress.ip_address(server.address).is_loopback)
    return Path(server.data_directory) if is_here and server.data_directory else None
