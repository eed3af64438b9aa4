"""Values worth trying whatever a rule says: a few of each shape that rules commonly ask for, as SQL text input."""

from __future__ import annotations

from typing import Final

from perfengine.model.entity import FieldType

#: Shapes of text, ordinary ones first: a rule is tried with them until one is accepted and one refused.
TEXTS: Final = (
    "abc",
    "",
    "a",
    "A",
    "ABC",
    "Abc",
    "Hello World",
    " ",
    " a ",
    "user@example.com",
    "user@",
    "+14155550123",
    "555-0123",
    "(415) 555-0123",
    "https://example.com/",
    "http://example.com",
    "example.com",
    "US",
    "USA",
    "USD",
    "EUR",
    "en",
    "en-US",
    "en_US",
    "0",
    "1",
    "-1",
    "3.14",
    "12",
    "123",
    "1234",
    "12345",
    "123456",
    "12345-6789",
    "1234567890",
    "4111111111111111",
    "DE89370400440532013000",
    "a-slug",
    "snake_case",
    "camelCase",
    "AB-1234",
    "ABC-123",
    "ABC-1234",
    "ABC123",
    "SKU-000001",
    "#a1b2c3",
    "192.0.2.1",
    "2001:db8::1",
    "2024-01-31",
    "10:30",
    "00000000-0000-4000-8000-000000000000",
    "true",
    "!",
    "é",
)

#: Of numbers: around zero.
NUMBERS: Final = (0, 1, -1, 2, 100)

#: Special words are read by the server when it evaluates the rule.
DATES: Final = ("now", "yesterday", "tomorrow", "1970-01-01", "2000-01-01", "2999-12-31", "1900-01-01")

BY_TYPE: Final[dict[FieldType, tuple[str, ...]]] = {
    FieldType.BOOLEAN: ("true", "false"),
    FieldType.DATE: DATES,
    FieldType.JSON: ("{}", "[]", "null", "0", "1", "true", '"a"', '""', '{"a": 1}', "[1]"),
    FieldType.STRING: TEXTS,
    FieldType.TEXT: TEXTS,
    FieldType.TIMESTAMP: DATES,
    FieldType.UUID: (
        "6b1f2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ),
}
