"""A judged limit in words and values, for formats that set them out in their own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.verdict import Verdict
from perfengine.report.limit_text import name_text, seen_text
from perfengine.report.measures import comparison_text, unit_of, value_text
from perfengine.report.signs import UNICODE, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.mistake import Position
    from perfengine.model.verdict import Judgement

WORST_FIRST: Final = (Verdict.FAIL, Verdict.UNPROVEN, Verdict.PASS)


def worst_verdict(judgements: Iterable[Judgement]) -> Verdict | None:
    """Return the worst verdict of these limits, None without any."""
    found = {judged.verdict for judged in judgements}
    return next((verdict for verdict in WORST_FIRST if verdict in found), None)


def finding(judgement: Judgement) -> str:
    """Return what the text report says of a limit, as one line: `order_create p95: 0.2613s > 0.2000s (max)`."""
    seen, why = seen_text(judgement, UNICODE), reason_words(judgement)
    words = (why, seen) if judgement.verdict is Verdict.UNPROVEN else (seen, why)
    return f"{name_text(judgement)}: {', '.join(filter(None, words))}"


def owner(judgement: Judgement) -> str:
    """Return what the limit speaks of: an operation, else what the document named, else the run."""
    return plain(judgement.operation or judgement.subject)


def limit_name(judgement: Judgement) -> str:
    """Return the metric and the limit: `p95 <= 0.2000s`."""
    relation = ">=" if judgement.floor else "<="
    return f"{judgement.metric} {relation} {value_text(judgement.limit, unit_of(judgement.metric))}"


def other_name(judgement: Judgement) -> str:
    """Return the name under which the limit was asked, empty where it is the operation's own."""
    named_otherwise = judgement.operation not in {None, judgement.subject}
    return plain(judgement.subject) if named_otherwise else ""


def compared(judgement: Judgement) -> tuple[str, str]:
    """Return the observed value and the limit; unequal values never look alike."""
    unit = unit_of(judgement.metric)
    if judgement.observed is None:
        return "", value_text(judgement.limit, unit)
    observed, _, limit = comparison_text(judgement.observed, judgement.limit, unit, UNICODE.beyond).split(" ")
    return observed, limit


def reason_words(judgement: Judgement) -> str:
    """Return why a limit is unproven, or what else is to be said of it; empty where nothing is."""
    why = ": ".join(filter(None, (judgement.reason, judgement.detail)))
    caution = f"caution: {judgement.caution}" if judgement.caution else ""
    return plain(", ".join(filter(None, (why, caution))))


def position_of(judgement: Judgement) -> Position | None:
    """Return where the limit was asked."""
    asked = judgement.requirement or judgement.service_level
    return asked.position if asked else None
