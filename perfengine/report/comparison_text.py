"""A comparison as text for a terminal of 80 columns: one sentence first, then a table an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.comparison import Answer
from perfengine.model.fingerprint import FieldClass
from perfengine.report.comparison_words import (
    answer_text,
    change_text,
    interval_text,
    metric_word,
    operation_verdict,
    sentence,
    size_text,
    value_or_dash,
)
from perfengine.report.signs import ASCII, UNICODE, folded, for_stream, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from perfengine.model.compared import ComparisonResult
    from perfengine.model.comparison import MetricComparison, OperationComparison
    from perfengine.model.fingerprint import FieldDifference, Known
    from perfengine.report.signs import Signs

_HEAD: Final = ("metric", "before", "after", "change", "99% interval", "verdict", "sees", "more")
#: At least: of a cell that is wider its column is as wide.
_WIDTHS: Final = (10, 9, 9, 7, 16, 13, 5, 4)
_LEFT: Final = frozenset({0, 5})


def render_comparison(comparison: ComparisonResult, *, unicode: bool = True) -> str:
    """Return the report, ending in a newline; without `unicode` it is pure ASCII."""
    signs = UNICODE if unicode else ASCII
    sections = [comparison_lines(comparison, signs), *_tables(comparison, signs), *_legend(comparison)]
    text = "\n\n".join("\n".join(section) for section in sections) + "\n"
    return for_stream(text, unicode=unicode)


def comparison_sections(comparison: ComparisonResult, signs: Signs) -> list[list[str]]:
    """Return what the report of a run says of its comparison: a heading, the sentence, the tables."""
    head = ["Baseline Comparison:", *comparison_lines(comparison, signs)]
    return [head, *_tables(comparison, signs), *_legend(comparison)]


def comparison_lines(comparison: ComparisonResult, signs: Signs) -> list[str]:
    """Return the sentence that says it all, and the notes."""
    notes = (line for note in comparison.notes for line in folded(f"- {plain(note)}", "  "))
    return [*folded(sentence(comparison, signs)), *notes]


def operation_lines(operation: OperationComparison) -> list[str]:
    """Return the table of an operation with the remarks below it; none of one that is on one side only."""
    return [*_rows(operation), *_below(operation)]


def _tables(comparison: ComparisonResult, signs: Signs) -> Iterator[list[str]]:
    said = _said_of_all(comparison)
    for operation in comparison.operations:
        sign = signs.violated if comparison.fails_for(operation) else ""
        title = folded(f"{sign}{plain(operation.name)}: {operation_verdict(operation)}")
        yield [*title, *_rows(operation), *_below(operation, said)]
    if said:
        yield ["Of all operations:", *(line for text in said for line in folded(f"- {plain(text)}", "  "))]


def _rows(operation: OperationComparison) -> Iterator[str]:
    if operation.metrics:
        lines = [_HEAD, *map(_cells, operation.metrics)]
        columns = zip(_WIDTHS, *([len(cell) for cell in cells] for cells in lines), strict=True)
        widths = [max(column) for column in columns]
        yield from (_line(cells, widths) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if number in _LEFT else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return " ".join(padded).rstrip()


def _cells(row: MetricComparison) -> tuple[str, ...]:
    return (
        metric_word(row),
        value_or_dash(row, row.before),
        value_or_dash(row, row.after),
        change_text(row),
        interval_text(row),
        answer_text(row),
        "" if row.smallest is None else size_text(row.smallest),
        "" if row.needed is None else str(row.needed),
    )


def _below(operation: OperationComparison, said: Collection[str] = ()) -> Iterator[str]:
    """Yield why rows are open, what is to be kept in mind, and what differs; not what is said for all operations."""
    for text, metrics in _remarks(operation).items():
        if text not in said:
            who = "" if len(metrics) == len(operation.metrics) else f"{', '.join(metrics)}: "
            yield from folded(f"- {who}{plain(text)}", "  ")
    if operation.forced:
        yield "- compared all the same, as --force asks"
    for difference in operation.differences:
        text = _difference(difference)
        if difference.field_class is not FieldClass.INFO and text not in said:
            yield from folded(f"- {text}", "  ")


def _remarks(operation: OperationComparison) -> dict[str, list[str]]:
    """Return what is said of metrics, with the metrics it is said of."""
    remarks: dict[str, list[str]] = {}
    has_fields = any(each.field_class is FieldClass.HARD for each in operation.differences)
    for row in operation.metrics:
        named = row.answer is Answer.NOT_COMPARABLE and has_fields  # the fields stand below
        for text in filter(None, ("" if named else row.reason, *row.notes)):
            remarks.setdefault(text, []).append(metric_word(row))
    return remarks


def _said_of_all(comparison: ComparisonResult) -> list[str]:
    """Return the remarks and differences that every operation with a table has, where there are several."""
    compared = [operation for operation in comparison.operations if operation.metrics]
    if len(compared) < 2:
        return []
    texts = [
        [
            *_remarks(operation),
            *(
                _difference(difference)
                for difference in operation.differences
                if difference.field_class is not FieldClass.INFO
            ),
        ]
        for operation in compared
    ]
    common = set(texts[0]).intersection(*texts[1:])
    return [text for text in texts[0] if text in common]


def _difference(difference: FieldDifference) -> str:
    weight = "differs" if difference.field_class is FieldClass.HARD else "warning: differs"
    return f"{plain(difference.name)} {weight}: {_known(difference.before)}, now {_known(difference.after)}"


def _known(value: Known | None) -> str:
    text = "unknown" if value is None else plain(str(value))
    return text if len(text) <= 60 else f"{text[:57]}..."


def _legend(comparison: ComparisonResult) -> Iterator[list[str]]:
    rows = [row for operation in comparison.operations for row in operation.metrics]
    if any(row.smallest is not None for row in rows):
        words = "sees: the smallest change that such data show in 9 of 10 cases"
        more = "; more: further runs a side that would suffice" if any(row.needed for row in rows) else ""
        yield folded(f"{words}{more}", "  ")
