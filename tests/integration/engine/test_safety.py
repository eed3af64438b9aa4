"""A run on a server that others use: whose its sessions are, how long they may take, and when it gives way."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.cleanup import clean_everything
from perfengine.engine.event_loop import run_async
from perfengine.engine.request import TargetRequest
from perfengine.engine.run import run_plan
from perfengine.errors import ExitCode, TargetError
from perfengine.judging.exit_code import exit_code
from perfengine.model.result import Ending
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.integration.engine.looking import SANDBOXES
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import Meddler, Watcher, plan_documents, run_documents, summary_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.plan import PhasePlan
    from tests.integration.engine.looking import Onlooker

#: Notes what every session that comes has set, before it does anything.
NOTING = """
CREATE TABLE public.came (name text, statement_timeout text, lock_timeout text, idle_timeout text);
CREATE FUNCTION public.note() RETURNS event_trigger SECURITY DEFINER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.came SELECT current_setting('application_name'), current_setting('statement_timeout'),
    current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout');
END $$;
CREATE EVENT TRIGGER noting ON login EXECUTE FUNCTION public.note();
"""
CAME = """
SELECT DISTINCT split_part(name, '/', 1) AS whose, length(split_part(name, '/', 2)) AS run,
       split_part(name, '/', 3) AS role, statement_timeout, lock_timeout, idle_timeout
FROM public.came WHERE name <> '' ORDER BY role
"""
QUICK = workload("""\
    session: {lock_timeout: 3s}
    ops:
      one: {sql: SELECT 1}
""")


def test_every_session_says_whose_it_is_and_has_deadlines(inhabited: str, onlooker: Onlooker) -> None:
    """Of the load in every process, of the run itself, of its watch, and of a cleanup; `session:` is for the load."""
    onlooker.execute(NOTING)
    settings = LoadSettings(concurrency=3, processes=2, filters=("one",), iterations=300)
    result = run_documents(inhabited, PARCEL, QUICK, settings=settings)
    assert result.ended is Ending.COMPLETE
    run_async(clean_everything, inhabited, False)
    came = [tuple(row) for row in onlooker.fetch(CAME)]
    assert came == [
        ("perfengine", 8, "cleanup", "30s", "10s", "1min"),
        ("perfengine", 8, "load", "30s", "3s", "1min"),
        ("perfengine", 8, "setup", "1h", "10s", "1min"),
        ("perfengine", 8, "watch", "1s", "10s", "1min"),
    ]
    loads = "SELECT count(*) FROM public.came WHERE name = 'perfengine/' || $1 || '/load'"
    assert onlooker.value(loads, result.run_id) == 3


HOLDING = workload("""\
    mode: mix
    duration: 15s
    warmup: WARMUP
    concurrency: 2
    mix: {hold: 1, look: 49}
    safety: {blocked_others: 500ms}
    ops:
      look: {sql: SELECT pg_sleep(0.01)}
      hold:
        transaction:
          steps:
            - {sql: UPDATE public.customer SET name = name}
            - {sql: SELECT pg_sleep(25)}
