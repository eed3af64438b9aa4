"""How a range of days or instants is cut into steps: whole days, or whole seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from perfengine.datagen.scale import Steps, strides
from perfengine.model.generator import Recent

if TYPE_CHECKING:
    from perfengine.model.generator import Between

_SECONDS_A_DAY = 86_400


def moments_of(generator: Recent | Between, *, whole_days: bool) -> Steps:
    """Return the steps: before the anchor or after it, or from the low end on.

    What is recent may be now; what is ahead comes after the anchor.
    """
    if isinstance(generator, Recent):
        numbers = generator.seconds // _SECONDS_A_DAY if whole_days else generator.seconds
        return strides(1 if generator.ahead else 0, numbers)
    if whole_days:
        return strides(0, (day_of(generator.high) - day_of(generator.low)).days + 1)
    width = instant_of(generator.high, time(23, 59, 59)) - instant_of(generator.low)
    return strides(0, width // timedelta(seconds=1) + 1)


def day_of(moment: date | datetime) -> date:
    """Return the day in UTC."""
    return instant_of(moment).date() if isinstance(moment, datetime) else moment


def instant_of(moment: date | datetime, day_time: time = time.min) -> datetime:
    """Return the instant in UTC: of a day, the one at `day_time`; what names no zone is taken for UTC."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, day_time, UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
