"""A comparison as JUnit XML: a test case an operation, beside those of the limits or in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from perfengine.model.comparison import Presence
from perfengine.report.comparison_text import operation_lines
from perfengine.report.comparison_words import is_open, operation_verdict, sentence
from perfengine.report.junit_document import junit_document
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.compared import ComparisonResult
    from perfengine.model.comparison import OperationComparison

_CLASS = "perfengine.baseline"


def render_comparison_junit(comparison: ComparisonResult, *, strict: bool = False) -> bytes:
    """Return the XML document, ending in a newline; with `strict` what is open is an error, else skipped."""
    suite = ET.Element("testsuite", name="perfengine.compare")
    suite.extend(comparison_cases(comparison, strict=strict))
    ET.SubElement(suite, "system-out").text = sentence(comparison)
    return junit_document(suite, 0.0)


def comparison_cases(comparison: ComparisonResult, *, strict: bool = False) -> Iterator[ET.Element]:
    """Yield a case for each operation of A and B."""
    for operation in comparison.operations:
        case = ET.Element("testcase", classname=_CLASS, name=plain(operation.name), time="0.000")
        kind = _kind(comparison, operation, strict=strict)
        if kind:
            verdict = operation_verdict(operation)
            finding = ET.SubElement(case, kind, type=_type(operation), message=verdict)
            finding.text = "\n".join(operation_lines(operation))
        yield case


def _kind(comparison: ComparisonResult, operation: OperationComparison, *, strict: bool) -> str:
    if comparison.fails_for(operation):
        return "failure"
    if strict and comparison.is_open_for(operation):  # what the tolerance alone decides stays open, too
        return "error"
    return "skipped" if is_open(operation) else ""


def _type(operation: OperationComparison) -> str:
    if operation.presence is Presence.MISSING:
        return "MISSING"
    return next((str(row.answer) for row in operation.metrics if row.fails or row.is_gating), "INCONCLUSIVE")