""")
#: It sleeps, having written: a session that is at work on this statement may be preparing it.
HELD = (
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(25)%'"
    " AND backend_xid IS NOT NULL AND application_name LIKE 'perfengine/%/load'"
)
THEIRS = "UPDATE public.customer SET name = 'theirs'"


def test_a_run_gives_way_to_those_who_wait_for_its_locks(inhabited: str, onlooker: Onlooker) -> None:
    """Within seconds: the work stops, what holds the lock is ended, others go on; what was measured is reported."""

    def wait_behind_it(_: PhasePlan) -> None:
        onlooker.wait_for(HELD)
        onlooker.execute(THEIRS)

    with Meddler(wait_behind_it) as meddler:
        watcher = Watcher(when={"measure": meddler})
        result = run_documents(inhabited, PARCEL, HOLDING.replace("WARMUP", "0"), watcher=watcher)
    why = result.incomplete or ""
    assert why.startswith("stopped: a session of others waits for locks of this run, the longest for ")
    assert why.endswith("blocked_others is 0.5 s")
    assert result.ended is Ending.FAILED
    assert exit_code(result) is ExitCode.RUN
    look = summary_of(result, "look")
    assert look.ok > 5
    assert look.cut_short == why.removeprefix("stopped: ")
    assert look.measurement.measured_ns < 10 * NS_PER_S
    assert onlooker.value("SELECT count(*) FROM public.customer WHERE name = 'theirs'") == 20
    assert onlooker.fetch(SANDBOXES) == []


def test_it_gives_way_in_its_warm_up_as_well(inhabited: str, onlooker: Onlooker) -> None:
    """Then nothing was measured, and there is no result."""

    def wait_behind_it(_: PhasePlan) -> None:
        onlooker.wait_for(HELD)
        onlooker.execute(THEIRS)

    document = HOLDING.replace("WARMUP", "15s")
    with Meddler(wait_behind_it) as meddler:
        watcher = Watcher(when={"warm-up": meddler})
        with pytest.raises(TargetError, match=r"blocked_others is 0\.5 s"):
            run_documents(inhabited, PARCEL, document, watcher=watcher)
    assert onlooker.value("SELECT count(*) FROM public.customer WHERE name = 'theirs'") == 20
    assert onlooker.fetch(SANDBOXES) == []


@pytest.fixture
def slot(onlooker: Onlooker) -> Iterator[str]:
    """Yield a replication slot from which nobody reads: it keeps all WAL from now on."""
    name = f"perfengine_test_{uuid.uuid4().hex[:8]}"
    onlooker.execute(f"SELECT pg_create_physical_replication_slot('{name}', true)")
    yield name
    onlooker.execute(f"SELECT pg_drop_replication_slot('{name}')")


WRITING = workload("""\
    mode: benchmark
    duration: 60s
    safety: {replication_lag: 8MB}
    setup: [SETUP]
    ops:
      write: {sql: "INSERT INTO text (line) SELECT repeat(md5(n::text), 30) FROM generate_series(1, 200) AS n"}
""")
TABLE = "CREATE TABLE text (line text)"
MUCH = "INSERT INTO text SELECT repeat(md5(n::text), 30) FROM generate_series(1, 5000000) AS n"


@pytest.mark.usefixtures("slot")
def test_a_load_that_a_slot_cannot_follow_is_stopped(inhabited: str, onlooker: Onlooker) -> None:
    """With what was measured until then."""
    document = WRITING.replace("SETUP", TABLE)
    planned = plan_documents(PARCEL, document, settings=LoadSettings(concurrency=2, filters=("write",)))
    database = onlooker.value("SELECT current_database()")
    target = TargetRequest(dsn=inhabited, allow_target=database)
    result = run_async(run_plan, planned, target, Watcher())
    assert (result.incomplete or "").startswith("stopped: a replication slot fell ")
    assert (result.incomplete or "").endswith(" behind: replication_lag is 8 MB")
    assert summary_of(result, "write").ok > 10
    assert exit_code(result) is ExitCode.RUN
    assert onlooker.fetch(SANDBOXES) == []


@pytest.mark.usefixtures("slot")
def test_what_comes_before_the_load_is_stopped_too(inhabited: str, onlooker: Onlooker) -> None:
    """A set-up that would write for minutes is cut off, and the sandbox is gone."""
    planned = plan_documents(PARCEL, WRITING.replace("SETUP", f'{TABLE}, "{MUCH}"'))
    database = onlooker.value("SELECT current_database()")
    target = TargetRequest(dsn=inhabited, allow_target=database)
    with pytest.raises(
        TargetError, match=r"stopped: a replication slot fell .* behind: replication_lag is 8 MB"
    ):
        run_async(run_plan, planned, target, Watcher())
    assert onlooker.fetch(SANDBOXES) == []
