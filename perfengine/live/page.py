"""A frame: the state of a run as lines for a terminal of some width and height. Pure."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.text import Text

from perfengine.live.table import table_lines
from perfengine.live.words import UNICODE, latency_words, rate_words, shortened, time_words
from perfengine.model.verdict import Verdict
from perfengine.report.limit_text import name_text, seen_text
from perfengine.report.signs import ASCII as ASCII_SIGNS
from perfengine.report.signs import UNICODE as UNICODE_SIGNS
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.live.state import Clock, GeneratorFigures, LiveState, Load
    from perfengine.live.words import Glyphs
    from perfengine.model.verdict import Judgement

#: Lines of a terminal that operations never take.
_LINES_APART: Final = 6
#: Limits and causes that are shown at least, where there is room for as many operations.
_LIMITS_AT_LEAST: Final = 3
#: On fewer lines an operation is told rather than the rates of all together.
_LEAST_WITH_RATES: Final = 4
#: The width of a bar, at least and at most.
_BAR: Final = (10, 40)
_SEPARATOR: Final = "   "
#: What is violated is said first.
_ORDER: Final = {Verdict.FAIL: 0, Verdict.PASS: 1, Verdict.UNPROVEN: 2}
_STYLES: Final = {Verdict.FAIL: "bold red", Verdict.PASS: "green", Verdict.UNPROVEN: "dim"}


def frame(state: LiveState, width: int, height: int, glyphs: Glyphs) -> list[Text]:
    """Return the lines of a frame: none is wider than `width` columns, and there are fewer than `height`."""
    budget = max(height - 1, 1)
    above = [_title(state, width, glyphs), _progress(state.clock, width, glyphs)]
    if state.load is not None and budget > _LEAST_WITH_RATES:
        above.append(_rates(state.load, width))
    generator = [] if state.generator is None else [_generator(state.generator, width)]
    summary = [_summary(state.judgements, glyphs)] if state.judgements else []
    causes = [_cause(cause.code, cause.name, cause.count, glyphs) for cause in state.causes]
    limits = [_limit(judged, glyphs) for judged in sorted(state.judgements, key=_urgency)]

    room = budget - len(above) - len(generator) - len(summary) - min(len(causes), 1) - bool(state.rows)
    reserved = min(len(limits), _LIMITS_AT_LEAST, max(room // 2 - 1, 0))
    rows = min(len(state.rows), max(height - _LINES_APART, 1), max(room - reserved, 1))
    room -= rows
    causes_shown = min(len(causes), 1 + max(room - reserved, 0))
    room -= max(causes_shown - 1, 0)
    lines = [
        *above,
        *table_lines(state.rows, width, rows, glyphs),
        *causes[:causes_shown],
        *generator,
        *summary,
        *_folded(limits, max(room, 0), glyphs),
    ]
    return [_cut(line, width, glyphs) for line in lines[:budget]]


def _cut(line: Text, width: int, glyphs: Glyphs) -> Text:
    line.no_wrap = True
    if line.cell_len > width:
        line.truncate(max(width - len(glyphs.cut), 0), overflow="crop")
        line.append(glyphs.cut[:width])
    return line


def _title(state: LiveState, width: int, glyphs: Glyphs) -> Text:
    server = f" (PostgreSQL {plain(state.server).split(' ')[0]})" if state.server else ""
    target = plain(state.target) + server
    scenario = shortened(plain(state.scenario), max(width // 2, 1), glyphs.cut)
    line = Text.assemble((scenario, "bold"))
    whole = time_words(state.clock.whole_s)
    room = width - cell_len(scenario) - len(whole) - 2 * len(_SEPARATOR)
    if target and room >= 8:
        line.append(_SEPARATOR + shortened(target, room, glyphs.cut))
    line.append(_SEPARATOR + whole, style="dim")
    return line


def _progress(clock: Clock, width: int, glyphs: Glyphs) -> Text:
    """Return phase, time and bar; on a narrow terminal the bar goes first."""
    place = f" {clock.number}/{clock.total}" if clock.total > 1 else ""
    name = f" {plain(clock.name)}" if clock.name else ""
    times = time_words(clock.elapsed_s)
    if clock.planned_s is not None:
        times += f"/{time_words(clock.planned_s)}"
    left = "" if clock.left_s is None else f"  {time_words(clock.left_s + 0.999)} left"
    words = shortened(f"{clock.phase}{place}{name}", max(width - len(times) - len(left) - 2, 1), glyphs.cut)
    line = Text.assemble((words, "cyan"), f"  {times}")
    room = min(width - cell_len(words) - len(times) - len(left) - 4, _BAR[1])
    if clock.share is not None and room >= _BAR[0]:
        done = round(clock.share * room)
        line.append("  ")
        line.append(glyphs.bar_done * done, style="cyan")
        line.append(glyphs.bar_left * (room - done), style="dim")
    return line.append(left)


def _rates(load: Load, width: int) -> Text:
    achieved = "" if load.achieved_per_s is None else f"{rate_words(load.achieved_per_s)}/s"
    if load.asked_per_s is not None:
        achieved = f"{achieved or '0/s'} of {rate_words(load.asked_per_s)}/s asked"
    active = "" if load.active is None else f"{load.active:,} of "
    clients = f"{active}{load.clients:,} client{'' if load.clients == 1 else 's'}"
    dropped = f"{load.dropped:,} dropped" if load.dropped else ""
    return Text(_fitting([achieved, clients, dropped, _connections(load)], width))


def _connections(load: Load) -> str:
    if not load.connections:
        return ""
    many = f"{load.connections:,} connection{'' if load.connections == 1 else 's'}"
    return many if load.in_use is None else f"{min(load.in_use, load.connections):.1f} of {many} in use"


def _generator(figures: GeneratorFigures, width: int) -> Text:
    parts = [f"generator: CPU {figures.cpu_share:.0%}"]
    delays = {
        "loop lag": figures.loop_lag_p99_ns,
        "start delay": figures.start_delay_p99_ns,
        "lateness": figures.lateness_p99_ns,
    }
    known = [
        f"{name} {latency_words(latency_ns)}" for name, latency_ns in delays.items() if latency_ns is not None
    ]
    if known:
        parts += [f"p99 {known[0]}", *known[1:]]
    if figures.processes > 1:
        parts.append(f"{figures.processes} processes")
    if figures.is_saturated:
        parts.insert(1, "saturated")
    return Text(_fitting(parts, width, "  "), style="yellow" if figures.is_saturated else "")


def _fitting(parts: Sequence[str], width: int, separator: str = _SEPARATOR) -> str:
    """Return the parts that fit beside each other, from the first on."""
    line = ""
    for part in filter(None, parts):
        longer = f"{line}{separator}{part}" if line else part
        if line and len(longer) > width:
            break
        line = longer
    return line


def _cause(code: str, name: str, count: int, glyphs: Glyphs) -> Text:
    return Text.assemble((f"{count:,} {glyphs.times} {plain(code)}", "red"), f": {plain(name)}")


def _urgency(judged: Judgement) -> int:
    return _ORDER[judged.verdict]


def _summary(judgements: Sequence[Judgement], glyphs: Glyphs) -> Text:
    line, separator = Text("requirements so far: "), ""
    for verdict in _ORDER:
        if count := sum(judged.verdict is verdict for judged in judgements):
            line.append(separator)
            line.append(f"{count:,} {_verdict_word(verdict, glyphs)}", style=_STYLES[verdict])
            separator = ", "
    return line


def _limit(judged: Judgement, glyphs: Glyphs) -> Text:
    signs = UNICODE_SIGNS if glyphs is UNICODE else ASCII_SIGNS
    word = (f"{_verdict_word(judged.verdict, glyphs):<4}", _STYLES[judged.verdict])
    why = f"{judged.reason}, " if judged.verdict is Verdict.UNPROVEN and judged.reason else ""
    return Text.assemble(word, f" {name_text(judged)}: {why}{seen_text(judged, signs)}")


def _verdict_word(verdict: Verdict, glyphs: Glyphs) -> str:
    return glyphs.nothing if verdict is Verdict.UNPROVEN else str(verdict)


def _folded(lines: Sequence[Text], most: int, glyphs: Glyphs) -> Iterator[Text]:
    if len(lines) <= most:
        yield from lines
    elif most:
        yield from islice(lines, most - 1)
        yield Text(f"{glyphs.cut} {len(lines) - most + 1} more", style="dim")
