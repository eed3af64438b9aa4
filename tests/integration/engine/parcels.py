"""A parcel that is sent: the smallest entity with rows that are used up, and workloads of it."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import Final

PARCEL: Final = """\
name: parcel
fields:
  id: uuid
  status: string(20)
  weight: decimal(8,2)
patterns:
  - name: state_machine
    initial_state: pending
    states: [pending, sent, lost]
    transitions:
      - {from: pending, to: sent, trigger: send}
performance:
  data_sets: [{name: small, parcel: 100}]
"""


def workload(text: str) -> str:
    """Return the document of a workload; `text` is what stands below its key."""
    return f"workload:\n{indent(dedent(text), '  ')}"
