"""Documents that mean harm, or are no documents at all."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfengine.errors import SpecError, UsageError
from perfengine.spec.read import read_scenario
from perfengine.spec.text.compose import FASTEST_LOADER
from tests.documents import document, messages_of
from tests.processor_time import within_cpu_s
from tests.seed import order_document, seed_blocks

MIB = 1 << 20
#: In processor time: how busy the machine is does not matter.
LONGEST_S = 1.0
MACHINE = "name: x\nfields: {status: string}\npatterns:\n- name: state_machine\n  initial_state: s0\n"


def _read(data: bytes) -> None:
    """Read a document, well or badly; anything but our own errors fails the test, and so does a second of work."""

    def read() -> None:
        try:
            read_scenario([document(data)])
        except (SpecError, UsageError) as error:
            str(error).encode()

    within_cpu_s(LONGEST_S, read)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: &a [x, x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(10)), "anchors (&a)"),
        (b"[" * 100_000, "nested deeper than 50 levels"),
        (b"{a: " * 100_000, "nested deeper than 50 levels"),
        (b"- " * 500_000, "nested deeper than 50 levels"),
        (b"? " * 500_000, "a key must be text"),
        (b"{" * 100_000, "must be text" if FASTEST_LOADER is yaml.SafeLoader else "deeper than 50 levels"),
        (b"a" * (2 * MIB), "over 1 MiB"),
        (b"<<: {a: 1}\n", "merge keys (<<)"),
        (bytes(range(256)) * 4000, "is not UTF-8"),
        (b"name: a\0b", "cannot be in a YAML document"),
        (b"- a\n" * (MIB // 4), "more than 20000 keys and values"),
        (
            b"fields: {" + b"".join(b"k%d: uuid, " % n for n in range(60_000)) + b"}\nx: &a 1",
            "more than 20000 keys and values",
        ),
        (b"name: [" + b"x " * 500_000 + b"]\nb: *a", "aliases (*a)"),
    ],
    ids=lambda value: value[:12].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_a_bomb_is_refused_in_one_line_and_under_a_second(data: bytes, message: str) -> None:
    """Nothing is expanded, copied or climbed into before it is refused."""
    messages = within_cpu_s(LONGEST_S, lambda: messages_of(data))
    assert len(messages) == 1
    assert message in messages[0]


@pytest.mark.parametrize(
    "text",
    [
        "name: x\nfields:\n" + "".join(f"  k{n}: uid\n" for n in range(5000)),
        MACHINE + f"  states: [{', '.join(f's{n}' for n in range(9000))}]\n  transitions: []\n",
        MACHINE
        + "  states: [a]\n  transitions:\n"
        + f"  - {{to: a, trigger: t, from: [{', '.join(f's{n}' for n in range(9000))}]}}\n",
        MACHINE.replace("status: string", ", ".join(f"f{n}: text" for n in range(900)))
        + "  states: [a]\n  transitions: []\n"
        + "- {name: validation, rules: ["
        + ", ".join(f"{{name: r{n}, field: g{n}, rule: x}}" for n in range(1000))
        + "]}\n",
        "a: 1\n" * 9000,
        "---\nname: a\n" * 3000,
    ],
    ids=["fields", "states", "sources", "rules", "duplicates", "documents"],
)
def test_a_file_of_mistakes_shows_the_first_hundred(text: str) -> None:
    """Thousands of mistakes cost a little time and no page of output each."""
    messages = within_cpu_s(5 * LONGEST_S, lambda: messages_of(text))
    assert 1 <= len(messages) <= 101


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("enum(" + "'" * 80, "is cut off"),
        (f"int{' ' * 5000}??", "unknown field type"),
        ("int" + "[]" * 5000, "an array has at most 6 dimensions"),
        ("list(int" + "[]" * 5000 + ")", "an array has at most 6 dimensions"),
    ],
    ids=["quotes", "blanks", "dimensions", "dimensions of a list"],
)
def test_a_type_is_read_once(text: str, message: str) -> None:
    """Quotes that nothing ends were tried in every grouping, blanks in every cut, and each [] was one call deeper."""
    document_of_it = f'name: x\nfields:\n  id: uuid\n  a: "{text}"\n'
    (found,) = within_cpu_s(LONGEST_S, lambda: messages_of(document_of_it))
    assert message in found


def test_a_condition_of_an_action_may_be_nested() -> None:
    """Each pair of parentheses was looked for from the beginning."""
    condition = "(" * 20_000 + "status = 'a'" + ")" * 20_000
    steps = f'[{{validate: "{condition}"}}, {{update: "Order SET status = \'b\'"}}]'
    _read(
        "entity: Order\nfields: {id: uuid, status: 'enum(a, b)'}\n"
        f"actions:\n- {{name: go, steps: {steps}}}\n".encode()
    )


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No file gives a traceback."""
    _read(data)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text gives a traceback."""
    _read(text.encode("utf-8", "surrogatepass"))


_KEYS = st.sampled_from(
    [
        "name",
        "entity",
        "fields",
        "patterns",
        "performance",
        "test_config",
        "requirements",
        "load",
        "states",
        "field",
        "service_level_agreements",
        "data_sets",
        "operation",
        "target_p95",
        "transitions",
        "from",
        "to",
        "trigger",
        "rules",
        "rule",
        "id",
        "status",
        "type",
        "metrics",
        "reports",
        "format",
        "version",
        "guard",
        "workload",
        "data",
        "ops",
        "sql",
        "params",
        "transaction",
        "steps",
        "as",
        "think",
        "expect",
        "retry",
        "stages",
        "target",
        "duration",
        "mix",
        "setup",
        "analyze",
        "session",
        "int",
        "min",
        "max",
        "choice",
        "ref",
        "null",
        "[key]",
        "x",
    ]
)
_SCALARS = st.sampled_from(
    [
        "order",
        "state_machine",
        "validation",
        "uuid",
        "string",
        "any",
        "null",
        "~",
        "''",
        "1",
        "0",
        "-1",
        "1.5",
        "200ms",
        "0.01",
        "1%",
        "true",
        "on",
        "'a > 0'",
        "latency",
        "json",
        "x",
        "2024-01-01",
        '"\\u00e9"',
        "include_x",
        "mix",
        "50/s",
        "'SELECT :x, :a.b FROM {{order}}'",
    ]
)


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return str(value)


_DOCUMENTS = st.dictionaries(
    _KEYS,
    st.recursive(
        _SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
        max_leaves=15,
    ),
    max_size=5,
)


@settings(max_examples=200, deadline=None)
@given(_DOCUMENTS)
def test_any_arrangement_of_known_words_is_read_or_refused(value: dict[str, object]) -> None:
    """Words in places where nobody expects them give mistakes, not tracebacks."""
    _read(_flow(value).encode())


_SEED = [order_document(), *seed_blocks().values()]
_PIECES = [
    "null",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "\n",
    "  ",
    "*a",
    "&a",
    "<<",
    "'",
    '"',
    "|",
    "#",
    "\t",
    "?",
    "---\n",
]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_document_is_read_or_refused(data: st.DataObject) -> None:
    """The seed's documents with pieces cut out, moved and put in."""
    text = data.draw(st.sampled_from(_SEED))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + data.draw(st.sampled_from([*_PIECES, text[start:stop] * 2, ""])) + text[stop:]
    _read(text.encode())
