"""Frames: golden files at several sizes, and what must hold at any."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, Group

from perfengine.live.page import frame
from perfengine.live.state import Cause, LiveState
from perfengine.live.words import ASCII, UNICODE, Glyphs
from tests.live_states import make_benchmark, make_mix, make_preparation, make_row

if TYPE_CHECKING:
    from tests.conftest import Golden

STATES = {"mix": make_mix, "benchmark": make_benchmark, "preparation": make_preparation}


def drawn(
    state: LiveState, width: int, height: int, glyphs: Glyphs = UNICODE, *, colour: bool = False
) -> str:
    """Return what a terminal of that size shows."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        height=height,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(Group(*frame(state, width, height, glyphs)))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_every_width(golden: Golden, width: int) -> None:
    """Columns go in the order that the documentation states; nothing is wider than the terminal."""
    pages = [f"== {name}\n{drawn(make(), width, 24)}" for name, make in STATES.items()]
    golden(f"live/width_{width}.txt", "".join(pages))


@pytest.mark.parametrize("height", [5, 10, 16, 40])
def test_every_height(golden: Golden, height: int) -> None:
    """Rows, causes and limits are folded; what is violated is said first."""
    golden(f"live/height_{height}.txt", drawn(make_mix(30), 100, height))


def test_the_documentation_shows_a_frame() -> None:
    """As it is drawn on a terminal of 80 columns."""
    page = Path(__file__).parents[3] / "docs" / "reference" / "output.md"
    assert f"```text\n{drawn(make_mix(), 80, 24)}```" in page.read_text(encoding="utf-8")


def test_ascii(golden: Golden) -> None:
    """Where the terminal shows no other signs."""
    text = drawn(make_mix(30), 60, 16, ASCII)
    assert text.isascii()
    golden("live/ascii.txt", text)


def test_colour(golden: Golden) -> None:
    """Red is what is wrong; the text is the same."""
    text = drawn(make_mix(), 80, 24, colour=True)
    assert "\x1b[" in text
    golden("live/colour.txt", text)


def test_what_is_loaded_now_is_not_folded() -> None:
    """Rows of operations that are done go first, the oldest of them before others."""
    done = tuple(make_row(f"done_{number}", is_done=True) for number in range(30))
    text = drawn(replace(make_mix(), rows=(*done, make_row("now"))), 80, 16)
    assert "now" in text
    assert "done_29" in text
    assert "done_0 " not in text
    folded = next(line for line in text.splitlines() if "more" in line)
    shown = sum(line.startswith(("done_", "now")) for line in text.splitlines())
    assert folded == f"… {31 - shown} more"


NAMES = st.text(st.characters(codec="utf-8"), max_size=60)


@given(
    st.lists(NAMES, max_size=40),
    NAMES,
    st.integers(1, 220),
    st.integers(1, 60),
    st.sampled_from([UNICODE, ASCII]),
    st.integers(0, 10**12),
)
def test_a_frame_fits(names: list[str], text: str, width: int, height: int, glyphs: Glyphs, ok: int) -> None:
    """Whatever a scenario, a server or an operation is called: no line is too wide, and none moves the cursor."""
    rows = tuple(make_row(name, ok=ok, p50_ms=ok / 1e6) for name in names)
    causes = (Cause(code=text, name=text, count=ok),)
    state = replace(make_mix(), scenario=text, target=text, server=text, rows=rows, causes=causes)
    lines = frame(state, width, height, glyphs)
    assert len(lines) <= max(height - 1, 1)
    for line in lines:
        assert cell_len(line.plain) <= width
        assert line.plain.isprintable()
