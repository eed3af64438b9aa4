"""From what was asked for to operations: scripts read, checked together, and settled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.errors import SpecError, UsageError
from perfengine.model.pgbench import ScriptStatement
from perfengine.model.transaction import Retry
from perfengine.model.workload import OwnOperation, SetupStatement
from perfengine.pgbench.arguments import argument_maker
from perfengine.pgbench.asked import builtins_of, constants_of, files_of
from perfengine.pgbench.builtin import TABLES, tables_sql
from perfengine.pgbench.check import mistakes_of
from perfengine.pgbench.constants import AUTOMATIC, SCALE
from perfengine.pgbench.parse import parse_script
from perfengine.pgbench.settle import settle_scripts
from perfengine.pgbench.statements import bound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfengine.model.mistake import Mistake
    from perfengine.model.pgbench import PgbenchScript, Value
    from perfengine.pgbench.asked import AskedScripts, NamedScript
    from perfengine.pgbench.parse import ParsedScript
    from perfengine.pgbench.source import Source

_TABLE: Final = re.compile(rf"\b({'|'.join(TABLES)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PgbenchWorkload:
    """Scripts as operations, and what has to be there before them."""

    operations: tuple[OwnOperation, ...] = ()
    setup: tuple[SetupStatement, ...] = ()
    notes: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()  #: of the scripts, as they were read


def read_scripts(asked: AskedScripts) -> PgbenchWorkload:
    """Return the scripts as operations.

    Raises: UsageError for words of the command line that are wrong, or files that cannot be read, SpecError with
    every mistake of every script.
    """
    if not asked.any:
        return PgbenchWorkload()
    wrong: list[str] = []
    constants = constants_of(asked, wrong)
    named = [*files_of(asked.files, wrong), *builtins_of(asked.builtins, wrong)]
    if not wrong and not any(one.weight for one in named):
        wrong.append("every script weighs 0: one of them has to run")
    if wrong:
        raise UsageError("\n".join(wrong))
    parsed = [parse_script(one.source) for one in named]
    mistakes = [mistake for one in parsed for mistake in one.mistakes]
    mistakes += mistakes_of(parsed, {*constants, *AUTOMATIC})
    if mistakes:
        raise SpecError(_in_order(mistakes, [one.source.path for one in named]))
    return _workload(asked, named, parsed, constants)


def _in_order(mistakes: Iterable[Mistake], paths: Sequence[str]) -> tuple[Mistake, ...]:
    at = {path: n for n, path in reversed(list(enumerate(paths)))}
    ordered = sorted(
        mistakes, key=lambda one: (at[one.position.path], one.position.line, one.position.column)
    )
    return tuple(dict.fromkeys(ordered))


def _workload(
    asked: AskedScripts,
    named: Sequence[NamedScript],
    parsed: Sequence[ParsedScript],
    constants: dict[str, Value],
) -> PgbenchWorkload:
    retry = Retry(max_retries=asked.max_tries - 1)
    settled = settle_scripts([one.commands for one in parsed], constants, retry)
    names = _apart([one.name for one in named])
    operations = [
        _operation(name, one, of, script)
        for name, one, of, script in zip(names, named, parsed, settled, strict=True)
        if one.weight
    ]
    needs_tables = any(_TABLE.search(piece.text) for one in parsed for piece in one.pieces)
    reads_scale = any(read.name == SCALE for one in parsed for read in one.reads)
    return PgbenchWorkload(
        operations=tuple(operations),
        setup=tuple(_tables(constants, named[0].source)) if needs_tables else (),
        notes=tuple(_notes(asked, named, is_scaled=needs_tables or reads_scale)),
        paths=tuple(one.source.path for one in named if one.is_file),
        texts=tuple(one.source.text for one in named),
    )


def _tables(constants: Mapping[str, Value], source: Source) -> Iterator[SetupStatement]:
    """Yield what makes the tables of pgbench at the scale that is asked for, or 1."""
    scale = constants.get(SCALE)
    for sql in tables_sql(scale if type(scale) is int else 1):
        yield SetupStatement(position=source.position(0), sql=sql)


def _operation(name: str, one: NamedScript, parsed: ParsedScript, script: PgbenchScript) -> OwnOperation:
    if not script.commands:
        argument_maker(script, name, 0)(0)  # a \set that cannot be computed is said before the load
    statements = tuple(
        ScriptStatement(
            sql=bound(piece.text)[0],
            written=piece.text,
            path=parsed.source.path,
            script=parsed.source.text,
            start=piece.start,
        )
        for piece in parsed.pieces
    )
    return OwnOperation(
        name=name,
        position=one.source.position(0),
        pgbench=script,
        written=statements,
        weight=float(one.weight),
    )


def _apart(names: Sequence[str]) -> list[str]:
    """Return the names, those that come again with a number."""
    seen: set[str] = set()
    apart = []
    for name in names:
        number, one = 1, name
        while one in seen:
            number += 1
            one = f"{name}_{number}"
        seen.add(one)
        apart.append(one)
    return apart


def _notes(asked: AskedScripts, named: Sequence[NamedScript], *, is_scaled: bool) -> Iterator[str]:
    for one in named:
        if not one.weight:
            yield f"{one.source.path} weighs 0: it does not run"
    if asked.scale is not None and not is_scaled:
        yield f"--scale {asked.scale}: no script names a pgbench table or :scale"
