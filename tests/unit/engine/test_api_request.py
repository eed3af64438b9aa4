"""The arguments of `perfengine.run` come out as the request of a command line, and all mistakes are said at once."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.engine.api_request import Asked, request_of
from perfengine.errors import UsageError
from perfengine.model.requirement import Metric
from perfengine.model.workload import Mode

if TYPE_CHECKING:
    import perfengine


async def look(client: perfengine.Client) -> None:
    """Look."""
    await client.fetchval("SELECT 1")


def asked(**said: Any) -> Asked:
    """Return arguments; what is not said is None, or nothing."""
    nothing: dict[str, Any] = {field.name: None for field in fields(Asked)}
    several = ("operations", "builtins", "filters", "excludes", "requirement_files", "sla_files", "reports")
    return Asked(**{**nothing, **dict.fromkeys(several, ()), "embedded": False, **said})


def test_texts_become_numbers() -> None:
    """Durations in ns, a rate per second, whole numbers as they are."""
    load = request_of(
        asked(
            operations=(look,),
            duration="30s",
            warmup="500ms",
            timeout="2m",
            rate="30/min",
            concurrency=7,
            iterations=9,
            filters="look",
            excludes=["a", "b"],
            seed=0,
        )
    ).load
    assert (load.duration_ns, load.warmup_ns, load.timeout_ns) == (30 * 10**9, 5 * 10**8, 120 * 10**9)
    assert (load.rate_per_s, load.concurrency, load.iterations, load.seed) == (0.5, 7, 9, 0)
    assert (load.filters, load.excludes) == (("look",), ("a", "b"))


def test_none_leaves_it_to_the_documents() -> None:
    """Of globs and scripts as of all others: it was a TypeError of Python's."""
    request = request_of(asked(operations=(look,), filters=None, excludes=None, builtins=None))
    assert (request.load.filters, request.load.excludes, request.scripts) == ((), (), None)


def test_files_are_told_apart() -> None:
    """Documents from Python files, one or several, as text or path."""
    request = request_of(asked(scenario=[Path("order.yaml"), "shop.py:buy"], reports=Path("result.json")))
    assert request.paths == (Path("order.yaml"),)
    assert request.python == ("shop.py:buy",)
    assert request.report_paths == (Path("result.json"),)
    assert request_of(asked(scenario="order.yaml")).paths == (Path("order.yaml"),)


def test_callables_limits_and_mode() -> None:
    """What was handed over is at hand by name; a limit names an operation, as inside a scenario."""
    request = request_of(
        asked(operations=(look,), mode="mix", requirements={"look": {"p95": "50ms", "error_rate": 0.01}})
    )
    assert request.code is not None
    assert list(request.code.operations) == ["look"]
    assert request.mode is Mode.MIX
    assert [(r.subject, r.metric, r.limit, r.internal) for r in request.requirements] == [
        ("look", Metric.P95, 50_000_000, True),
        ("look", Metric.ERROR_RATE, 0.01, True),
    ]


def test_all_mistakes_are_said_at_once() -> None:
    """A line each: the argument, what was found, what to write."""
    wrong = asked(
        mode="mixed",
        concurrency=0,
        iterations=True,
        duration="30",
        rate=-1,
        seed="x",
        requirements={"look": {"p59": "1s"}},
    )
    with pytest.raises(UsageError) as caught:
        request_of(wrong)
    assert [line.split(": ")[1] for line in str(caught.value).splitlines()] == [
        "concurrency 0",
        "iterations True",
        "seed 'x'",
        "duration",
        "rate",
        "requirements of look",
        "mode 'mixed'",
        "nothing to run",
    ]
    assert "a duration needs a unit: 30ms or 30s?" in str(caught.value)
    assert "one of: benchmark, mix" in str(caught.value)


def test_callables_do_not_travel() -> None:
    """Several processes cannot have them; their file can."""
    with pytest.raises(
        UsageError, match="processes 2: operations run in this process; name their file in scenario="
    ):
        request_of(asked(operations=(look,), processes=2))


def test_a_baseline() -> None:
    """A name or a path, with a threshold or without; a threshold alone means nothing, nor does one that is none."""
    request = request_of(asked(operations=(look,), baseline="base.json", regression_threshold=0.05))
    assert (request.baseline, request.regression_threshold) == (Path("base.json"), 0.05)
    assert request_of(asked(operations=(look,), baseline=Path("b.json"))).regression_threshold is None
    with pytest.raises(
        UsageError, match=r"regression_threshold 0.05: belongs to a comparison: give baseline="
    ):
        request_of(asked(operations=(look,), regression_threshold=0.05))
    for wrong in (-0.1, "5%", True, float("nan"), float("inf")):
        with pytest.raises(UsageError, match=r"regression_threshold .*: write a fraction, as 0\.05"):
            request_of(asked(operations=(look,), baseline="base.json", regression_threshold=wrong))


def test_repeats_and_default_requirements() -> None:
    """`"default"` is no file, beside others or alone; repeats are a whole number within bounds."""
    request = request_of(
        asked(
            operations=(look,),
            repeats=7,
            stabilise=True,
            canary=False,
            requirement_files=["default", "limits.yaml"],
        )
    )
    assert (request.repeats, request.stabilise, request.default_requirements) == (7, True, True)
    assert request.canary is False
    assert request.requirement_paths == (Path("limits.yaml"),)
    plain = request_of(asked(operations=(look,)))
    assert (plain.repeats, plain.stabilise, plain.default_requirements) == (1, False, False)
    assert plain.canary is None
    for wrong in (0, 1001, "7", True):
        with pytest.raises(UsageError, match=r"repeats .*: write a whole number from 1 to 1000"):
            request_of(asked(operations=(look,), repeats=wrong))
