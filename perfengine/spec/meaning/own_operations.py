"""`ops:` as written to `OwnOperation`s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.operation import Expectation, Success
from perfengine.model.requirement import Requirement
from perfengine.model.transaction import Isolation
from perfengine.model.workload import OwnOperation, OwnParameter
from perfengine.spec.meaning.expectations import build_expectation, build_retry
from perfengine.spec.meaning.generators import WrittenGenerator, build_generator
from perfengine.spec.meaning.own_sql import OwnSql
from perfengine.spec.meaning.own_steps import named_steps, read_steps, written_steps
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import MapNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.mistake import Position
    from perfengine.spec.meaning.tables import KnownTables
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.operation_parts import OwnOperationPart

_FORMS: Final = ("sql", "transaction", "function")


def build_operation(
    name: str, part: OwnOperationPart, position: Position, tables: KnownTables, mistakes: Mistakes
) -> OwnOperation:
    """Return the operation as far as it can be read; what is wrong with it is noted."""
    return _Builder(name, part, position, tables, mistakes).operation()


class _Builder:
    """One operation."""

    def __init__(
        self, name: str, part: OwnOperationPart, position: Position, tables: KnownTables, mistakes: Mistakes
    ) -> None:
        self._name = name
        self._part = part
        self._position = position
        self._tables = tables
        self._mistakes = mistakes
        self._sql = OwnSql(self._declared(), named_steps(written_steps(part), mistakes), tables, mistakes)

    def operation(self) -> OwnOperation:
        """Return the operation."""
        part, transaction = self._part, self._part.transaction
        self._check_form()
        steps = tuple(read_steps(part, self._sql, self._mistakes))
        self._check_use()
        retry = transaction.retry if transaction and transaction.retry else part.retry
        isolation = transaction.isolation if transaction else None
        return OwnOperation(
            name=self._name,
            position=self._position,
            steps=steps,
            explicit=transaction is not None,
            function=part.function,
            kind=part.kind,
            parameters=tuple(self._parameters()),
            isolation=Isolation(isolation.upper().replace("_", " ")) if isolation else None,
            retry=build_retry(retry),
            read_only=bool(part.read_only or (transaction and transaction.read_only)),
            expectation=self._expectation(),
            requirements=tuple(self._requirements()),
            iterations=part.iterations,
            weight=None if part.weight is None else float(part.weight),
        )

    def _declared(self) -> MapNode:
        """Return the parameters as written, wrong ones included."""
        params = self._part.node.origin.get("params")
        return params if isinstance(params, MapNode) else MapNode(self._position)

    def _check_form(self) -> None:
        node = self._part.node.origin
        written = [key for key in _FORMS if key in node]
        if len(written) > 1:
            message = f"an operation is one of {', '.join(_FORMS)}: found {' and '.join(written)}"
            self._mistakes.add(node.keys_at[written[1]], message)
        elif not written and all(self._part.accepts(key) for key in node) and len(node):
            message = f"operation {quoted(self._name)} does nothing: give it one of"
            self._mistakes.add(self._position, message, allowed=_FORMS)
        transaction = self._part.transaction
        if transaction is not None and transaction.retry is not None and self._part.retry is not None:
            message = "retry: the transaction says it too: keep one of them"
            self._mistakes.add(self._part.node.keys_at["retry"], message)

    def _parameters(self) -> Iterator[OwnParameter]:
        declared = self._declared()
        for name, part in (self._part.params or {}).items():
            generator = build_generator(
                WrittenGenerator(
                    part=part,
                    position=declared.values_at[name],
                    tables=self._tables,
                    mistakes=self._mistakes,
                )
            )
            if generator is not None:
                yield OwnParameter(name=name, generator=generator, position=declared.keys_at[name])

    def _check_use(self) -> None:
        """Note parameters that no statement uses; a function gets all of them."""
        part = self._part
        unread = {"sql", "transaction"} & set(part.node.origin) - {
            key for key in _FORMS if getattr(part, key)
        }
        if "function" in part.node.origin or unread or not self._sql.is_whole:
            return
        declared = self._declared()
        for name in part.params or {}:
            if name not in self._sql.used:
                message = f"parameter {quoted(name)} is not used: write :{name} in the SQL, or remove it"
                self._mistakes.add(declared.keys_at[name], message)

    def _expectation(self) -> Expectation | None:
        part = self._part
        said = build_expectation(part.expect, self._mistakes)
        return Expectation(success=Success.ACCEPTED) if said is None and part.function else said

    def _requirements(self) -> Iterator[Requirement]:
        limits = self._part.requirements
        if limits is None:
            return
        for word, metric, limit in limits.limits():
            yield Requirement(
                subject=self._name,
                metric=metric,
                limit=limit,
                source="workload",
                position=limits.place(word),
                internal=True,
            )
