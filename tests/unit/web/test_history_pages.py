"""The pages of the history: what they show, and what a request can make them read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.web.answer import Answer, NotThere
from perfengine.web.history_pages import history_routes
from tests.shown_runs import keep_two_runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from perfengine.web.answer import Route


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Return a results directory, and the names of its two runs."""
    results = tmp_path_factory.mktemp("results")
    return results, *keep_two_runs(results)


def _ask(routes: Mapping[str, Route], path: str, **query: str) -> str:
    answer = routes[path](query)
    assert isinstance(answer, Answer)
    return answer.body.decode()


def test_the_list_has_every_run_and_asks_for_two(kept: tuple[Path, str, str]) -> None:
    """The newest first; the newest two are chosen. The form may be sent to this server only."""
    results, older, newer = kept
    answer = history_routes(results)["/"]({})
    assert isinstance(answer, Answer)
    body = answer.body.decode()
    assert body.index(f"/run?id={newer}") < body.index(f"/run?id={older}")
    assert [line for line in body.split("<input") if " checked" in line[:160]].__len__() == 2
    assert "form-action 'self'" in answer.policy


def test_no_run_yet(tmp_path: Path) -> None:
    """A word that says how there comes to be one."""
    assert "There is no run yet" in _ask(history_routes(tmp_path), "/")


def test_a_run_is_its_report(kept: tuple[Path, str, str]) -> None:
    """With a policy of its own."""
    results, older, _ = kept
    body = _ask(history_routes(results), "/run", id=older)
    assert "Performance report" in body
    assert "Content-Security-Policy" in body


def test_two_runs_stand_side_by_side(kept: tuple[Path, str, str]) -> None:
    """Figures under each other in one unit, charts of A and B in pairs."""
    results, older, newer = kept
    body = _ask(history_routes(results), "/compare", a=older, b=newer)
    for text in (
        "operation_01, A",
        "operation_01, B",
        "Report of A",
        'data-chart="A1-rate"',
        'data-chart="B1-rate"',
    ):
        assert text in body
    assert (
        body.index('data-chart="A1-rate"') < body.index('data-chart="B1-rate"') < body.index('"A1-latency"')
    )


def test_a_hostile_name_is_text(tmp_path: Path) -> None:
    """In every page."""
    name = "</script><img src=x onerror=alert(1)>"
    older, newer = keep_two_runs(tmp_path, operation=name)
    routes = history_routes(tmp_path)
    for body in (_ask(routes, "/"), _ask(routes, "/compare", a=older, b=newer)):
        assert "<img" not in body


@pytest.mark.parametrize("word", ["", "x", "../runs/x", "/etc", ".", "newest"])
def test_a_request_names_a_run_and_no_path(kept: tuple[Path, str, str], word: str) -> None:
    """What is no run of the list is not there."""
    routes = history_routes(kept[0])
    for path, query in (("/run", {"id": word}), ("/compare", {"a": word, "b": word})):
        with pytest.raises(NotThere, match="there is no such run"):
            routes[path](query)


def test_a_result_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """In the words of the reader; the list does without it."""
    older, newer = keep_two_runs(tmp_path)
    (tmp_path / "runs" / older / "result.json").write_text("{}")
    routes = history_routes(tmp_path)
    with pytest.raises(NotThere, match=r"result\.json"):
        routes["/run"]({"id": older})
    assert newer in _ask(routes, "/")
