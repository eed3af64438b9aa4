"""The Python file of one entity: perfengine's API as a script and as tests, laid out as ruff lays it out."""

from __future__ import annotations

from glob import escape
from typing import TYPE_CHECKING, Final

from perfengine.generate.names import file_stem, identifier, one_line
from perfengine.generate.seal import seal_line, sealed
from perfengine.model.generated import GeneratedFile
from perfengine.model.operation import Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.generated import GenerateInput

_WHAT: Final = {
    Group.STATE_MACHINE: "Transitions, one row at a time and in bulk, and queries by state.",
    Group.VALIDATION: "Rows that the rules accept, and rows that they refuse.",
    Group.CRUD: "Rows created, read and changed, one at a time and in bulk.",
    Group.OWN: "The operations that the author wrote.",
}

_HEAD: Final = '''\
# Made by perfengine {version} from {paths}
# (sha256 {sha256}).
# `{command}` makes it anew, and asks first where somebody has edited it.
{seal}
"""How fast {entity} is: what its documents describe, sent by perfengine.

    python {name}    prints figures, and what does not hold
    pytest {name}    a test for each pattern

The server is the one that DATABASE_URL names; without it a private PostgreSQL is
started. perfengine works in a schema of its own, and drops it afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path

import perfengine

#: As seen from the directory of this file.
DOCUMENTS = {documents}
#: Attempts of each operation, and clients at the same time. None: as the documents say.
ITERATIONS: int | None = {iterations}
CONCURRENCY: int | None = None
#: Rows of the main table. None: the first data set of the documents.
DATA_SIZE: int | None = {data_size}
#: The database that may be loaded although it is not on this machine.
ALLOW_TARGET: str | None = None
#: Globs over the full names of operations.
EXCLUDES: list[str] = {excludes}
'''

_BODY: Final = '''

def measure(filters: list[str]) -> perfengine.RunResult:
    """Load a database with the operations that match, and print how long they took."""
    here = Path(__file__).parent
    result = perfengine.run(
        scenario=[here / document for document in DOCUMENTS],
        mode="benchmark",
        filters=filters,
        excludes=EXCLUDES,
        iterations=ITERATIONS,
        concurrency=CONCURRENCY,
        data_size=DATA_SIZE,
        allow_target=ALLOW_TARGET,
    )
    for run in result.operations:
        if run.latency is not None:
            mean_s = run.latency.mean / 1e9
            p95_s = run.latency.percentiles[95.0] / 1e9
            print(f"{run.operation.name}: {mean_s:.6f}s average, {p95_s:.6f}s p95")
    return result


def problems(result: perfengine.RunResult) -> list[str]:
    """Return what went wrong: operations that never worked, limits that do not hold."""
    found = [f"{run.operation.name}: no attempt was ok" for run in result.unanswered]
    for judged in result.judgements:
        if judged.verdict is perfengine.Verdict.FAIL:
            what = judged.operation or "the run"
            found.append(f"{what}: {judged.metric} violates its limit")
    if result.incomplete is not None:
        found.append(f"the run ended early: {result.incomplete}")
    return found
'''

_TEST: Final = '''

def {function}() -> None:
    """{what}"""
    assert not problems(measure({filters}))
'''

_TAIL: Final = '''

def main() -> int:
    """Measure everything; return 1 where something does not hold."""
    try:
        found = problems(measure({filters}))
    except perfengine.PerfengineError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
'''


def python_file(given: GenerateInput, entity: str) -> GeneratedFile:
    """Return the script and tests of an entity."""
    name = f"{file_stem(entity)}_benchmark.py"
    operations = [item.operation for item in given.plan.operations if item.operation.entity == entity]
    groups = list(dict.fromkeys(operation.group for operation in operations))
    parts = [
        _head(given, entity, name),
        *_filters(entity, groups),
        _BODY,
        *(_test(entity, group) for group in groups),
        _TAIL.format(filters=" + ".join(map(_constant, groups))),
    ]
    return GeneratedFile(name=name, text=sealed("".join(parts)))


def quoted(text: str) -> str:
    """Return a string as ruff writes it: in double quotes unless single ones need fewer escapes."""
    body = "".join(_escaped(sign) for sign in text)
    if text.count('"') > text.count("'"):
        return "'" + body.replace("'", "\\'") + "'"
    return '"' + body.replace('"', '\\"') + '"'


def _escaped(sign: str) -> str:
    if sign == "\\":
        return "\\\\"
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()


def _head(given: GenerateInput, entity: str, name: str) -> str:
    origin = given.origin
    return _HEAD.format(
        version=origin.version,
        paths=one_line(", ".join(origin.paths)),
        sha256=origin.sha256,
        command=one_line(origin.command),
        seal=seal_line("#"),
        entity=one_line(entity).replace("\\", "\\\\").replace('"', '\\"'),
        name=name,
        documents=_list(origin.paths),
        excludes=_list(given.excludes),
        iterations=given.iterations,
        data_size=given.data_size,
    )


def _constant(group: Group) -> str:
    """Return what the file calls the filters of a group: `STATE_MACHINE`."""
    return group.upper()


def _filters(entity: str, groups: Sequence[Group]) -> Iterator[str]:
    for group in groups:
        yield f"{_constant(group)} = {_list([f'{escape(entity)}.{group}.*'])}\n"


def _list(texts: Sequence[str]) -> str:
    """Return a list with a line for each text, so that nothing is too long to be laid out."""
    lines = "".join(f"    {quoted(text)},\n" for text in texts)
    return f"[\n{lines}]" if texts else "[]"


def _test(entity: str, group: Group) -> str:
    return _TEST.format(
        function=f"test_{identifier(entity)}_{group}_performance", what=_WHAT[group], filters=_constant(group)
    )
