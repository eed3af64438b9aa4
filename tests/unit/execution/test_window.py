"""A window closes once, at the earlier of two ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.execution.window import NEVER_NS, Window

instants = st.integers(0, NEVER_NS)


@given(end_ns=instants, now_ns=instants)
def test_closing_never_prolongs(end_ns: int, now_ns: int) -> None:
    """The end is the planned one or now, whichever comes first."""
    window = Window(end_ns)
    window.close(now_ns)
    assert window.end_ns == min(end_ns, now_ns)
    assert window.stopped


def test_a_window_is_open_for_ever_unless_told() -> None:
    """Without an end it closes only when asked to."""
    window = Window()
    assert window.end_ns == NEVER_NS
    assert not window.stopped


def test_closing_wakes_everybody_who_asked() -> None:
    """Once each, when the end is known already: those who wait for later must not."""
    window, seen = Window(100), list[int]()
    for _ in range(2):
        window.at_close(lambda: seen.append(window.end_ns))
    assert seen == []
    window.close(40)
    assert seen == [40, 40]
