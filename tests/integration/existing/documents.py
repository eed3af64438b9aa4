"""Entities for the tables of `schema.sql`."""

from __future__ import annotations

ORDER = """\
name: order
fields:
  id: uuid
  customer_id: uuid
  status: string
  total_amount: decimal
  created_at: timestamp
  updated_at: timestamp
patterns:
  - name: state_machine
    initial_state: pending
    states: [pending, confirmed, shipped, delivered]
    transitions:
      - {from: pending, to: confirmed, trigger: confirm}
      - {from: confirmed, to: shipped, trigger: ship}
      - {from: shipped, to: delivered, trigger: deliver}
  - name: validation
    rules:
      - {name: positive_total, field: total_amount, rule: "total_amount > 0"}
"""

CONTACT = """\
name: contact
fields: {id: uuid, email: string, status: string, company: integer}
patterns:
  - name: state_machine
    initial_state: lead
    states: [lead, qualified, customer]
    transitions:
      - {from: lead, to: qualified, trigger: qualify}
"""

LONG_NAME = 'a "quoted" näme, of 63 bytes and no more than this, yes indeed'


def entity(name: str, fields: str = "id: uuid") -> str:
    """Return an entity with a name and nothing else to say."""
    quoted = name.replace("'", "''")
    return f"name: '{quoted}'\nfields: {{{fields}}}\n"
