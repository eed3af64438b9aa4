"""The text report: golden files for whole runs, and what must hold of any."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import pytest

from perfengine.model.load import ClosedLoad, OpenLoad, Spread, Stage, ThinkTime
from perfengine.model.series import Ceiling, Watched
from perfengine.report.text import render_text
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import make_failure, make_operation, make_result, make_summary
from tests.load_results import make_mix_run, make_open_run
from tests.loads import with_load, with_measured, with_parts
from tests.results import (
    make_guide_run,
    make_interrupted_run,
    make_saturated_run,
    make_troubled_run,
    make_two_entities_run,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.load import Load
    from perfengine.model.result import RunResult
    from perfengine.model.summary import OperationSummary
    from tests.conftest import Golden

MS = NS_PER_MS
RUNS = {
    "guide": make_guide_run,
    "troubled": make_troubled_run,
    "saturated": make_saturated_run,
    "interrupted": make_interrupted_run,
    "two_entities": make_two_entities_run,
    "open": make_open_run,
    "mix": make_mix_run,
}
every_run = pytest.mark.parametrize("make_run", RUNS.values(), ids=RUNS.keys())

#: The output that the performance guide promises, line by line.
GUIDE_OUTPUT = """\
Performance Test Results for order
===================================

Test: single_order_confirm
Iterations: 100
Mean: 0.0234s
Median: 0.0218s
Min: 0.0189s
Max: 0.0456s
StdDev: 0.0056s

Test: bulk_order_confirm
Iterations: 10
Mean: 0.4567s
Median: 0.4321s
Min: 0.3987s
Max: 0.5234s
StdDev: 0.0345s

