"""The frame of a JUnit file: one suite with its counts, in a document of its own."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

#: Attribute of a suite to what it counts.
_COUNTED: Final = {
    "tests": "testcase",
    "failures": ".//failure",
    "errors": ".//error",
    "skipped": ".//skipped",
}


def junit_document(suite: ET.Element, time_s: float, **attributes: str) -> bytes:
    """Return the XML document of a suite, ending in a newline; the suite is given its counts and `attributes`."""
    counts = {name: str(len(suite.findall(path))) for name, path in _COUNTED.items()}
    took = f"{time_s:.3f}"
    suite.attrib |= {**counts, "time": took, **attributes}
    del counts["skipped"]  # no attribute of the root
    root = ET.Element("testsuites", {"name": "perfengine", **counts, "time": took})
    root.append(suite)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"
