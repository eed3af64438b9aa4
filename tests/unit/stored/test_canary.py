"""The canary of a run comes back as it was written; another's work is passed over, and what is wrong is said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from perfengine.errors import SpecError
from perfengine.metrics.hdr_codec import decode, encode
from perfengine.model.canary import Canary, CanarySlice
from perfengine.report.result_json import render_json
from perfengine.stored.baseline import read_baseline
from perfengine.stored.baseline_document import render_baseline
from perfengine.stored.sessions import by_session, canaries_by_session
from tests.builders import STARTED, make_result, make_summary
from tests.stored_documents import latencies, result_text, stored_run, with_canary

CANARY = Canary(
    slices=(
        CanarySlice(measured_ns=0, cpu_ns=(250_000.0, 251_000.5), round_trip_ns=(50_000.0, 51_000.0)),
        CanarySlice(measured_ns=30_000_000_000, cpu_ns=(260_000.0,), round_trip_ns=(55_000.0,)),
    )
)


def written(canary: Canary | None = CANARY) -> str:
    """Return the text of a result with that canary."""
    return render_json(replace(make_result([make_summary([1, 2, 3])]), canary=canary), encode).decode()


def parts_of(canary: Canary | None) -> list[float]:
    """Return everything that a canary holds."""
    assert canary is not None
    return [
        value for part in canary.slices for value in (part.measured_ns, *part.cpu_ns, *part.round_trip_ns)
    ]


def test_it_comes_back() -> None:
    """From a result, to the nanosecond; a result without one has none."""
    assert parts_of(stored_run(written()).canary) == pytest.approx(parts_of(CANARY))
    assert stored_run(written(None)).canary is None


def test_a_baseline_keeps_it() -> None:
    """As the result said it; older runs without one stay without."""
    runs = by_session([stored_run(written()), stored_run(result_text({"q": latencies(2)}, run=1))])
    text = render_baseline(runs, STARTED, {}).decode()
    with_it, without = read_baseline(text, "base.json", decode).runs
    assert parts_of(with_it.canary) == pytest.approx(parts_of(CANARY))
    assert without.canary is None
    assert render_baseline((with_it, without), STARTED, {}).decode() == text


def test_a_baseline_from_before_there_were_canaries() -> None:
    """Is read: its runs have no such key."""
    document = json.loads(render_baseline(by_session([stored_run(written())]), STARTED, {}))
    del document["runs"][0]["canary"]
    assert read_baseline(json.dumps(document), "base.json", decode).runs[0].canary is None


def changed(**changes: Any) -> str:
    """Return a result whose canary has other values."""
    document = json.loads(written())
    document["canary"].update(changes)
    return json.dumps(document)


def test_other_work_is_no_canary_of_ours() -> None:
    """Two canaries are compared only when they did the same."""
    assert stored_run(changed(sql={"cpu": "SELECT 2", "round_trip": "SELECT 1"})).canary is None


@pytest.mark.parametrize(
    ("slices", "said"),
    [
        (None, "canary.slices: is no list of slices"),
        ([1], "canary.slices.0: 1 is no object"),
        (
            [{"measured": 0, "cpu": [1], "round_trip": []}],
            "canary.slices.0: 1 batches of cpu, and 0 of round_trip",
        ),
        (
            [{"measured": 0, "cpu": [0], "round_trip": [1]}],
            "canary.slices.0.cpu.0: 0 is no time: a number above 0",
        ),
        ([{"measured": 0, "cpu": 1, "round_trip": [1]}], "canary.slices.0.cpu: is no list of times"),
        ([{"measured": -1, "cpu": [1], "round_trip": [1]}], "canary.slices.0.measured: -1 is no time"),
    ],
)
def test_what_is_wrong_is_said(slices: object, said: str) -> None:
    """With its place."""
    with pytest.raises(SpecError) as caught:
        stored_run(changed(slices=slices))
    assert said in str(caught.value)


def test_a_canary_that_is_no_object() -> None:
    """Neither."""
    document = json.loads(written())
    document["canary"] = 3
    with pytest.raises(SpecError, match=r"canary: 3 is no object"):
        stored_run(json.dumps(document))


def test_by_session() -> None:
    """Canaries of a session are together, and runs without one are left out."""
    texts = [
        with_canary(result_text({"q": latencies(2)}, run=number, after=timedelta(minutes=minutes)), number)
        for number, minutes in enumerate((0, 5, 120))
    ]
    texts.append(result_text({"q": latencies(2)}, run=3, after=timedelta(minutes=300)))
    found = canaries_by_session(by_session(map(stored_run, texts)))
    assert [len(session) for session in found] == [2, 1]
