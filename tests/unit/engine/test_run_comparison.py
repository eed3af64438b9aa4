"""A run against a baseline: what of the baseline is asked, and repeats as runs of one session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest
from perfengine.engine.result_files import read_baseline_file
from perfengine.engine.run_comparison import baseline_for_run, with_comparison
from perfengine.errors import UsageError
from perfengine.model.comparison import Answer, Presence
from perfengine.model.repeats import Repeat
from perfengine.model.requirement import Metric
from perfengine.model.settings import LoadSettings
from tests.builders import make_operation, make_result, make_summary
from tests.stored_documents import FINGERPRINT, latencies, result_text, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfengine.engine.planning import PlannedRun
    from perfengine.model.comparison import MetricComparison
    from perfengine.model.result import RunResult

NAME = "parcel_query"


@pytest.fixture
def planned(tmp_path: Path) -> PlannedRun:
    """Return a plan of one operation out of several."""
    path = tmp_path / "parcel.yaml"
    path.write_text("name: parcel\nfields:\n  id: uuid\n  weight: decimal\n")
    return plan_run(RunRequest(paths=(path,), load=LoadSettings(filters=(NAME,))))


def ran(*means_ms: float, bad: int = 0) -> RunResult:
    """Return the result of a load that was done as often, with such means; and of repeats without an ok attempt."""
    repeats: list[list[int]] = [*map(latencies, means_ms), *([] for _ in range(bad))]
    summaries = [make_summary(values, operation=make_operation(NAME)) for values in repeats]
    whole = make_summary([each for values in repeats for each in values], operation=make_operation(NAME))
    result = replace(make_result([whole]), fingerprints={NAME: FINGERPRINT}, repeats=len(summaries))
    if len(summaries) == 1:
        return result
    return replace(result, by_repeat=tuple(Repeat(operations=(one,), series=()) for one in summaries))


def mean_of(result: RunResult, planned: PlannedRun, tmp_path: Path, baseline: str) -> MetricComparison:
    """Return what came of the mean of the operation."""
    write(tmp_path, base=baseline)
    compared = with_comparison(result, planned, read_baseline_file(tmp_path / "base.json"), None).comparison
    assert compared
    (operation,) = compared.operations
    return next(row for row in operation.metrics if row.metric is Metric.MEAN)


@pytest.mark.parametrize(
    ("means", "labels"),
    [((2.0,), ["run {id}"]), ((2.0, 2.1), ["run {id}, repeat 1", "run {id}, repeat 2"])],
)
def test_repeats_are_runs_of_one_session(
    planned: PlannedRun, tmp_path: Path, means: Sequence[float], labels: Sequence[str]
) -> None:
    """Each is one, and none is lost in a single one with the attempts of all."""
    result = ran(*means)
    write(tmp_path, base=result_text({NAME: latencies(2)}, run=7))
    compared = with_comparison(result, planned, read_baseline_file(tmp_path / "base.json"), None).comparison
    assert compared
    assert list(compared.after) == [label.format(id=result.run_id) for label in labels]


def test_repeats_show_how_runs_differ(planned: PlannedRun, tmp_path: Path) -> None:
    """Five repeats that agree are compared by their own spread; with three that do not, nothing can be told."""
    base = result_text({NAME: latencies(2)}, run=7)
    slower = mean_of(ran(3.0, 3.01, 2.99, 3.0, 3.02), planned, tmp_path, base)
    assert (slower.answer, slower.evidence, slower.fails) == (Answer.CHANGE, (1, 5), True)
    torn = mean_of(ran(2.0, 3.0, 4.0), planned, tmp_path, base)
    assert (torn.answer, torn.evidence) == (Answer.INCONCLUSIVE, (1, 3))
    assert slower.after == pytest.approx(3e6, rel=0.01)


def test_a_repeat_without_an_answer(planned: PlannedRun, tmp_path: Path) -> None:
    """It shows no latency, and is no run; the others are compared."""
    row = mean_of(ran(3.0, 3.0, 3.0, bad=1), planned, tmp_path, result_text({NAME: latencies(2)}, run=7))
    assert row.evidence == (1, 3)


def test_nothing_to_compare(planned: PlannedRun, tmp_path: Path) -> None:
    """A run without an ok attempt is left as it is."""
    write(tmp_path, base=result_text({NAME: latencies(2)}))
    result = make_result([make_summary([], operation=make_operation(NAME))])
    assert with_comparison(result, planned, read_baseline_file(tmp_path / "base.json"), None) is result


def test_none_of_what_the_baseline_knows_was_ok(planned: PlannedRun, tmp_path: Path) -> None:
    """Another operation was: what the baseline knows is missing, as it would be beside others that are compared.

    It was "wrong input" after the load: no report was written, and what was measured was lost.
    """
    write(tmp_path, base=result_text({NAME: latencies(2)}, run=7))
    named = {name: make_operation(name) for name in (NAME, "parcel_create")}
    summaries = [
        make_summary([], operation=named[NAME]),
        make_summary(latencies(2), operation=named["parcel_create"]),
    ]
    result = replace(make_result(summaries), fingerprints=dict.fromkeys(named, FINGERPRINT))
    compared = with_comparison(result, planned, read_baseline_file(tmp_path / "base.json"), None).comparison
    assert compared
    presences = {operation.name: operation.presence for operation in compared.operations}
    assert presences == {NAME: Presence.MISSING, "parcel_create": Presence.NEW}
    assert compared.fails


def test_a_baseline_of_another_scenario(planned: PlannedRun, tmp_path: Path) -> None:
    """It is refused before the load."""
    write(tmp_path, base=result_text({"order_query": latencies(2)}))
    with pytest.raises(UsageError, match="have no operation in common"):
        baseline_for_run(tmp_path / "base.json", planned)