Performance Requirements:
✅ single_order_confirm: 0.0234s < 0.0500s (target)
✅ bulk_order_confirm: 0.4567s < 1.0000s (target)
"""


def test_guide_output_is_there_line_by_line() -> None:
    """The lines of the guide appear verbatim and in its order; ours come between."""
    lines = iter(render_text(make_guide_run()).splitlines())
    missing = [promised for promised in GUIDE_OUTPUT.splitlines() if promised not in lines]
    assert missing == []


@pytest.mark.parametrize("name", RUNS)
def test_golden(name: str, golden: Golden) -> None:
    """The report of a run is what was read and approved."""
    golden(f"report/{name}.txt", render_text(RUNS[name]()))


@pytest.mark.parametrize("name", ["troubled", "two_entities"])
def test_golden_ascii(name: str, golden: Golden) -> None:
    """The report for a stream without signs is what was read and approved."""
    golden(f"report/{name}.ascii.txt", render_text(RUNS[name](), unicode=False))


@every_run
def test_fits_the_terminal(make_run: Callable[[], RunResult]) -> None:
    """No line is wider than 80 columns, wide signs counted as two."""
    for line in render_text(make_run()).splitlines():
        assert sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) <= 80, line


@every_run
def test_ascii_is_ascii(make_run: Callable[[], RunResult]) -> None:
    """Without signs every character is ASCII, and the words stand for them."""
    text = render_text(make_run(), unicode=False)
    assert text.isascii()
    assert ("UNPROVEN " in text) == ("❔ " in render_text(make_run()))


@every_run
def test_verdict_comes_last(make_run: Callable[[], RunResult]) -> None:
    """The last line is the result."""
    assert render_text(make_run()).splitlines()[-1].startswith("RESULT: ")


def test_saturation_is_said_before_the_figures() -> None:
    """That the generator was the bottleneck stands before any figure it spoilt."""
    text = render_text(make_saturated_run())
    assert text.index("was the bottleneck") < text.index("Mean:")


def test_no_figures_without_an_ok_attempt() -> None:
    """An operation that never answered shows counts and causes, and no latency."""
    text = render_text(make_result([make_summary(failures={make_failure(): 7})]))
    assert "Errors: 7 of 7 (100%): error 7\n  7 x 40001 retryable: could not serialize access\n" in text
    assert "No figures: no attempt was ok\n" in text
    for label in ("Mean:", "P95:", "Throughput:", "0.0000s"):
        assert label not in text
    assert text.endswith("No ok attempt: single_order_confirm\nRESULT: RUN FAILED (nothing was asked)\n")


def test_an_entity_without_operations() -> None:
    """An entity of which nothing ran is not passed over."""
    text = render_text(make_result([], entities=("order",)))
    assert "Performance Test Results for order\n" + "=" * 35 + "\n\nNo operation was run.\n" in text


def test_an_operation_of_an_entity_that_is_not_listed() -> None:
    """Every operation that ran is shown."""
    stray = make_summary([1000], operation=make_operation("tidy_up", entity="own"))
    assert "Performance Test Results for own\n" in render_text(make_result([stray], entities=()))


def test_hostile_names() -> None:
    """A name cannot move the cursor, colour the terminal or add a line."""
    hostile = make_summary([1000], operation=make_operation("a\x1b[31m\nRESULT: PASS", entity="e\rx"))
    text = render_text(make_result([hostile], entities=("e\rx",)))
    assert "\x1b" not in text
    assert "\r" not in text
    assert "Test: a?[31m RESULT: PASS\n" in text


def test_only_the_first_failures_are_named() -> None:
    """The three most frequent causes are named, the rest are counted."""
    failures = {make_failure(message=f"cause {n}"): 10 - n for n in range(5)}
    text = render_text(make_result([make_summary([1000], failures=failures)]))
    assert "  8 x 40001 retryable: cause 2\n  13 x of 2 other kinds\n" in text


# --- the load ----------------------------------------------------------------------------------------------------


def lines_of(summary: OperationSummary) -> list[str]:
    """Return the lines of a report on one operation."""
    return render_text(make_result([summary])).splitlines()


@pytest.mark.parametrize(
    ("load", "line"),
    [
        (ClosedLoad(users=50), "Concurrency: 50 (closed model)"),
        (
            ClosedLoad(users=5, think=ThinkTime(spread=Spread.CONSTANT, mean_ns=NS_PER_S // 2)),
            "Concurrency: 5 (closed model, think 500ms)",
        ),
        (
            ClosedLoad(
                users=5,
                think=ThinkTime(spread=Spread.UNIFORM, mean_ns=0, low_ns=NS_PER_S, high_ns=3 * NS_PER_S),
                stages=(Stage(duration_ns=NS_PER_S, target=5.0),),
            ),
            "Concurrency: up to 5 (closed model, think 1s to 3s, 1 stage)",
        ),
        (
            OpenLoad(rate_per_s=12.5, clients=1),
            "Rate: 12.5/s asked, 20.0/s done (open model, constant), 1 client",
        ),
    ],
)
def test_load_line(load: Load, line: str) -> None:
    """Every load has a line that names its model."""
    assert line in lines_of(with_load(make_summary([MS] * 20), load))


def test_an_operation_of_a_mix() -> None:
    """The rate that was asked is that of the mix, the one that was done its own; its weight stands beside."""
    one, other = (
        with_load(
            make_summary([MS] * 20, operation=make_operation(name)),
            OpenLoad(rate_per_s=80.0),
            phase="mix",
            weight=weight,
        )
        for name, weight in (("read", 3.0), ("write", 1.0))
    )
    text = render_text(make_result([one, other]))
    assert "Rate: 80.0/s asked of the mix, 20.0/s done (open model, constant), 50 clients\n" in text
    assert "Mix: weight 3 of 4\n" in text
    assert "Mix: weight 1 of 4\n" in text


def test_parts_are_shown_where_an_attempt_may_wait() -> None:
    """A client with a connection of its own waits for nothing: its service time is its response time."""
    parts = with_parts(
        make_summary([MS] * 20, concurrency=8),
        lateness_ns=[0] * 20,
        pool_wait_ns=[1000] * 20,
        service_ns=[MS] * 20,
    )
    labels = ("Lateness", "Pool wait", "Service")

    def shown(summary: OperationSummary) -> list[str]:
        return [label for label in labels if any(line.startswith(label) for line in lines_of(summary))]

    assert shown(with_load(parts)) == []
    assert shown(with_load(parts, connections=4)) == ["Pool wait", "Service"]
    assert shown(with_load(parts, OpenLoad(rate_per_s=20.0))) == ["Lateness", "Service"]
    assert shown(with_load(parts, OpenLoad(rate_per_s=20.0), connections=4)) == list(labels)


@pytest.mark.parametrize(("service_ms", "said"), [(10, False), (7, False), (6, True)])
def test_queueing(service_ms: int, said: bool) -> None:
    """That attempts waited before the database is said when that was a third of their time."""
    summary = with_parts(make_summary([10 * MS] * 300), service_ns=[service_ms * MS] * 300)
    text = render_text(make_result([with_load(summary, OpenLoad(rate_per_s=300.0))]))
    assert ("Queueing: response p99 is 1.7 times service p99" in text) is said


def test_due_attempts() -> None:
    """In the open model all that was due is accounted for in one line, also when there is nothing to tell."""
    summary = with_load(
        make_summary([MS] * 20, failures={make_failure(): 1}, dropped=2, unfinished=3),
        OpenLoad(rate_per_s=20.0),
    )
    lines = lines_of(summary)
    assert "Due: 26, dropped 2, unfinished 3" in lines
    assert not [line for line in lines if line.startswith(("Dropped", "Unfinished"))]
    calm = with_load(make_summary([MS] * 20), OpenLoad(rate_per_s=20.0))
    assert "Due: 20, dropped 0, unfinished 0" in lines_of(calm)


def test_stages_of_a_calm_load() -> None:
    """Columns in which nothing happened are left out."""
    text = render_text(make_open_run())
    assert "  time       asked    ok  bad  dropped     done      p50      p99\n" in text
    calm = make_open_run().operations[1]
    calm = replace(calm, stages=tuple(replace(stage, bad=0, dropped=0) for stage in calm.stages))
    assert "  time       asked    ok     done      p50      p99" in lines_of(calm)


def test_hostile_words_of_a_load() -> None:
    """What a server or a document says cannot move the cursor either."""
    summary = with_measured(make_summary([MS]), retries={"4\x1b[1": 2}, retried=1)
    watched = Watched(metric="a\x1bb", unit="B", source="server", reason="no\x07\nway")
    text = render_text(replace(make_result([summary]), watched=(watched,)))
    assert "Retries: 2 (1 ok after retries): 2 x 4?[1\n" in text
    assert "- a?b: not measured: no? way\n" in text


def test_what_was_not_watched_says_why() -> None:
    """A metric without figures is never passed over."""
    text = render_text(
        replace(make_result([]), watched=(Watched(metric="wal", unit="B/s", source="server"),))
    )
    assert "Watched:\n- wal: not measured: nothing was seen of it\n" in text


def test_a_machine_that_was_not_used_up() -> None:
    """The ceiling is shown also where the run's share of it is not known."""
    ceiling = Ceiling(rate_per_s=31_234.5, measured_at="2026-11-20T08:00:00Z")
    text = render_text(replace(make_result([]), ceiling=ceiling))
    assert "Generator: this machine's ceiling is 31 234/s a process\n" in text
