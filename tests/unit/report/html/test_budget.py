"""The page of a long run with many operations: how large it is, how long it takes, how much is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from perfengine.engine.html_report import html_of
from tests.long_documents import make_long_document
from tests.pages import Page, read_page
from tests.processor_time import within_cpu_s

if TYPE_CHECKING:
    from collections.abc import Mapping

_BYTES = 1_500_000
_CPU_S = 3.0


@pytest.fixture(scope="module")
def document() -> Mapping[str, Any]:
    """Return the result of an hour with twenty operations."""
    return make_long_document(20, 3600)


@pytest.fixture(scope="module")
def written(document: Mapping[str, Any]) -> bytes:
    """Return its page."""
    return html_of(document)


def test_an_hour_with_twenty_operations_can_be_mailed(written: bytes) -> None:
    """Less than 1.5 MB."""
    assert len(written) < _BYTES


def test_it_is_written_in_three_seconds(document: Mapping[str, Any], written: bytes) -> None:
    """Of CPU: others may be at work on the machine. The same page each time."""
    assert within_cpu_s(_CPU_S, lambda: html_of(document)) == written


def test_every_operation_is_drawn(written: bytes) -> None:
    """With all of its charts; none has more points than a screen shows."""
    page = read_page(written.decode())
    charts = page.data()["charts"]
    for number in range(1, 21):
        for name in ("rate", "latency", "parts", "heat", "spectrum"):
            assert f"op{number}-{name}" in charts
    assert points_of(page) <= 1200


def test_one_long_operation_has_as_many_points_as_a_screen() -> None:
    """Seconds are put together; its latency where there are histograms of that."""
    page = read_page(html_of(make_long_document(1, 5000, errors=False)).decode())
    assert points_of(page) == 1000
    data = page.data()
    assert len(data["axes"][data["charts"]["op1-latency"]["x"]]) == 157


def test_the_first_fifty_operations_are_drawn() -> None:
    """The others stand in the table; the page says so."""
    page = read_page(html_of(make_long_document(52, 10)).decode())
    assert "op50-rate" in page.data()["charts"]
    assert page.by_id("op51") is None
    assert "2 further operations" in page.visible
    assert "operation_52" in page.visible


def points_of(page: Page) -> int:
    """Return the most points of any axis."""
    axes: list[list[Any]] = page.data()["axes"]
    return max(map(len, axes))
