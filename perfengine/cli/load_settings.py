"""Option texts to the settings that shape a plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.errors import UsageError
from perfengine.model.settings import LoadSettings
from perfengine.units import parse_duration_ns, parse_rate_per_s

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_PROCESSES: Final = 256
#: No warm-up at all: the one duration of nothing that means something.
NOTHING: Final = re.compile(r"0(\.0+)?\s*[a-zµ]*")


def load_settings(
    *,
    concurrency: int | None,
    iterations: int | None,
    duration: str | None,
    timeout: str | None,
    filters: Sequence[str] | None,
    excludes: Sequence[str] | None,
    data: tuple[str | None, int | None],
    seed: int | None,
    connections: int | None = None,
    rate: str | None = None,
    warmup: str | None = None,
    processes: str | None = None,
    rollback: bool = False,
    writes_elsewhere: bool = False,
) -> LoadSettings:
    """Return the settings. Raises: UsageError for a duration, a rate or a number of processes that is none."""
    return LoadSettings(
        connections=connections,
        rate_per_s=None if rate is None else _rate_per_s(rate),
        warmup_ns=0 if warmup is not None and NOTHING.fullmatch(warmup) else _duration_ns("--warmup", warmup),
        processes=None if processes is None else _processes(processes),
        concurrency=concurrency,
        iterations=iterations,
        duration_ns=_duration_ns("--duration", duration),
        timeout_ns=_duration_ns("--timeout", timeout),
        filters=tuple(filters or ()),
        excludes=tuple(excludes or ()),
        data_set=data[0],
        data_size=data[1],
        seed=seed,
        rollback=rollback,
        writes_elsewhere=writes_elsewhere,
    )


def _duration_ns(option: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_duration_ns(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _rate_per_s(text: str) -> float:
    try:
        return parse_rate_per_s(text)
    except ValueError as error:
        raise UsageError(f"--rate: {error}") from None


def _processes(text: str) -> int:
    """Return the number; `auto` is 0: as many as there are processors."""
    if text == "auto":
        return 0
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_PROCESSES):
        raise UsageError(f'--processes {text}: write a whole number from 1 to {MAX_PROCESSES}, or "auto"')
    return int(text)
