"""What may be asked of existing tables, before anybody looks at them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.custom.code import code_of_callables
from perfengine.engine.existing.asked import is_for_existing, require_no_hooks
from perfengine.engine.planning import PlannedRun
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.errors import PlanError, UsageError
from perfengine.model.existing_plan import ExistingPlan
from perfengine.model.settings import LoadSettings
from tests.entities import make_order, make_scenario

if TYPE_CHECKING:
    from pathlib import Path

    import perfengine
    from perfengine.model.scenario import Scenario

SCENARIO = make_scenario(make_order())
FOR_EXISTING = replace(SCENARIO, workload=replace(SCENARIO.workload, existing=True))


def test_a_command_line_hears_all_at_once() -> None:
    """By the names of its options."""
    target = TargetRequest(existing=False, schema="app", read_only=True)
    with pytest.raises(UsageError) as caught:
        is_for_existing(RunRequest(target=target, load=LoadSettings(rollback=True)), SCENARIO)
    only = "is for existing tables: say --target existing, or target: existing in the workload"
    assert str(caught.value).splitlines() == [
        f"--schema {only}",
        f"--read-only {only}",
        f"--rollback {only}",
        "--read-only and --rollback: with --read-only there is nothing to roll back; give one of them",
    ]


@pytest.mark.parametrize(("existing", "scenario"), [(True, SCENARIO), (None, FOR_EXISTING)])
def test_what_may_be_asked_of_existing_tables(existing: bool | None, scenario: Scenario) -> None:
    """One of the two; also where the documents say what the target is."""
    read_only = TargetRequest(existing=existing, schema="app", read_only=True)
    assert is_for_existing(RunRequest(target=read_only), scenario)
    rollback = LoadSettings(rollback=True)
    assert is_for_existing(RunRequest(target=TargetRequest(existing=existing), load=rollback), scenario)
    with pytest.raises(UsageError, match="--read-only and --rollback"):
        is_for_existing(RunRequest(target=read_only, load=rollback), scenario)


def test_the_request_goes_before_the_workload() -> None:
    """Where nobody says anything it is a sandbox, and what is for existing tables alone is refused there, too."""
    assert not is_for_existing(RunRequest(target=TargetRequest(existing=False)), FOR_EXISTING)
    assert not is_for_existing(RunRequest(), SCENARIO)
    with pytest.raises(UsageError, match="--rollback is for existing tables"):
        is_for_existing(RunRequest(load=LoadSettings(rollback=True)), SCENARIO)


async def look(client: perfengine.Client) -> None:
    """Look."""
    await client.fetchval("SELECT 1")


async def make(client: perfengine.Client) -> None:
    """Make a table."""
    await client.execute("CREATE TABLE made (a int)")


def planned(existing: ExistingPlan | None) -> PlannedRun:
    """Return what was planned for tables of that kind, None for a sandbox."""
    scenario = make_scenario(make_order())
    plan = replace(compile_scenario(scenario, LoadSettings()), existing=existing)
    return PlannedRun(scenario=scenario, plan=plan)


FILE = """
import perfengine

@perfengine.operation(read_only=True)
async def look(client):
    await client.fetchval("SELECT 1")

@perfengine.teardown
async def note_the_end(client):
    await client.execute("INSERT INTO note VALUES ('end')")
"""


def test_python_that_sets_up_is_refused_where_nothing_may_stay(tmp_path: Path) -> None:
    """Nobody rolls it back: of this process, and of a file."""
    handed_over = code_of_callables([look], setup=make)
    file = tmp_path / "looking.py"
    file.write_text(FILE)
    for existing, option in (
        (ExistingPlan(uses=(), read_only=True), "--read-only"),
        (ExistingPlan(uses=(), rolled_back=True), "--rollback"),
    ):
        with pytest.raises(PlanError, match=rf"in Python \(make\) may write, .*: not with {option}"):
            require_no_hooks(replace(planned(existing), code=handed_over))
        with pytest.raises(PlanError, match=r"in Python \(note_the_end\)"):
            require_no_hooks(replace(planned(existing), files=(str(file),)))


@pytest.mark.parametrize("existing", [None, ExistingPlan(uses=())])
def test_elsewhere_python_may_set_up(existing: ExistingPlan | None) -> None:
    """In a sandbox it is what it is for; on existing tables it runs as written."""
    require_no_hooks(replace(planned(existing), code=code_of_callables([look], setup=make)))


def test_without_hooks_there_is_nothing_to_say() -> None:
    """Functions that read are what such a run is for."""
    code = code_of_callables([look])
    assert (code.setups, code.teardowns) == ((), ())
    require_no_hooks(replace(planned(ExistingPlan(uses=(), read_only=True)), code=code))
