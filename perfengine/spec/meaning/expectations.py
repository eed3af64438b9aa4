"""`expect:` and `retry:` as written to an `Expectation` and a `Retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.operation import Expectation, Success
from perfengine.model.transaction import Retry

if TYPE_CHECKING:
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.operation_parts import ExpectPart, RetryPart

_SUCCESS: Final = {
    "rows": Success.ROWS,
    "min_rows": Success.AT_LEAST,
    "affected": Success.AFFECTED,
    "not_null": Success.NOT_NULL,
    "accepted": Success.ACCEPTED,
    "error": Success.REFUSED,
    "refused": Success.REFUSED,
}
_REFUSALS: Final = ("error", "refused")
#: Where a document says that there are retries, and not how many.
_RETRIES: Final = 3


def build_expectation(part: ExpectPart | None, mistakes: Mistakes) -> Expectation | None:
    """Return when an attempt is ok; None where nothing is said, or what is said is wrong."""
    if part is None:
        return None
    written = [key for key in _SUCCESS if key in part.node.origin]
    _check_keys(part, written, mistakes)
    said = [key for key in written if getattr(part, key) is not None]
    if len(written) != 1 or not said:
        return None
    key = said[0]
    value = getattr(part, key)
    success = _SUCCESS[key]
    if success is Success.REFUSED:
        return Expectation(success=success, sqlstate=value, constraint=part.constraint)
    if value is False:
        mistakes.add(part.place(key), f"{key}: false expects nothing: write true, or remove expect")
    return (
        Expectation(success=success) if isinstance(value, bool) else Expectation(success=success, count=value)
    )


def _check_keys(part: ExpectPart, written: list[str], mistakes: Mistakes) -> None:
    if len(written) > 1:
        place = part.node.origin.keys_at[written[1]]
        mistakes.add(place, f"expect: one condition is enough, found {' and '.join(written)}")
    if part.constraint is not None and not set(written) & set(_REFUSALS):
        mistakes.add(part.place("constraint"), 'constraint: belongs beside error, such as error: "23505"')


def build_retry(part: RetryPart | None) -> Retry:
    """Return when an attempt is tried again; never, where nothing is said."""
    if part is None:
        return Retry()
    retries = _RETRIES if part.max is None else part.max
    if part.on is None:
        return Retry(max_retries=retries, backoff_ns=part.backoff or 0)
    return Retry(sqlstates=part.on, max_retries=retries, backoff_ns=part.backoff or 0)
