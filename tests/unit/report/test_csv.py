"""Tables of operations and of seconds: all figures, read back as they were, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.report.csv_text import harmless, render_table
from perfengine.report.series_csv import render_series_csv
from perfengine.report.summary_csv import render_summary_csv
from tests.load_results import SERIES, make_mix_run, make_open_run
from tests.results import make_guide_run, make_troubled_run
from tests.stored_results import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult
    from tests.conftest import Golden

_CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)


def read(table: bytes) -> list[dict[str, str]]:
    """Return the rows of a table by the names in its head."""
    return list(csv.DictReader(StringIO(table.decode(), newline="")))


def test_golden(golden: Golden) -> None:
    """What stands where."""
    golden("report/troubled.csv", render_summary_csv(make_troubled_run()).decode())
    golden("report/mix.series.csv", render_series_csv(make_mix_run()).decode())


def test_half_a_character_ends_no_report() -> None:
    """JSON may have one, and UTF-8 has none: `perfengine report` of such a result ended with a traceback."""
    result = replace(make_mix_run(), run_id="a\ud800")
    for render in (render_summary_csv, render_series_csv):
        assert {row["run_id"] for row in read(render(result))} == {"a?"}


@pytest.mark.parametrize("make", SAMPLES)
def test_every_operation_has_a_row_with_its_figures(make: Callable[[], RunResult]) -> None:
    """As exact as the result's."""
    result = make()
    rows = read(render_summary_csv(result))
    assert [row["operation"] for row in rows] == [run.operation.name for run in result.operations]
    for row, run in zip(rows, result.operations, strict=True):
        assert int(row["attempts"]) == run.attempts
        assert int(row["ok"]) == run.ok == int(row["response_samples"])
        if run.latency:
            assert float(row["response_mean_s"]) == run.latency.mean / 1e9
            assert float(row["response_p999_s"]) == run.latency.percentiles[99.9] / 1e9
        else:
            assert row["response_mean_s"] == ""


def test_the_parts_of_the_response_stand_beside_it() -> None:
    """With their own samples."""
    row = read(render_summary_csv(make_open_run()))[1]
    assert float(row["lateness_p99_s"]) > float(row["service_median_s"])


def test_the_verdict_is_the_worst_of_the_operation() -> None:
    """Empty where nothing was asked of it."""
    rows = read(render_summary_csv(make_troubled_run()))
    assert "FAIL" in {row["verdict"] for row in rows}
    assert {row["verdict"] for row in read(render_summary_csv(replace(make_guide_run(), judgements=())))} == {
        ""
    }


def test_series_have_a_row_a_second_and_a_column_a_metric() -> None:
    """What a subject has not is empty."""
    rows = read(render_series_csv(make_mix_run()))
    assert len(rows) == sum(len(series.times_s) for series in SERIES)
    operation, _, server, _ = rows
    assert (operation["subject"], operation["time_s"], operation["ok"]) == (
        "order_status_query",
        "1.0",
        "750",
    )
    assert (operation["cpu_usage"], server["ok"]) == ("", "")
    assert float(server["cpu_usage"]) == 0.8


def test_a_run_without_series_has_a_head() -> None:
    """And nothing else."""
    assert render_series_csv(replace(make_guide_run(), series=())) == b"run_id,about,subject,phase,time_s\r\n"


@given(st.lists(st.tuples(_CELLS, _CELLS), max_size=5))
def test_a_table_is_read_back_as_it_was_written(rows: list[tuple[str | float | None, ...]]) -> None:
    """Every cell is a text that begins like no formula, or a number with all its digits."""
    table = list(csv.reader(StringIO(render_table(("a", "b"), rows).decode(), newline="")))
    assert table[0] == ["a", "b"]
    for row, found in zip(rows, table[1:], strict=True):
        for cell, text in zip(row, found, strict=True):
            if isinstance(cell, bool):
                assert text == str(cell).lower()
            elif isinstance(cell, int | float):
                assert type(cell)(text) == cell
            elif isinstance(cell, str):
                assert text == harmless(cell)
                assert text.removeprefix("'") == cell.removeprefix("'")
            else:
                assert text == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "\x00=1"])
def test_what_a_spreadsheet_would_compute_is_text(text: str) -> None:
    """An apostrophe stands in front of it."""
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["order_create", "a=b", "", " =1", "'=1"])
def test_other_text_is_left_alone(text: str) -> None:
    """Also what has the signs further on."""
    assert harmless(text) == text


def test_a_hostile_name_does_no_harm() -> None:
    """The name of an operation comes from a file that somebody sent."""
    result = make_guide_run()
    first = result.operations[0]
    hostile = replace(first, operation=replace(first.operation, name='=cmd|"/c calc"!A1,\r\n2'))
    row = read(render_summary_csv(replace(result, operations=(hostile,))))[0]
    assert row["operation"] == '\'=cmd|"/c calc"!A1,\r\n2'
