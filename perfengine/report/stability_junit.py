"""The stability of a repeated load as test cases of JUnit XML, one an operation.

A case passes or is skipped, and says why in its message: a file is red exactly when the exit code is not 0, and how
much repeats differ decides none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from perfengine.model.verdict import Verdict
from perfengine.report.measures import FRACTION, value_text
from perfengine.report.signs import plain
from perfengine.report.stability_words import outlier_words, spread_words, stability_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.repeats import OperationRepeats
    from perfengine.model.result import RunResult


def stability_cases(result: RunResult) -> Iterator[ET.Element]:
    """Yield a case for each operation that was repeated."""
    if result.repeats < 2:
        return
    entities = {run.operation.name: run.operation.entity for run in result.operations}
    for repeats in result.stability:
        entity = entities.get(repeats.operation, "run")
        limit = value_text(repeats.between.limit, FRACTION)
        case = ET.Element(
            "testcase",
            classname=f"perfengine.{plain(entity)}.{plain(repeats.operation)}",
            name=f"stability: repeats vary by <= {limit}",
            time="0.000",
        )
        _add_verdict(case, repeats)
        yield case


def _add_verdict(case: ET.Element, repeats: OperationRepeats) -> None:
    between = repeats.between
    is_proven = between.verdict is Verdict.PASS
    found = ET.SubElement(case, "system-out" if is_proven else "skipped")
    if not is_proven:
        found.attrib |= {"type": between.verdict, "message": stability_words(between)}
    found.text = "\n".join([spread_words(between), *outlier_words(repeats)])
