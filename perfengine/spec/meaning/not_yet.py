"""What documents ask for that perfengine cannot do yet: one line each, never dropped silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfengine.model.scenario import Performance


#: What is done for an option, by format: of html as report/html/options.py has it, of json what the note below says.
_KNOWN: Final = {
    "html": frozenset({"include_charts", "include_trends", "include_raw_data"}),
    "json": frozenset({"include_raw_data"}),
}


def not_yet_notes(performances: Iterable[Performance]) -> Iterator[str]:
    """Yield a line for each format of reports that an option has no effect on."""
    asked: dict[str, dict[str, None]] = {}
    for report in (report for one in performances for report in one.reports):
        options = asked.setdefault(report.format, {})
        options |= dict.fromkeys(option for option, on in report.options.items() if on)
    if "include_raw_data" in asked.get("json", ()):
        yield "reports: include_raw_data: json holds histograms and counts per second, --raw single attempts"
    for word, options in asked.items():
        others = [option for option in options if option not in _KNOWN.get(word, ())]
        if others:
            yield f"reports: accepted, without effect on {word} yet: {', '.join(others)}"
