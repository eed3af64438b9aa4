"""Files of two real runs, one field of whose ground was changed in the file: what the commands then say.

The work is the same to the letter; how long it takes is a setting of the database that no fingerprint knows of. So
the second run is ten times as slow, and whatever may be compared is a change for the worse: also when the machine
held an attempt of the first run up for a second, one of many.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

import perfengine
from perfengine.cli.app import app
from perfengine.comparison.fingerprint_fields import HARD, INFO, SOFT, class_of
from perfengine.engine.baseline_files import save_baseline
from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest
from perfengine.engine.run_comparison import baseline_for_run, with_comparison
from perfengine.errors import ExitCode
from perfengine.judging.exit_code import exit_code
from perfengine.model.comparison import Answer, Direction
from perfengine.model.fingerprint import FieldClass
from perfengine.model.requirement import Metric
from tests.integration.made import execute, made_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from perfengine.embedded.server import EmbeddedServer
    from perfengine.engine.planning import PlannedRun
    from perfengine.model.comparison import OperationComparison
    from perfengine.model.result import RunResult

NAP = """\
name: parcel
fields:
  id: uuid
workload:
  ops:
    nap:
      sql: SELECT pg_sleep(current_setting('test.pause')::float8)
"""
#: One of each group beside the fields that have a name of their own.
_OF_GROUPS = {
    "rows.*": ("rows.parcel",),
    "schema.*": ("schema.tables", "schema.functions", "schema.values", "schema.setup"),
    "setting.*": (
        "setting.work_mem",
        "setting.TimeZone",
        "setting.max_wal_size",
        "setting.effective_cache_size",
    ),
    "extension.*": ("extension.plpgsql", "extension.pg_stat_statements"),
    "library.*": ("library.asyncpg", "library.numpy", "library.anyio", "library.event_loop"),
}
_EXPANDED = [one for name in (*HARD, *SOFT) for one in _OF_GROUPS.get(name, (name,))]
HARD_FIELDS = [name for name in _EXPANDED if class_of(name) is FieldClass.HARD]
SOFT_FIELDS = [name for name in _EXPANDED if class_of(name) is FieldClass.SOFT]


@dataclass(frozen=True)
class Runs:
    """Both runs as files, and the second one as it ended."""

    fast: Path
    slow: Path
    baseline: dict[str, Any]  #: of the fast one
    ended: RunResult
    planned: PlannedRun

    @property
    def fingerprint(self) -> dict[str, Any]:
        """What the fast run stood on."""
        found: dict[str, Any] = self.baseline["runs"][0]["results"]["nap"]["fingerprint"]
        return found


@pytest.fixture(scope="module")
def runs(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Load a server twice, and put the first run aside."""
    folder = tmp_path_factory.mktemp("runs")
    scenario, fast, slow, saved = (
        folder / name for name in ("nap.yaml", "fast.json", "slow.json", "base.json")
    )
    scenario.write_text(NAP)
    with made_database(server) as dsn:
        _load(dsn, 0.002, scenario, fast, iterations=1500)
        ended = _load(dsn, 0.020, scenario, slow, iterations=120)
        save_baseline([fast], saved)
        planned = plan_run(RunRequest(paths=(scenario,)))
        yield Runs(fast, slow, json.loads(saved.read_text()), ended, planned)


def _load(dsn: str, pause_s: float, scenario: Path, report: Path, *, iterations: int) -> RunResult:
    execute(
        dsn,
        f"DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET test.pause = {pause_s}', current_database()); END$$",
    )
    return perfengine.run(
        scenario=scenario, dsn=dsn, filters=["nap"], iterations=iterations, concurrency=2, reports=report
    )


def changed(value: str | float | None) -> str | float:
    """Return another value of a field."""
    if isinstance(value, int | float):
        return value * 100 + 1
    return "on" if value is None else f"other than {value}"


def mutated(runs: Runs, tmp_path: Path, name: str) -> tuple[Path, Any]:
    """Return the baseline with another value of the field in the file, and that value."""
    document = json.loads(json.dumps(runs.baseline))
    fingerprint = document["runs"][0]["results"]["nap"]["fingerprint"]
    fingerprint[name] = changed(fingerprint[name])
    path = tmp_path / "base.json"
    path.write_text(json.dumps(document))
    return path, fingerprint[name]


def compared(before: Path, after: Path) -> tuple[int, str, dict[str, Any]]:
    """Return the exit code of `compare`, what it prints, and its JSON."""
    runner, words = CliRunner(), ["compare", str(before), str(after)]
    shown = runner.invoke(app, words)
    document = json.loads(runner.invoke(app, [*words, "--json"]).stdout)
    return shown.exit_code, " ".join(shown.stdout.split()), document["operations"]["nap"]


