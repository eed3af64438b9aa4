"""Whether two measurements stand on the same ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.comparison.fingerprint_fields import class_of, is_under_test, tolerated
from perfengine.model.fingerprint import FieldClass, FieldDifference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from perfengine.model.comparison import Side
    from perfengine.model.fingerprint import Fingerprint, Known, Subject

_SEVERITY = (FieldClass.HARD, FieldClass.SOFT, FieldClass.INFO)


def compare_fingerprints(
    before: Fingerprint, after: Fingerprint, subjects: Collection[Subject] = ()
) -> tuple[FieldDifference, ...]:
    """Return the fields that are not the same, the hard ones first, then by name.

    A field that is known on one side only may or may not be the same: a warning, whatever it is. One that is known on
    neither is no difference. What is under test is only said.
    """
    return _sorted(_differences(before, after, subjects))


def differences_of(before: Side, after: Side, subjects: Collection[Subject]) -> tuple[FieldDifference, ...]:
    """Return what differs between the first run and any other of both sides, each field once."""
    first, *others = (run.fingerprint for side in (before, after) for session in side for run in session)
    found: dict[str, FieldDifference] = {}
    for other in others:
        for difference in compare_fingerprints(first, other, subjects):
            found.setdefault(difference.name, difference)
            if _rank(difference) < _rank(found[difference.name]):
                found[difference.name] = difference
    return _sorted(found.values())


def is_comparable(differences: Sequence[FieldDifference]) -> bool:
    """Return whether no hard field differs."""
    return all(difference.field_class is not FieldClass.HARD for difference in differences)


def _differences(
    before: Fingerprint, after: Fingerprint, subjects: Collection[Subject]
) -> Iterator[FieldDifference]:
    for name in {**before, **after}:
        values = before.get(name), after.get(name)
        if not _is_same(name, *values):
            known = _class(name, subjects)
            is_guess = None in values and known is FieldClass.HARD
            yield FieldDifference(
                name=name,
                before=values[0],
                after=values[1],
                field_class=FieldClass.SOFT if is_guess else known,
            )


def _class(name: str, subjects: Collection[Subject]) -> FieldClass:
    return FieldClass.INFO if any(is_under_test(name, subject) for subject in subjects) else class_of(name)


def _is_same(name: str, before: Known | None, after: Known | None) -> bool:
    allowed = tolerated(name)
    if allowed and isinstance(before, int | float) and isinstance(after, int | float):
        return abs(after - before) <= allowed * max(abs(before), abs(after))
    return before == after


def _sorted(
    differences: Collection[FieldDifference] | Iterator[FieldDifference],
) -> tuple[FieldDifference, ...]:
    return tuple(sorted(differences, key=lambda difference: (_rank(difference), difference.name)))


def _rank(difference: FieldDifference) -> int:
    return _SEVERITY.index(difference.field_class)
