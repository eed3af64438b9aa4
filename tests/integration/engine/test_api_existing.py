"""`perfengine.run` on existing tables, and with pgbench scripts: what the command line can, and nothing is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest

import perfengine
from tests.integration.engine.existing import PLAIN
from tests.integration.engine.test_existing import AUDIT, SWEEP, of_others, with_own
from tests.seed import order_document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

FEW: dict[str, Any] = {"target": "existing", "concurrency": 3, "iterations": 20, "data_size": 50}

SEEN: list[int] = []


@perfengine.operation(read_only=True)
async def look(client: perfengine.Client) -> None:
    """Read rows of others; what it appends shows that it ran in this process."""
    SEEN.append(await client.fetchval('SELECT count(*) FROM public."order"'))


@perfengine.operation(read_only=True)
async def lie(client: perfengine.Client) -> None:
    """Write, and say that it reads."""
    await client.execute('UPDATE public."order" SET total_amount = 1')


async def change(client: perfengine.Client) -> None:
    """Write, and say nothing."""
    await client.execute('UPDATE public."order" SET total_amount = 1')


async def make(client: perfengine.Client) -> None:
    """Leave a table."""
    await client.execute("CREATE TABLE public.left_behind (a int)")


@pytest.fixture
def order(tmp_path: Path) -> Path:
    """Return the document of the order."""
    path = tmp_path / "order.yaml"
    path.write_text(order_document())
    return path


def outcomes(result: perfengine.RunResult) -> dict[str, tuple[int, int]]:
    """Return what became of attempts by operation: ok, and not."""
    return {one.operation.name: (one.ok, one.attempts - one.ok) for one in result.operations}


def test_rows_of_others_are_as_they_were(order: Path, inhabited: str, onlooker: Onlooker) -> None:
    """All kinds of writes, beside rows of others."""
    before = onlooker.everything()
    result = perfengine.run(scenario=order, schema="public", filters=PLAIN, dsn=inhabited, **FEW)
    assert outcomes(result) == dict.fromkeys(PLAIN, (20, 0))
    assert onlooker.everything() == before
    assert onlooker.sessions() == 0


def test_functions_that_read(order: Path, inhabited: str, onlooker: Onlooker) -> None:
    """Beside the documents, in this process; whoever writes all the same is refused by the server."""
    SEEN.clear()
    before = onlooker.everything()
    result = perfengine.run(look, lie, scenario=order, read_only=True, dsn=inhabited, **FEW)
    assert result.in_process
    found = outcomes(result)
    assert (found["look"], found["lie"], found["order_query"]) == ((20, 0), (0, 20), (20, 0))
    assert "order_create" not in found
    assert set(SEEN) == {20}
    assert onlooker.everything() == before
    assert onlooker.sessions() == 0


def test_functions_alone(inhabited: str, onlooker: Onlooker) -> None:
    """Without a document, on an event loop that runs already; also where not everything has to read only."""
    before = onlooker.everything()

    async def main() -> list[perfengine.RunResult]:
        asked = {"dsn": inhabited, **FEW}
        return [await perfengine.run_async(look, read_only=read_only, **asked) for read_only in (True, False)]

    assert [outcomes(result) for result in anyio.run(main)] == [{"look": (20, 0)}] * 2
    assert onlooker.everything() == before


def test_a_function_that_does_not_say_that_it_reads(inhabited: str, onlooker: Onlooker) -> None:
    """Is not run: which rows it changes nobody can know."""
    before = onlooker.everything()
    for rollback in (False, True):
        with pytest.raises(perfengine.PlanError, match=r"change is written in Python.*read_only=True"):
            perfengine.run(change, rollback=rollback, dsn=inhabited, **FEW)
    with pytest.raises(perfengine.UsageError, match=r"nothing to run:.*\n.*change"):
        perfengine.run(change, read_only=True, dsn=inhabited, **FEW)
    assert onlooker.everything() == before


def test_a_function_that_sets_up_is_refused_where_nothing_may_stay(
    inhabited: str, onlooker: Onlooker
) -> None:
    """It would have been passed over by a run that reads, and left its table behind in one that rolls back."""
    before = onlooker.everything()
    asked: dict[str, Any] = {"setup": make, "dsn": inhabited, **FEW}
    with pytest.raises(perfengine.PlanError, match=r"in Python \(make\).*: not with --read-only"):
        perfengine.run(look, **asked, read_only=True)
    with pytest.raises(perfengine.PlanError, match=r"in Python \(make\).*: not with --rollback"):
        perfengine.run(look, **asked, rollback=True)
    assert onlooker.everything() == before


def test_everything_is_rolled_back(order: Path, inhabited: str, onlooker: Onlooker) -> None:
    """Also a statement of the author's own that would change rows of everybody."""
    before = onlooker.everything()
    order.write_text(with_own(SWEEP))
    operations = (*PLAIN, "sweep")
    result = perfengine.run(scenario=order, rollback=True, filters=operations, dsn=inhabited, **FEW)
    assert outcomes(result) == dict.fromkeys(operations, (20, 0))
    assert any(note.startswith("every attempt that writes was rolled back") for note in result.notes)
    assert onlooker.everything() == before


def test_what_stays_elsewhere_needs_leave(order: Path, inhabited: str, onlooker: Onlooker) -> None:
    """As on the command line."""
    onlooker.execute(AUDIT)
    before = of_others(onlooker)
    asked: dict[str, Any] = {"scenario": order, "filters": "order_create", "dsn": inhabited, **FEW}
    with pytest.raises(perfengine.SafetyError, match=r"order_create also writes audit\.log"):
        perfengine.run(**asked)
    result = perfengine.run(**asked, allow_writes_elsewhere=True)
    assert outcomes(result) == {"order_create": (20, 0)}
    assert "what is written there stays" in "\n".join(result.notes)
    assert of_others(onlooker) == before


def test_pgbench_scripts(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """A file and a built-in one as a mix by weight; their tables are in the sandbox, and go with it."""
    script = tmp_path / "visit.sql"
    script.write_text(
        "\\set aid random(1, :most)\n"
        "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :aid;\n"
        'SELECT count(*) FROM public."order";\n'
    )
    before = onlooker.everything()
    result = perfengine.run(
        scenario=f"{script}@3",
        builtins="select-only@1",
        format="pgbench",
        definitions={"most": 1000},
        concurrency=2,
        iterations=40,
        warmup="10ms",
        dsn=inhabited,
    )
    assert outcomes(result) == {"visit": (30, 0), "select-only": (10, 0)}
    assert not result.in_process
    assert onlooker.everything() == before
    assert onlooker.sessions() == 0


def test_pgbench_scripts_are_not_for_existing_tables(inhabited: str) -> None:
    """Nobody knows which rows a script leaves behind."""
    with pytest.raises(perfengine.UsageError, match="pgbench scripts run in the sandbox"):
        perfengine.run(builtins="tpcb-like", dsn=inhabited, **FEW)
