"""Marking: what is kept, what stays as it was, and everything that is refused, with its line."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

import perfengine
from perfengine.custom.marks import OperationMark, mark_of
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from tests.unit.custom.conftest import Complaint


async def attempt(client: perfengine.Client) -> int:
    """Make an attempt."""
    return client.number


def marked(target: object) -> OperationMark:
    """Return the mark of an operation."""
    mark = mark_of(target)
    assert isinstance(mark, OperationMark)
    return mark


def test_a_function_stays_what_it_was() -> None:
    """The decorator returns the object itself; a type checker keeps its type."""
    same = perfengine.operation(weight=3)(attempt)
    assert same is attempt
    assert inspect.iscoroutinefunction(same)


def test_bare_and_called_decorators_mark_alike() -> None:
    """`@operation` and `@operation()` say the same."""

    @perfengine.operation
    async def bare(client: perfengine.Client) -> None: ...

    @perfengine.operation()
    async def called(client: perfengine.Client) -> None: ...

    assert (marked(bare).weight, marked(bare).requirements) == (marked(called).weight, ())
    assert (marked(bare).name, marked(called).name) == ("bare", "called")


def test_what_is_said_is_kept() -> None:
    """Name, weight, limits in ns and fractions, iterations, read only, and the line of the definition."""

    @perfengine.operation(
        "buy", weight=2, requirements={"p95": "50ms", "error_rate": "1%"}, iterations=7, read_only=True
    )
    async def checkout(client: perfengine.Client) -> None: ...

    mark = marked(checkout)
    assert (mark.name, mark.weight, mark.iterations, mark.read_only) == ("buy", 2.0, 7, True)
    assert [(r.subject, r.metric.value, r.limit) for r in mark.requirements] == [
        ("buy", "p95", 50_000_000),
        ("buy", "error_rate", 0.01),
    ]
    assert mark.position.source.strip() == "async def checkout(client: perfengine.Client) -> None: ..."
    assert mark.position.source[mark.position.column - 1 :].startswith("checkout")


def test_a_subclass_is_no_operation() -> None:
    """It must be marked itself: it would have the name of its base."""

    @perfengine.operation
    class Base:
        async def __call__(self, client: perfengine.Client) -> None: ...

    class Derived(Base):
        pass

    assert mark_of(Derived) is None


WRONG: list[tuple[str, str]] = [
    ("@perfengine.operation\ndef f(client): ...", "f is not async: write `async def f(client)`"),
    ("@perfengine.operation\nasync def f(): ...", "f() takes other arguments"),
    ("@perfengine.operation\nasync def f(a, b): ...", "f(a, b) takes other arguments"),
    (
        "@perfengine.operation\nasync def f(client):\n    yield",
        "f yields: an operation does its work and returns",
    ),
    (
        "perfengine.operation()(7)",
        "7 was given where an operation is wanted: write an async function or a class",
    ),
    (
        "@perfengine.operation(weight=0)\nasync def f(client): ...",
        "weight 0 is no weight: write a number above 0",
    ),
    ("@perfengine.operation(weight=-1)\nasync def f(client): ...", "weight -1 is no weight"),
    ("@perfengine.operation(weight='2')\nasync def f(client): ...", "weight '2' is no weight"),
    ("@perfengine.operation(weight=float('nan'))\nasync def f(client): ...", "weight nan is no weight"),
    ("@perfengine.operation(weight=float('inf'))\nasync def f(client): ...", "weight inf is no weight"),
    (
        "@perfengine.operation(iterations=0)\nasync def f(client): ...",
        "iterations 0 is no number of attempts",
    ),
    ("@perfengine.operation(iterations=True)\nasync def f(client): ...", "iterations True is no number of"),
    ("@perfengine.operation('a:b')\nasync def f(client): ...", "name 'a:b' is no name of an operation"),
    ("@perfengine.operation('')\nasync def f(client): ...", "name '' is no name of an operation"),
    ("@perfengine.operation(read_only=1)\nasync def f(client): ...", "read_only 1 is neither True nor False"),
    (
        "@perfengine.operation(requirements=['p95'])\nasync def f(client): ...",
        "requirements ['p95'] are no limits",
    ),
    (
        "@perfengine.operation(requirements={'p59': '1s'})\nasync def f(client): ...",
        '"p59" is no requirement on an operation',
    ),
    (
        "@perfengine.operation(requirements={'p95': 50})\nasync def f(client): ...",
        "a duration needs a unit: 50ms",
    ),
    ("@perfengine.operation(requirements={'p95': None})\nasync def f(client): ...", "None is no limit"),
    (
        "@perfengine.operation(requirements={'error_rate': 1})\nasync def f(client): ...",
        "a limit that never fails",
    ),
    (
        "@perfengine.operation\nclass F: ...",
        "class F makes no attempts: write `async def __call__(self, client)`",
    ),
    (
        "@perfengine.operation\nclass F:\n    def __call__(self, client): ...",
        "F.__call__ is not async: write `async def __call__(self, client)`",
    ),
    (
        "@perfengine.operation\nclass F:\n    async def run(self): ...",
        "F.run(self) takes other arguments: write `async def run(self, client)`",
    ),
    (
        "@perfengine.operation\nclass F:\n    def __init__(self, size): ...\n    async def run(self, client): ...",
        "class F is made without arguments, one for each session",
    ),
    (
        "@perfengine.operation\nclass F:\n    async def run(self, client): ...\n    def set_up(self, client): ...",
        "F.set_up is not async",
    ),
    (
        "@perfengine.operation\nclass F:\n    async def run(self, client): ...\n    async def setUp(self, c): ...",
        "nothing calls F.setUp: name it set_up",
    ),
    ("@perfengine.setup\ndef f(client): ...", "f is not async"),
    (
        "@perfengine.teardown\nclass F: ...",
        "was given where @perfengine.teardown is wanted: write an async function",
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said for _, said in WRONG])
def test_wrong_use_is_named_with_its_line(complaint: Complaint, text: str, said: str) -> None:
    """Where, what was found, what to do."""
    where, _, message = complaint(text).partition(": ")
    assert where.startswith("shop.py:")
    assert said in message


def test_an_unknown_requirement_comes_with_the_known_ones(complaint: Complaint) -> None:
    """The allowed set, and the nearest of it."""
    said = complaint("@perfengine.operation(requirements={'errorrate': 0})\nasync def f(client): ...")
    assert "   one of: mean, median, p50, p90, p95, p99, p999, p99.9, min, max, stdev, error_rate" in said
    assert 'did you mean "error_rate"?' in said


def test_all_mistakes_of_a_file_are_said_at_once(complaint: Complaint) -> None:
    """Also those of several definitions, each at its own line."""
    said = complaint(
        """
        @perfengine.operation(weight=0, iterations=-1)
        def first(client): ...

        @perfengine.setup
        def second(client): ...
        """
    )
    places = [line.split(" ")[0] for line in said.splitlines() if line.startswith("shop.py:")]
    assert places == ["shop.py:4:5:"] * 3 + ["shop.py:7:5:"]


def test_outside_a_file_that_is_imported_it_raises_at_once() -> None:
    """In a program of the user's own the decorator is where the mistake is."""
    with pytest.raises(UsageError, match=r"test_decorators\.py:\d+:\d+: attempt_twice is not async"):

        @perfengine.operation  # type: ignore[type-var]
        def attempt_twice(client: perfengine.Client) -> None: ...
