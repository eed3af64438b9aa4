"""The live view gives the terminal back, and gets out of the way of a question."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from perfengine.cli.asking import ask
from perfengine.cli.progress import Lines
from perfengine.cli.screen import Screen, screen
from perfengine.engine.events import Detail, Leaving, Note, PhaseBegan, RunBegan, Unwatched, detail_of
from tests.doubles.terminal import Terminal

BEGAN = RunBegan(scenario="order", target="a server")


class Reply:
    """A stdin that answers, and sees how the terminal looks meanwhile."""

    def __init__(self, file: io.StringIO) -> None:
        self._file = file
        self.seen = Terminal()

    def readline(self) -> str:
        """Return what was typed."""
        self.seen.feed(self._file.getvalue())
        return "shop\n"


def terminal_of(file: io.StringIO) -> Terminal:
    """Return the terminal after all that was written."""
    terminal = Terminal()
    terminal.feed(file.getvalue())
    return terminal


def console_on(file: io.StringIO) -> Console:
    """Return a console that takes the file for a terminal."""
    return Console(file=file, force_terminal=True, width=60, height=20, legacy_windows=False, _environ={})


def test_the_terminal_is_as_before() -> None:
    """Notes stay, the frame goes, the cursor is back; also when the block fails."""
    file = io.StringIO()

    def run() -> None:
        with screen(console_on(file)) as watch:
            watch(BEGAN)
            watch(Note(text="target: a server"))
            assert not terminal_of(file).shows_cursor
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()
    after = terminal_of(file)
    assert after.shows_cursor
    assert after.text == "target: a server"


def test_an_end_at_once_leaves_no_frame() -> None:
    """The process ends right after the event: nothing else would put the cursor back."""
    file = io.StringIO()
    with screen(console_on(file)) as watch:
        watch(BEGAN)
        watch(Leaving())
        assert terminal_of(file).shows_cursor
        assert terminal_of(file).text == ""


def test_a_question_is_asked_on_a_clean_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No frame is drawn over what is typed; afterwards there are frames again."""
    file = io.StringIO()
    reply = Reply(file)
    monkeypatch.setattr(sys, "stdin", reply)
    monkeypatch.setattr(sys, "stderr", file)
    with screen(console_on(file)) as watch:
        watch(BEGAN)
        assert ask("Type the name: ") == "shop"
        assert reply.seen.shows_cursor
        assert reply.seen.text == "Type the name:"
        assert not terminal_of(file).shows_cursor
    assert ask("Without a live view: ") == "shop"


def test_only_a_screen_looks_at_limits() -> None:
    """What is not looked at is not computed."""
    assert detail_of(Screen(console_on(io.StringIO()))) is Detail.JUDGEMENTS
    assert detail_of(Lines().show) is Detail.PROGRESS
    assert detail_of(lambda _: None) is Detail.PROGRESS
    assert detail_of(Unwatched()) is Detail.NOTHING


def test_lines_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Notes and phases, each on one; of other events nothing is printed."""
    lines = Lines()
    for event in (BEGAN, Note(text="target: a server"), PhaseBegan(phase="clean up"), Leaving()):
        lines.show(event)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "target: a server"
    assert second.endswith("s phase=clean-up")