def by_run(runs: Runs, baseline: Path) -> tuple[ExitCode, OperationComparison]:
    """Return the exit code of `run --baseline` and what it says of the operation, for the run that has ended."""
    result = with_comparison(runs.ended, runs.planned, baseline_for_run(baseline, runs.planned), None)
    assert result.comparison
    return exit_code(result), result.comparison.operations[0]


def differing(operation: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the difference in a field."""
    found: dict[str, Any] = next(each for each in operation["differences"] if each["field"] == name)
    return found


def test_there_are_twenty_of_either(runs: Runs) -> None:
    """A real run knows at least twenty hard and twenty soft fields, and every declared one is in its file."""
    known = {name for name, value in runs.fingerprint.items() if value is not None}
    assert len(known & set(HARD_FIELDS)) >= 20
    assert len(known & set(SOFT_FIELDS)) >= 20
    assert {*_EXPANDED, *INFO} <= set(runs.fingerprint)


def test_nothing_changed_in_the_file(runs: Runs) -> None:
    """Two runs of the same work are comparable, and the slower one is found; the round trip may have moved."""
    code, text, operation = compared(runs.fast, runs.slow)
    assert (code, operation["metrics"]["mean"]["verdict"]) == (ExitCode.FAILED, "CHANGE"), text
    weighty = {each["field"] for each in operation["differences"] if each["class"] != "info"}
    assert weighty <= {"target.round_trip"}


@pytest.mark.parametrize("name", HARD_FIELDS)
def test_a_hard_field(runs: Runs, tmp_path: Path, name: str) -> None:
    """NOT COMPARABLE, 4, and the field with both values, by `compare` and by `run --baseline`."""
    if runs.fingerprint[name] is None:
        pytest.skip("this machine does not tell")
    baseline, other = mutated(runs, tmp_path, name)
    code, text, operation = compared(baseline, runs.slow)
    assert code == ExitCode.UNPROVEN
    assert "nap: NOT COMPARABLE" in text
    assert f"- {name} differs: " in text
    assert {row["verdict"] for row in operation["metrics"].values()} == {"NOT COMPARABLE"}
    now = differing(operation, name)
    assert (now["class"], now["before"], now["after"]) == ("hard", other, runs.fingerprint[name])
    code, judged = by_run(runs, baseline)
    assert code is ExitCode.UNPROVEN
    assert {row.answer for row in judged.metrics} == {Answer.NOT_COMPARABLE}
    assert name in [each.name for each in judged.differences if each.field_class is FieldClass.HARD]


@pytest.mark.parametrize("name", SOFT_FIELDS)
def test_a_soft_field(runs: Runs, tmp_path: Path, name: str) -> None:
    """A warning that names the field, and the verdict stands, by `compare` and by `run --baseline`."""
    baseline, other = mutated(runs, tmp_path, name)
    code, text, operation = compared(baseline, runs.slow)
    assert code == ExitCode.FAILED
    assert f"- {name} warning: differs: " in text
    assert (differing(operation, name)["class"], differing(operation, name)["before"]) == ("soft", other)
    assert (operation["metrics"]["mean"]["verdict"], operation["metrics"]["mean"]["direction"]) == (
        "CHANGE",
        "worse",
    )
    code, judged = by_run(runs, baseline)
    mean = next(row for row in judged.metrics if row.metric is Metric.MEAN)
    assert (code, mean.answer, mean.direction) == (ExitCode.FAILED, Answer.CHANGE, Direction.WORSE)
    assert name in [each.name for each in judged.differences if each.field_class is FieldClass.SOFT]


@pytest.mark.parametrize("name", ["cache.regime", "machine.cpu_model", "setting.fsync"])
@pytest.mark.parametrize("unknown", ["null", "left out"])
def test_a_hard_field_that_is_not_known(runs: Runs, tmp_path: Path, name: str, unknown: str) -> None:
    """Of one side nobody knows: a warning, and never the same."""
    document = json.loads(json.dumps(runs.baseline))
    fingerprint = document["runs"][0]["results"]["nap"]["fingerprint"]
    fingerprint[name] = None
    if unknown == "left out":
        del fingerprint[name]
    (tmp_path / "base.json").write_text(json.dumps(document))
    code, text, operation = compared(tmp_path / "base.json", runs.slow)
    assert code == ExitCode.FAILED
    assert f"- {name} warning: differs: unknown, now " in text
    assert differing(operation, name)["before"] is None
