"""What the command line asks for; None means not said. It wins over every document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSettings:
    """The settings that shape the plan."""

    concurrency: int | None = None
    iterations: int | None = None
    duration_ns: int | None = None
    timeout_ns: int | None = None  #: of one operation's phase
    filters: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    data_set: str | None = None
    data_size: int | None = None
    seed: int | None = None
    connections: int | None = None  #: shared by the clients
    rate_per_s: float | None = None  #: makes the model open
    warmup_ns: int | None = None
    processes: int | None = None
    rollback: bool = False  #: on existing tables: every attempt that writes is rolled back
    writes_elsewhere: bool = (
        False  #: on existing tables: what triggers and functions write in others may stay
    )
