"""A feed: what readers get who come, go and sleep."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from perfengine.web.feed import MOST_POINTS, Feed

if TYPE_CHECKING:
    from perfengine.web.feed import News


def _news(feed: Feed, version: int = 0, count: int = 0) -> News:
    news = feed.since(version, count, timeout_s=0)
    assert news
    return news


def test_who_comes_late_gets_all_points_and_the_latest_state() -> None:
    """A page that is opened in the middle of a run."""
    feed = Feed()
    for second in range(3):
        feed.publish({"now": second}, {"t": second})
    news = _news(feed)
    assert news.state == {"now": 2}
    assert [point["t"] for point in news.points] == [0, 1, 2]
    assert not news.ended


def test_who_knows_all_waits() -> None:
    """And is told nothing twice."""
    feed = Feed()
    feed.publish({"now": 0}, {"t": 0})
    news = _news(feed)
    assert feed.since(news.version, news.count, timeout_s=0.01) is None


def test_who_waits_is_woken() -> None:
    """By a point, and by the end."""
    feed, heard = Feed(), []
    reader = threading.Thread(target=lambda: heard.append(feed.since(0, 0, timeout_s=60)))
    reader.start()
    feed.end()
    reader.join(60)
    assert [news.ended for news in heard if news] == [True]


@given(before=st.integers(0, 3 * MOST_POINTS), after=st.integers(0, 3 * MOST_POINTS))
def test_a_sleeper_gets_what_it_has_not_seen_and_memory_stays_bounded(before: int, after: int) -> None:
    """However long it slept, at most the points of one chart are kept."""
    feed = Feed()
    feed.publish({})
    for second in range(before):
        feed.publish({}, {"t": second})
    seen = _news(feed)
    for second in range(before, before + after):
        feed.publish({}, {"t": second})
    feed.publish({"now": "last"})
    news = _news(feed, seen.version, seen.count)
    assert [point["t"] for point in news.points] == list(range(before, before + after))[-MOST_POINTS:]
    assert news.count == before + after
