"""Names and paths."""

from __future__ import annotations

import pytest

from tests.documents import messages_of, scenario_of


@pytest.mark.parametrize(
    "name", ["on", "off", "yes", "no", "010", "12:30", "~", "1.10", "order", "Größe", '"null"']
)
def test_a_name_is_what_was_written(name: str) -> None:
    """Whatever YAML 1.1 thinks of it."""
    scenario = scenario_of(f"name: {name}\nfields: {{id: uuid, {name}: text}}\n")
    entity = scenario.entities[0].entity
    assert entity.name == name.strip('"')
    assert entity.fields[1].name == name.strip('"')


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ('""', "name: a name is empty"),
        ('"  "', "name: a name is empty"),
        ('" order"', 'name: " order" is not a name: it has blanks around it, a tab or a line end in it'),
        ('"a\\tb"', 'name: "a\tb" is not a name: it has blanks around it, a tab or a line end in it'),
        ("[a]", "name: it must be a name, found a list"),
        ("a" * 64, f'name: "{"a" * 57}..." has 64 bytes, a name has at most 63'),
        ("ü" * 32, f'name: "{"ü" * 32}" has 64 bytes, a name has at most 63'),
        ("pg_order", '"pg_order": names that begin with pg_ belong to PostgreSQL'),
    ],
)
def test_a_name_that_no_table_can_have_is_refused(name: str, message: str) -> None:
    """Longer names would be cut by PostgreSQL, silently."""
    (found,) = messages_of(f"name: {name}\nfields: {{id: uuid}}\n")
    assert found == f"1:7 {message}"


def test_a_name_of_63_bytes_is_read() -> None:
    """The limit itself is inside."""
    assert scenario_of(f"name: {'a' * 63}\nfields: {{id: uuid}}\n").entities[0].entity.name == "a" * 63


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.json", "a/../../x.json", "C:\\x.json", "..\\x.json", "\\x.json"]
)
def test_a_report_cannot_leave_the_results_directory(path: str) -> None:
    """A scenario may come from somebody else."""
    (found,) = messages_of(
        f"name: a\nfields: {{id: uuid}}\nperformance: {{reports: [{{format: json, path: '{path}'}}]}}"
    )
    assert found.endswith("is outside the results directory: write a file name, or use --report for any path")


def test_a_report_may_have_its_own_file() -> None:
    """A path inside the results directory is kept as written."""
    text = "name: a\nfields: {id: uuid}\nperformance: {reports: [{format: json, path: nightly/a.json}]}"
    assert scenario_of(text).entities[0].performance.reports[0].path == "nightly/a.json"
