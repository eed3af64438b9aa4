"""The first lines of the page: whose run it is, and what it came to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from perfengine.report.html.formats import duration, whole, with_unit
from perfengine.report.html.read import count, entries, mapping, number, text, texts
from perfengine.report.html.run_facts import lasted_s, without_password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.report.html.read import Entry

_LIMITS: Final = {"FAIL": "failed", "UNPROVEN": "unproven", "PASS": "passed"}


def title_of(document: Entry) -> str:
    """Return the entities, or what else names the run."""
    return ", ".join(texts(document.get("entities"))) or text(document.get("entity")) or "Run"


def line_of(document: Entry) -> str:
    """Return when and where it ran."""
    environment = mapping(document.get("environment"))
    started = text(document.get("started")) or text(document.get("timestamp"))
    parts = (
        f"{started[:19].replace('T', ' ')} UTC" if started else "",
        duration(lasted_s(document)) if lasted_s(document) is not None else "",
        without_password(text(environment.get("target"))),
        f"PostgreSQL {environment['server_version']}" if environment.get("server_version") else "",
        text(document.get("run_id")),
    )
    return " · ".join(part for part in parts if part)


def standing_of(document: Entry) -> str:
    """Return what the run came to as a whole."""
    return text(document.get("standing")) or "no verdict"


def summary_of(document: Entry, operations: Mapping[str, Entry]) -> str:
    """Return a sentence: limits by verdict, and how much was done."""
    verdicts = Counter(text(item.get("verdict")) for item in entries(document.get("judgements")))
    judged = ", ".join(
        f"{verdicts[verdict]} {word}" for verdict, word in _LIMITS.items() if verdicts[verdict]
    )
    limits = f"{sum(verdicts.values())} limits: {judged}. " if judged else ""
    outcomes = [mapping(entry.get("outcomes")) for entry in operations.values()]
    due = sum(count(one.get("due")) - count(one.get("unfinished")) for one in outcomes)
    bad = due - sum(count(one.get("ok")) for one in outcomes)
    rate = ""
    if document.get("mode") == "mix":
        total = sum(number(entry.get("throughput")) or 0.0 for entry in operations.values())
        rate = f", {with_unit(total, '1/s')}"
    errors = f"; {whole(bad)} not ok ({with_unit(bad / due, 'fraction')})" if bad and due else ""
    many = "operation" if len(operations) == 1 else "operations"
    compared = _compared(document)
    return f"{limits}{len(operations)} {many}, {whole(due)} attempts{rate}{errors}.{compared}"


def _compared(document: Entry) -> str:
    comparison = mapping(document.get("comparison"))
    if not comparison:
        return ""
    if comparison.get("fails") is True:
        return " Worse than the baseline."
    if comparison.get("judged") is False:
        return " Whether it is worse than the baseline, nobody can tell."
    so_far = ", as far as that can be told" if comparison.get("open") is True else ""
    return f" No worse than the baseline{so_far}."


def footer_of(document: Entry) -> str:
    """Return who wrote it."""
    version = text(mapping(document.get("environment")).get("perfengine"))
    by = f"perfengine {version}" if version else "perfengine"
    return f"{by}. Latencies are response times of ok attempts unless something else is said."
