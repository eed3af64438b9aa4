"""Histograms as a log and as percentile distributions, read and written by HdrHistogram's own port."""

from __future__ import annotations

import math
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.metrics.hdr_codec import decode, encode
from perfengine.model.measurement import LatencyCounts
from perfengine.report.hgrm import distributions, render_hgrm
from perfengine.report.hlog import PARTS, render_hlog, tag_of
from perfengine.report.result_json import render_json
from perfengine.stats.hdr import COUNTERS, HIGHEST_NS, LOWEST_NS, SIGNIFICANT_DIGITS
from perfengine.stored.whole.result import read_whole_document
from tests.load_results import make_open_run
from tests.results import make_guide_run, make_troubled_run
from tests.stored_results import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from perfengine.model.result import RunResult
    from tests.conftest import Golden

_COUNTS = st.dictionaries(st.integers(0, COUNTERS - 1), st.integers(1, 10**6), min_size=1, max_size=40)


def read_log(path: Path) -> dict[str, dict[int, int]]:
    """Return the histograms of a log by tag, as the library's reader finds them."""
    reader = HistogramLogReader(str(path), HdrHistogram(LOWEST_NS, HIGHEST_NS, SIGNIFICANT_DIGITS))
    found = {}
    try:
        while histogram := reader.get_next_interval_histogram():
            counts = np.ctypeslib.as_array(histogram.counts)
            filled = np.flatnonzero(counts)
            found[histogram.get_tag()] = dict(zip(filled.tolist(), counts[filled].tolist(), strict=True))
    finally:
        reader.input_file.close()
    return found


def with_response(counts: Mapping[int, int]) -> RunResult:
    """Return a run of one operation with that histogram."""
    result = make_guide_run()
    run = result.operations[0]
    total = sum(counts.values())
    assert run.latency is not None
    measurement = replace(run.measurement, response=LatencyCounts(counts=counts), attempts=total)
    changed = replace(run, measurement=measurement, ok=total, latency=replace(run.latency, count=total))
    return replace(result, operations=(changed,))


def test_half_a_character_ends_no_log() -> None:
    """JSON may have one, and UTF-8 has none."""
    result = replace(make_guide_run(), run_id="a\ud800")
    assert b", run a?]" in render_hlog(result, encode).splitlines()[0]


@pytest.mark.parametrize("make", SAMPLES)
def test_the_log_has_every_histogram_of_the_json(make: Callable[[], RunResult], tmp_path: Path) -> None:
    """Under the tag of its operation and its part, with identical counters."""
    result = make()
    path = tmp_path / "run.hlog"
    path.write_bytes(render_hlog(result, encode))
    _, stored = read_whole_document(render_json(result, encode).decode(), "result.json", decode)
    expected = {
        tag_of(run.operation.name, part): dict(getattr(run.measurement, part or "response").counts)
        for run in stored.operations
        for part in ("", *PARTS)
    }
    assert read_log(path) == {tag: counts for tag, counts in expected.items() if counts}


@settings(max_examples=25)
@given(_COUNTS)
def test_log_and_json_give_identical_histograms(
    tmp_path_factory: pytest.TempPathFactory, counts: dict[int, int]
) -> None:
    """Whatever was counted."""
    result = with_response(counts)
    path = tmp_path_factory.mktemp("log") / "run.hlog"
    path.write_bytes(render_hlog(result, encode))
    _, stored = read_whole_document(render_json(result, encode).decode(), "result.json", decode)
    name = stored.operations[0].operation.name
    assert read_log(path)[name] == dict(stored.operations[0].measurement.response.counts) == counts


def test_the_log_says_when_and_how_long() -> None:
    """In the words that its readers look for."""
    lines = render_hlog(make_open_run(), encode).decode().splitlines()
    assert lines[1] == "#[Histogram log format version 1.3]"
    assert lines[2].startswith("#[StartTime: ")
    assert lines[3] == '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"'
    tag, start, length, most, _ = lines[4].split(",")
    assert (tag, start, length) == ("Tag=order_status_query", "0.000", "10.000")
    assert float(most) == pytest.approx(2.0, rel=0.001)


def test_a_hostile_name_stays_in_its_tag() -> None:
    """A comma would end the tag, and a line end the line."""
    assert tag_of("a,b c\n#d", "service") == "a_b_c_#d:service"


@settings(max_examples=8)  # the library takes a fifth of a second for each
@given(_COUNTS)
def test_a_distribution_is_that_of_the_library(counts: dict[int, int]) -> None:
    """Line by line; but the library forgets to scale the deviation."""
    histogram = HdrHistogram(LOWEST_NS, HIGHEST_NS, SIGNIFICANT_DIGITS)
    histogram.decode_and_add(encode(LatencyCounts(counts=counts)).encode())
    out = BytesIO()
    histogram.output_percentile_distribution(out, 1e6)
    theirs, ours = out.getvalue().decode().splitlines(), render_hgrm(counts).decode().splitlines()
    differing = [(their, our) for their, our in zip(theirs, ours, strict=True) if their != our]
    assert len(differing) <= 1
    for their, our in differing:
        assert their.split(",")[0] == our.split(",")[0]
        scaled = float(their.rstrip("]").split("=")[-1]) / 1e6
        assert math.isclose(float(our.rstrip("]").split("=")[-1]), scaled, abs_tol=0.001)


def test_golden(golden: Golden) -> None:
    """A small one."""
    golden("report/guide.hgrm", distributions(make_guide_run())["single_order_confirm"].decode())


def test_operations_without_an_answer_have_no_distribution() -> None:
    """The others are named so that a file can be."""
    names = list(distributions(make_troubled_run()))
    assert names == ["single_order_confirm", "bulk_order_confirm", "order_status_query"]
