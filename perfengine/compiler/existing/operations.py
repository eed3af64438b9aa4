"""Passes: which operations the server lets be done, and those that only read."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.existing.links import values_of
from perfengine.compiler.existing.problem import Problem, refusal
from perfengine.compiler.generators import table_drawn_from
from perfengine.model.entity import NotBuilt
from perfengine.model.existing_plan import ExistingPlan, ExistingUse
from perfengine.model.generator import Choice, OrNull, ReferenceTo, Zipf
from perfengine.model.operation import DataSetKey, Generated, Group, Kind, Operation
from perfengine.seeds import WORD_SPAN, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfengine.compiler.draft import Draft
    from perfengine.compiler.existing.matching import Matched
    from perfengine.model.existing import Place
    from perfengine.model.generator import Generator, Scalar
    from perfengine.model.operation import Parameter

_UPDATES: Final = frozenset({Kind.UPDATE, Kind.BULK_UPDATE})


def heed_rights(draft: Draft) -> Draft:
    """Return the draft without operations that nothing is built for; what the role may not do is unmatched.

    Of a run that only reads, those that write are there to be spoken of, and are not selected.
    """
    missing = {one.name for one in draft.not_built}
    # the author may have written one of that name, just because none is built
    operations = [one for one in draft.operations if one.group is Group.OWN or one.name not in missing]
    if draft.read_only:
        writes = [one for one in operations if one.writes]
        reads, draft = _reading([one for one in operations if not one.writes], draft)
        notes = (*draft.notes, *_left_out(len(writes)))
        return replace(draft, operations=(*reads, *writes), notes=notes)
    unmatched = dict(draft.unmatched)
    for operation in operations:
        why = _barred(operation, draft)
        if why is not None:
            unmatched.setdefault(operation.full_id, why)
    return replace(draft, operations=tuple(operations), unmatched=unmatched)


def _left_out(count: int) -> list[str]:
    what = "an operation that writes is" if count == 1 else f"{count} operations that write are"
    return [f"read-only: {what} left out"] if count else []


def _barred(operation: Operation, draft: Draft) -> str | None:
    """Return why the role may not do an operation; INSERT and DELETE were asked for with the tables."""
    if operation.kind not in _UPDATES:
        return None
    matched = _of(operation, draft)
    entity = next(one.entity for one in draft.entities if one.entity.name == operation.entity)
    if matched is None or matched.table.rights.update:
        return None
    fixed = {matched.key.name, *(entity.server.fixed if entity.server else ())}
    barred = [c.name for c, _ in matched.chosen.columns if not c.may_update and c.name not in fixed]
    if not barred:
        return None
    role = draft.existing.role if draft.existing else ""
    return f'role "{role}" lacks UPDATE on {matched.place.shown} ({", ".join(barred)})'


def _of(operation: Operation, draft: Draft) -> Matched | None:
    return next((one for one in draft.matched if one.entity.name == operation.entity), None)


def _reading(operations: Iterable[Operation], draft: Draft) -> tuple[list[Operation], Draft]:
    """Return the operations with keys of rows that are there; those that find none are listed as not built."""
    found, not_built = [], list(draft.not_built)
    for operation in operations:
        empty = [matched for matched in _read(operation, draft) if not _keys(matched, draft)]
        if empty:
            not_built.append(NotBuilt(name=operation.name, reason=_no_row(empty[0])))
        else:
            parameters = tuple(_of_others(parameter, operation, draft) for parameter in operation.parameters)
            found.append(replace(operation, parameters=parameters))
    return found, replace(draft, not_built=tuple(not_built))


def _no_row(matched: Matched) -> str:
    alone = "" if matched.is_unique_by_key else f" by {matched.key.name} alone, a part of the key"
    return f"{matched.place.shown} holds no row that could be read{alone}"


def _read(operation: Operation, draft: Draft) -> Iterator[Matched]:
    names = [_table_of(parameter, operation) for parameter in operation.parameters]
    yield from (matched for matched in draft.matched if matched.entity.name in names)


def _table_of(parameter: Parameter, operation: Operation) -> str | None:
    if isinstance(parameter, DataSetKey):
        return operation.entity
    return table_drawn_from(parameter.generator) if isinstance(parameter, Generated) else None


def _of_others(parameter: Parameter, operation: Operation, draft: Draft) -> Parameter:
    name = _table_of(parameter, operation)
    matched = next((one for one in draft.matched if one.entity.name == name), None)
    if matched is None:
        return parameter
    keys = _keys(matched, draft)
    if isinstance(parameter, Generated):
        return replace(parameter, generator=_from_keys(parameter.generator, keys))
    return Generated(name=matched.key.name, generator=Choice(values=keys))


def _from_keys(generator: Generator, keys: tuple[Scalar, ...]) -> Generator:
    """Return what draws keys that are there as often as `generator` draws those of rows of ours."""
    if isinstance(generator, OrNull):
        return replace(generator, generator=_from_keys(generator.generator, keys))
    if not isinstance(generator, ReferenceTo) or not isinstance(generator.distribution, Zipf):
        return Choice(values=keys)
    s = generator.distribution.s
    weights = (max(1, round(WORD_SPAN * float(rank**-s))) for rank in range(1, len(keys) + 1))
    # in an order of their own: keys that stand side by side in the table are not the hot ones together
    ranked = sorted(keys, key=lambda key: (word(0, f"{key}/hot", 0), str(key)))
    return Choice(values=tuple(ranked), weights=tuple(weights))


def _keys(matched: Matched, draft: Draft) -> tuple[Scalar, ...]:
    answers = draft.existing.answers if draft.existing else {}
    return values_of(matched.key, answers.get(matched.rows_to_read) or ())


def refuse_unmatched(draft: Draft) -> Draft:
    """Return the draft as it is. Raises: SpecError for every operation that the server cannot do."""
    by_reason: dict[str, list[str]] = {}
    for operation in draft.selected:
        if operation.full_id in draft.unmatched:
            by_reason.setdefault(draft.unmatched[operation.full_id], []).append(operation.name)
    if by_reason:
        entities = {one.name: one.entity for one in draft.selected}
        problems = [
            Problem(message=f"{reason}; {_remedy(names)}", entity=entities[names[0]])
            for reason, names in by_reason.items()
        ]
        raise refusal(problems, draft.entities)
    return draft


def _remedy(names: list[str]) -> str:
    options = " ".join(f"--exclude {shlex.quote(name)}" for name in names)
    return f"leave out what needs it: {options}"


def size_no_rows(draft: Draft) -> Draft:
    """Return the draft without rows of ours, where nothing is written."""
    if not draft.read_only:
        return draft
    return replace(draft, data_set="rows that are there", data_rows=dict.fromkeys(draft.data_rows, 0))


def existing_plan(draft: Draft) -> ExistingPlan | None:
    """Return what the plan says of tables that are there; None where it has none."""
    if draft.existing is None:
        return None
    ours = {matched.place for matched in draft.matched}
    referenced: dict[Place, None] = {}
    for matched in draft.matched if not draft.read_only else ():
        table = draft.table(matched.entity.name)
        says = {column.name for column in table.columns if column.references is None}
        for reference in matched.table.references:
            if set(reference.columns) & says and reference.target not in ours:
                referenced[reference.target] = None
    return ExistingPlan(
        uses=() if draft.read_only else tuple(_use(matched, draft) for matched in draft.matched),
        referenced=tuple(referenced),
        functions=() if draft.read_only else draft.bound,
        read_only=draft.read_only,
        rolled_back=draft.settings.rollback,
        writes_elsewhere=draft.settings.writes_elsewhere,
    )


def _use(matched: Matched, draft: Draft) -> ExistingUse:
    assert draft.existing is not None  # noqa: S101 - asked for nothing else
    return ExistingUse(
        name=matched.entity.name,
        place=matched.place,
        kind=matched.table.kind,
        key=matched.key.name,
        key_type=matched.key.type.base_sql,
        incoming=tuple(
            reference
            for table in draft.existing.tables
            for reference in table.references
            if reference.target == matched.place
        ),
        triggers=matched.table.triggers,
    )
