"""Documents for generated files: plain ones, and such as somebody may write who means harm."""

from __future__ import annotations

import json
from typing import Any

#: What may stand in a name: reserved words, types of the server, and what ends a quote, a comment, a statement or a
#: file's directory.
HOSTILE_NAMES = (
    "user",
    "select",
    "my table",
    "it's",
    'say "yes"',
    "naïve 🦉",
    "x; DROP TABLE victim; --",
    "*/ DROP TABLE victim; /*",
    "../../up",
    "$body$ $1 $sql$ $do$",
    "{x} %s %% {0}",
    "a\\b \\! touch pwned",
    ":'HOST' :DBNAME",
    "perfengine",
    "claimed",
    "[a-z]*?",
    "é" * 25,
    "line",
    "record",
    "_text",
)
#: Names of fields that the helpers of a file have themselves.
HELPER_NAMES = (
    "name",
    "sql",
    "state",
    "key",
    "made",
    "number",
    "benchmark",
    "iteration",
    "place",
    "min",
    "t",
    "c",
)
HOSTILE_TEXT = 'it\'s\n"quoted"\n*/ -- $$ $body$ \'; DROP TABLE victim; --\n\\! touch pwned\n""" %s {x}'


def hostile_document(name: str) -> str:
    """Return an entity in which everything that may be named is called `name`, or nearly so."""
    return document(
        name=name,
        fields={
            "id": "uuid",
            f"{name[:20].strip()}_id": "uuid",
            "total": "decimal",
            f"f{name[:20]}".strip(): "string",
            "status": "string",
            **dict.fromkeys(HELPER_NAMES, "integer"),
        },
        patterns=[
            {
                "name": "state_machine",
                "description": HOSTILE_TEXT,
                "initial_state": f"new {name[:20]}".strip(),
                "states": [f"new {name[:20]}".strip(), f"old {name[:20]}".strip()],
                "transitions": [
                    {
                        "from": f"new {name[:20]}".strip(),
                        "to": f"old {name[:20]}".strip(),
                        "trigger": f"t {name[:4]}".strip(),
                        "guard": f"total > 3 AND 'guard {_text(name)}' <> ''",
                    }
                ],
            },
            {
                "name": "validation",
                "description": HOSTILE_TEXT,
                "rules": [
                    {
                        "name": f"r {name[:4]}".strip(),
                        "field": "total",
                        "rule": f"total > 0 OR 'a' = '{_text(name)}'",
                    }
                ],
            },
        ],
    )


def document(**keys: Any) -> str:
    """Return a document: JSON is YAML."""
    return json.dumps(keys, ensure_ascii=False)


def _text(name: str) -> str:
    return name.replace("'", "''").replace("\\", "")


#: A field for each generator; the rules say what the values must be, so that a wrong one is refused.
EVERY_GENERATOR = """\
name: thing
fields:
  id: bigint
  code: string(40)
  long: text
  hexes: string(12)
  few: integer
  huge: bigint
  amount: decimal(8,3)
  below: decimal
  bell: integer
  falling: float
  hot: integer
  colour: string
  heavy: string
  day: date
  recent_day: date
  at: timestamp
  soon: timestamp
  flag: boolean
  other: uuid
  meta: json
  maybe: integer?
  fixed: integer
  counted: bigint
  owner_id: bigint
patterns:
  - name: validation
    rules:
      - {name: code, field: code, rule: "code ~ '^c-[0-9]+-[0-9a-f]{8}$'"}
      - {name: long, field: long, rule: "length(long) = 100"}
      - {name: few, field: few, rule: "few BETWEEN -3 AND 3"}
      - {name: amount, field: amount, rule: "amount >= 0.125 AND amount <= 0.375"}
      - {name: below, field: below, rule: "below < -1"}
      - {name: bell, field: bell, rule: "bell BETWEEN 10 AND 20"}
      - {name: falling, field: falling, rule: "falling >= 1 AND falling <= 5"}
      - {name: hot, field: hot, rule: "hot BETWEEN 1 AND 50"}
      - {name: heavy, field: heavy, rule: "heavy IN ('a', 'b')"}
      - {name: day, field: day, rule: "day >= '2024-02-28' AND day <= '2024-03-01'"}
      - {name: recent_day, field: recent_day, rule: "recent_day <= current_date"}
      - {name: soon, field: soon, rule: "soon >= now() - interval '1 day'"}
      - {name: pair, field: few, rule: "few < fixed"}
      - {name: counted, field: counted, rule: "counted % 7 = 3"}
data:
  thing:
    code: {template: "c-{index}-{word}"}
    long: {text: {length: 100}}
    few: {int: {min: -3, max: 3}}
    huge: {int: {min: -9000000000000000000, max: 9000000000000000000}}
    amount: {decimal: {min: 0.125, max: 0.375, scale: 3}}
    below: {decimal: {min: -5, max: -1.01}}
    bell: {int: {min: 10, max: 20, dist: normal, mean: 15, stdev: 9}}
    falling: {float: {min: 1, max: 5, dist: exponential, mean: 2}}
    hot: {int: {min: 1, max: 50, dist: zipf, s: 1.0}}
    colour: {choice: [red, "it's", green]}
    heavy: {choice: {a: 90, b: 10}}
    day: {date: {min: 2024-02-28, max: 2024-03-01}}
    at: {timestamp: {min: 2024-02-28, max: 2024-03-01}}
    soon: {ahead: {max: 36h}}
    flag: {bool: {p: 0.25}}
    maybe: {int: {min: 1, max: 9}, null: 0.5}
    fixed: {const: 5}
    counted: {sequence: {start: 3, step: 7}}
    owner_id: {ref: owner, dist: zipf, s: 1.2}
"""

#: Two entities, of which one refers to the other and both have machines; a guard that few rows would satisfy.
ORDERS_OF_CUSTOMERS = (
    """\
name: customer
fields: {id: integer, region_id: uuid, email: string, status: string}
patterns:
  - name: state_machine
    initial_state: new
    states: [new, active]
    transitions: [{from: new, to: active, trigger: activate}]
data:
  customer:
    email: {template: "user_{index}@example.com"}
""",
    """\
name: order
fields: {id: text, customer_id: integer, paid: boolean, total: integer, status: string}
patterns:
  - name: state_machine
    initial_state: open
    states: [open, closed]
    transitions: [{from: open, to: closed, trigger: close, guard: "paid AND total = 7"}]
  - name: validation
    rules: [{name: total, field: total, rule: "total > 0"}]
""",
)
