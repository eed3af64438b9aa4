"""What the history keeps of a result, read from documents that `run` writes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.errors import SpecError
from perfengine.metrics.hdr_codec import encode
from perfengine.model.kept_run import Figure
from perfengine.report.result_json import render_json
from perfengine.stored.kept_run import read_kept_run
from tests.results import make_guide_run, make_interrupted_run, make_troubled_run, make_two_entities_run

if TYPE_CHECKING:
    from perfengine.model.kept_run import KeptRun
    from perfengine.model.result import RunResult


def kept(result: RunResult, **changed: Any) -> KeptRun:
    """Return what is kept of a result; `changed` replaces keys of its document."""
    text = json.dumps({**json.loads(render_json(result, encode)), **changed})
    return read_kept_run(text, "a-directory", "result.json", lambda name: name.startswith("load."))


def test_a_run() -> None:
    """When, what, which load, what it came to; the rate of a benchmark is over the measured time of all of it."""
    run = kept(make_guide_run())
    assert (run.directory, run.run_id, run.scenario) == ("a-directory", "20261123T093000-7f3a", "order")
    assert (run.started_at, run.standing, run.ended) == ("2026-11-23T09:30:00.000Z", "PASS", "complete")
    assert run.load == "closed 1"
    assert run.rate_per_s == pytest.approx(110 / (2.34 + 4.567))
    assert run.p95_s == 0.5234
    confirm = run.operations[0]
    assert confirm.name == "single_order_confirm"
    assert confirm.figures[Figure.P95] == 0.0321
    assert confirm.figures[Figure.P50] == 0.0218
    assert set(confirm.figures) == set(Figure)


def test_hard_fields_that_are_known() -> None:
    """The others are no part of the ground."""
    fingerprint = {"load.users": 8, "load.connections": None, "python.version": "3.11"}
    run = kept(replace(make_guide_run(), fingerprints={"single_order_confirm": fingerprint}))
    assert run.operations[0].ground == {"load.users": 8}
    assert run.operations[1].ground == {}


def test_an_operation_that_failed() -> None:
    """It has no latency, and an error rate of 1."""
    create = next(each for each in kept(make_troubled_run()).operations if each.name == "order_create")
    assert create.figures == {Figure.ERROR_RATE: 1.0}


def test_loads_in_words() -> None:
    """Of an open load the rate, of a mix that it is one; several loads are counted."""
    entries = json.loads(render_json(make_guide_run(), encode))["results"]
    for entry in entries.values():
        entry["load"] |= {"model": "open", "rate": 500.0}
    assert kept(make_guide_run(), mode="mix", results=entries).load == "mix open 500/s"
    next(iter(entries.values()))["load"]["rate"] = 100.0
    assert kept(make_guide_run(), results=entries).load == "2 loads"


def test_a_mix_is_measured_once() -> None:
    """Operations of one phase share its time."""
    document = json.loads(render_json(make_two_entities_run(), encode))
    for entry in document["results"].values():
        entry |= {"phase": "mix", "measured": 2.0}
    run = kept(make_two_entities_run(), results=document["results"])
    assert run.rate_per_s == 3300 / 2
    assert run.scenario == "order, größe"


def test_halves_of_characters() -> None:
    """JSON can have them, files cannot."""
    entries = json.loads(render_json(make_guide_run(), encode))["results"]
    entries["half \ud800"] = entries.pop("bulk_order_confirm")
    run = kept(make_guide_run(), results=entries, standing="\udfff")
    assert (run.operations[1].name, run.standing) == ("half ?", "?")


def test_a_run_that_was_stopped() -> None:
    """It is not complete."""
    run = kept(make_interrupted_run())
    assert (run.ended, run.is_complete) == ("interrupted", False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"version": "2.0"}', "newer than what this perfengine reads, 1: update perfengine"),
        ('{"version": "1.0", "baselines": {}}', 'is no result: there is no "results" in it'),
        ('{"version": "1.0", "results": {', "ends in the middle"),
        ('{"results": {"a": {"p95": "fast"}}, "started": "2026-11-23T09:30:00Z"}', "is no number"),
        (
            '{"results": {"a": {"p95": Infinity}}, "started": "2026-11-23T09:30:00Z"}',
            "inf is no figure of a run",
        ),
        ('{"results": {}, "started": "yesterday"}', "is no instant"),
        ("[]", "is no result"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    """And in one line."""
    with pytest.raises(SpecError) as raised:
        read_kept_run(text, "a-directory", "runs/x/result.json", lambda _: True)
    first = str(raised.value).splitlines()[0]
    assert first.startswith("runs/x/result.json:1:")
    assert said in first
