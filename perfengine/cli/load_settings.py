"""Option texts to the settings that shape a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.errors import UsageError
from perfengine.model.settings import LoadSettings
from perfengine.units import parse_duration_ns

if TYPE_CHECKING:
    from collections.abc import Sequence


def load_settings(
    *,
    concurrency: int | None,
    iterations: int | None,
    duration: str | None,
    timeout: str | None,
    filters: Sequence[str] | None,
    excludes: Sequence[str] | None,
    data: tuple[str | None, int | None],
    seed: int,
) -> LoadSettings:
    """Return the settings. Raises: UsageError for a duration that is none."""
    return LoadSettings(
        concurrency=concurrency,
        iterations=iterations,
        duration_ns=_duration_ns("--duration", duration),
        timeout_ns=_duration_ns("--timeout", timeout),
        filters=tuple(filters or ()),
        excludes=tuple(excludes or ()),
        data_set=data[0],
        data_size=data[1],
        seed=seed,
    )


def _duration_ns(option: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_duration_ns(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None
