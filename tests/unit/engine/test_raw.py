"""Every attempt one by one: nothing lost, nothing twice, and a file that says what is missing."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.engine.raw import COLUMNS, RawParts, check_raw_path, raw_parts
from perfengine.engine.raw_part import RawPart, part_paths
from perfengine.errors import PerfengineError, UsageError
from perfengine.metrics.recorder import Recorder
from perfengine.model.outcome import Outcome
from perfengine.model.raw import RawRequest
from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_MS
from tests.builders import make_failure

if TYPE_CHECKING:
    from collections.abc import Sequence

REFUSED = make_failure(Outcome.REFUSED, sqlstate="23505", error_class="integrity", message="duplicate")
LARGE = 10**9


def request(tmp_path: Path, limit_bytes: int = LARGE) -> RawRequest:
    """Return what is asked for."""
    return RawRequest(path=tmp_path / "raw.csv.gz", limit_bytes=limit_bytes)


def read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the comments and the rows of a file."""
    lines = gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)
    comments = [line.strip() for line in lines if line.startswith("#")]
    return comments, list(csv.DictReader(line for line in lines if not line.startswith("#")))


def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return instants."""
    return np.array(values, dtype=np.int64)


def fill(parts: RawParts, process: int, of: int, latencies_ns: Sequence[int], bad: int) -> Recorder:
    """Record attempts as a load process does, warm-up and all, and leave its part; return the recorder."""
    recorder, part = Recorder("order_create"), RawPart(parts.share(of), process)
    _attempt(recorder, 5)
    recorder.restart()
    recorder.keep_raw(part)
    for latency_ns in latencies_ns:
        _attempt(recorder, latency_ns)
    recorder.drain()
    for number in range(bad):
        recorder.fail(REFUSED, 1_000 + number, 5_000 + number)
    recorder.drain()
    part.close()
    return recorder


def _attempt(recorder: Recorder, latency_ns: int) -> None:
    recorder.keep_due(1_000)
    recorder.keep_started(1_100)
    recorder.keep_acquired(1_200)
    recorder.keep_done(1_200 + latency_ns)


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 10**9), max_size=20), min_size=1, max_size=3), st.integers(0, 3))
def test_rows_are_the_attempts_that_were_measured(
    tmp_path_factory: pytest.TempPathFactory, processes: list[list[int]], bad: int
) -> None:
    """Of all processes, each with its instants; percentiles are those of the histogram, to its three digits."""
    tmp_path = tmp_path_factory.mktemp("raw")
    with raw_parts(request(tmp_path)) as parts:
        assert parts
        measured = [
            fill(parts, number, len(processes), latencies, bad).take()[0]
            for number, latencies in enumerate(processes)
        ]
        outcome = parts.merge()
    _, rows = read(tmp_path / "raw.csv.gz")
    assert outcome.rows == len(rows) == sum(one.attempts for one in measured)
    for process, (latencies, one) in enumerate(zip(processes, measured, strict=True)):
        own = [row for row in rows if row["process"] == str(process)]
        assert len(own) == one.attempts
        assert sum(row["outcome"] == "refused" for row in own) == bad
        found = sorted(int(row["done_ns"]) - int(row["due_ns"]) for row in own if row["outcome"] == "ok")
        assert found == sorted(latency + 200 for latency in latencies)
        for q in (0.5, 0.99) if found else ():
            exact = found[max(-(-round(q * 10**9) * len(found) // 10**9), 1) - 1]
            shown = percentile(one.response.counts, len(found), q)
            assert exact <= shown <= exact * 1.001 + 1


def test_a_row_has_its_instants_and_what_became_of_it(tmp_path: Path) -> None:
    """Relative to the instant that the first line names; of a failure its class, and when it began is not known."""
    with raw_parts(request(tmp_path)) as parts:
        assert parts
        zero_ns = parts._zero_ns
        part = RawPart(parts.share(1), 0)
        instants = [column(zero_ns + offset) for offset in (5, 6, 7, 30 * NS_PER_MS)]
        part.keep_ok("a,b", *instants)
        part.keep_bad('=x"y', column(zero_ns - 3), column(zero_ns + 4), [REFUSED])
        part.close()
        parts.merge()
    comments, rows = read(tmp_path / "raw.csv.gz")
    assert len(comments) == 1
    assert comments[0].startswith("# perfengine raw attempts; 0 ns is 20")
    ok, bad = rows
    assert tuple(ok) == COLUMNS
    assert list(ok.values()) == ["a,b", "0", "5", "6", "7", str(30 * NS_PER_MS), "ok", "", ""]
    assert list(bad.values()) == ["'=x\"y", "0", "-3", "", "", "4", "refused", "integrity", "23505"]
    assert (tmp_path / "raw.csv.gz").stat().st_mode & 0o777 == 0o600


def test_processes_are_merged_by_time(tmp_path: Path) -> None:
    """Chunk by chunk, as they were drained."""
    with raw_parts(request(tmp_path)) as parts:
        assert parts
        for process, ends in ((0, (10, 30)), (1, (20, 40))):
            part = RawPart(parts.share(2), process)
            for end in ends:
                part.keep_ok("a", *[column(end)] * 4)
            part.close()
        parts.merge()
    _, rows = read(tmp_path / "raw.csv.gz")
    assert [row["process"] for row in rows] == ["0", "1", "0", "1"]


def test_the_file_says_that_the_limit_was_reached(tmp_path: Path) -> None:
    """And how many attempts are not in it."""
    with raw_parts(request(tmp_path, limit_bytes=20_000)) as parts:
        assert parts
        draws = np.random.default_rng(1)
        part = RawPart(parts.share(1), 0)
        for _ in range(200):
            part.keep_ok("a", *[draws.integers(0, 10**15, 100) for _ in range(4)])
        part.close()
        outcome = parts.merge()
    comments, rows = read(tmp_path / "raw.csv.gz")
    assert outcome.rows == len(rows)
    assert outcome.rows + outcome.left_out == 20_000
    assert comments[-1] == f"# not whole: {outcome.left_out} attempts are missing: the limit was reached"
    assert (tmp_path / "raw.csv.gz").stat().st_size < 2 * 20_000


def test_a_part_that_ends_early_is_told(tmp_path: Path) -> None:
    """Its load process was killed, or the disk was full."""
    with raw_parts(request(tmp_path)) as parts:
        assert parts
        part = RawPart(parts.share(1), 0)
        part.keep_ok("a", *[column(1)] * 4)
        part.close()
        (path,) = part_paths(Path(parts.share(1).directory))
        path.write_bytes(path.read_bytes()[:-5])
        outcome = parts.merge()
    assert outcome.rows == 1
    # it said that 0 were missing: those that nobody could count any more
    words = "attempts are missing, nobody knows how many: a load process was lost, or the disk was full"
    assert read(tmp_path / "raw.csv.gz")[0][-1] == f"# not whole: {words}"


def test_parts_are_gone_after_the_run(tmp_path: Path) -> None:
    """Whether there is a file or none."""
    with raw_parts(request(tmp_path)) as parts:
        assert parts
        RawPart(parts.share(1), 0).close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_loses_no_run(tmp_path: Path) -> None:
    """It is an error of ours that the run makes a note of."""
    (tmp_path / "raw.csv.gz").mkdir()
    with raw_parts(request(tmp_path)) as parts:
        assert parts
        with pytest.raises(PerfengineError, match=r"raw\.csv\.gz cannot be written"):
            parts.merge()


@pytest.mark.parametrize("name", ["raw.csv", ".csv.gz", "raw.gz"])
def test_other_names_are_refused(name: str) -> None:
    """The ending says what it is."""
    with pytest.raises(UsageError, match=r"ends in \.csv\.gz"):
        check_raw_path(Path(name))


def test_places_where_there_can_be_no_file_are_refused(tmp_path: Path) -> None:
    """Before the load; a name that is too long was a traceback."""
    (tmp_path / "raw.csv.gz").mkdir()
    with pytest.raises(UsageError, match="cannot be written: it is a directory"):
        check_raw_path(tmp_path / "raw.csv.gz")
    with pytest.raises(UsageError, match="cannot be written: File name too long"):
        check_raw_path(tmp_path / f"{'x' * 300}.csv.gz")


def test_nothing_is_kept_where_nobody_asked() -> None:
    """A recorder without a sink hands out the same."""
    with raw_parts(None) as parts:
        assert parts is None
    kept, plain = Recorder("a"), Recorder("a")
    for recorder in (kept, plain):
        _attempt(recorder, 7)
        recorder.fail(REFUSED, 1, 2)
    taken = plain.take()[0]
    assert Counter(taken.failures) == Counter(kept.take()[0].failures)
