"""Numbers of a document."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.requirement import Metric
from perfengine.spec.shape.quantities import parse_switch, parse_whole
from tests.documents import messages_of, scenario_of

ENTITY = "name: order\nfields: {id: uuid}\n"


@given(st.integers(0, 10**9))
def test_digits_are_read_as_the_number_they_write(value: int) -> None:
    """A number is its digits, nothing else."""
    assert parse_whole(str(value), 0, 10**9) == value


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1e3", "1_000", "0x10", "010", "ten", "", "٣", "1000001"])
def test_what_is_no_number_in_range_is_refused(text: str) -> None:
    """Signs, fractions, exponents, other digits and YAML 1.1's octals are no counts."""
    with pytest.raises(ValueError, match=r"whole number|octal"):
        parse_whole(text, 1, 1_000_000)


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("Yes", True), ("on", True), ("OFF", False), ("no", False)]
)
def test_switches_are_read_in_every_spelling_of_yaml(text: str, value: bool) -> None:
    """What YAML 1.1 reads as a boolean is one where a boolean is asked for."""
    assert parse_switch(text) is value


@pytest.mark.parametrize("text", ["1", "y", "wahr", ""])
def test_other_words_are_no_switch(text: str) -> None:
    """A number is not a boolean."""
    with pytest.raises(ValueError, match="neither true nor false"):
        parse_switch(text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("iterations: 0", "iterations: 0 is out of range: write a whole number from 1 to 1000000000"),
        ("iterations: -5", 'iterations: "-5" is not a whole number: write digits, from 1 to 1000000000'),
        ("iterations: 1.5", 'iterations: "1.5" is not a whole number: write digits, from 1 to 1000000000'),
        ("iterations: many", 'iterations: "many" is not a whole number: write digits, from 1 to 1000000000'),
        ("iterations: 010", 'iterations: "010" begins with 0, which some read as octal: write 10'),
        ("concurrency: 5001", "concurrency: 5001 is out of range: write a whole number from 1 to 5000"),
        ("concurrency: [5]", "concurrency: it must be a whole number, found a list"),
        ("timeout: 30", "timeout: a duration needs a unit: 30ms or 30s?"),
        ("timeout: 0s", 'timeout: "0s" is out of range, a duration lies between 1ns and 365 days'),
        (
            "timeout: 12:30",
            'timeout: "12:30" is not a duration, write 200ms, 5us, 1.5s, 2m, 1h or 30 seconds',
        ),
        ("enabled: maybe", 'enabled: "maybe" is neither true nor false'),
        (
            "enabled:",
            "enabled: nothing is written here: give a value, in quotes if it is the word null, or remove the key",
        ),
    ],
)
def test_wrong_settings_say_what_is_right(line: str, message: str) -> None:
    """Each setting has its range and its unit."""
    (found,) = messages_of(f"{ENTITY}performance:\n  {line}\n")
    assert found.split(" ", 1)[1] == message


def test_a_number_without_end_is_refused_at_once() -> None:
    """A hundred thousand digits are never turned into a number."""
    (found,) = messages_of(f"{ENTITY}performance: {{iterations: {'9' * 100_000}}}\n")
    assert found.endswith("is too long for a whole number")


@pytest.mark.parametrize(
    ("written", "limit"), [("0", 0.0), ("0.01", 0.01), ('"1%"', 0.01), ('"100%"', 1.0), ("0.999", 0.999)]
)
def test_an_error_rate_is_a_fraction_or_says_percent(written: str, limit: float) -> None:
    """One unit inside: the fraction."""
    scenario = scenario_of(f"{ENTITY}requirements: {{load: {{error_rate: {written}}}}}\n")
    (requirement,) = scenario.requirements
    assert (requirement.metric, requirement.limit) == (Metric.ERROR_RATE, limit)


@pytest.mark.parametrize("written", ["1", "1.0", "5", "99"])
def test_an_error_rate_that_fits_neither_reading_names_both(written: str) -> None:
    """Percent without a sign is not guessed."""
    (found,) = messages_of(f"{ENTITY}requirements: {{load: {{error_rate: {written}}}}}\n")
    assert "as a fraction" in found
    assert "as percent it would be" in found


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("availability", "0.999", Decimal("0.999")),
        ("availability", '"99.9%"', Decimal("0.999")),
        ("error_budget", "0.1", Decimal("0.001")),
        ("error_budget", '"0.1%"', Decimal("0.001")),
        ("error_budget", "2.0", Decimal("0.02")),
    ],
)
def test_availability_is_a_fraction_and_a_budget_is_percent(key: str, written: str, value: Decimal) -> None:
    """Both are kept exactly, as fractions."""
    text = f"{ENTITY}service_level_agreements: {{gold: [{{operation: x, {key}: {written}}}]}}\n"
    (level,) = scenario_of(text).service_levels
    assert getattr(level, key) == value


@pytest.mark.parametrize(
    ("key", "written", "words"),
    [
        ("availability", "99.9", ("as a fraction is 99.9", "as percent it would be 0.999")),
        ("availability", "1", ("as a fraction asks that nothing ever fails", "as percent it would be 0.01")),
        ("availability", "0", ("asks for nothing",)),
        ("error_budget", "101", ("as percent is above 100", "as a fraction it would be above 1")),
        ("error_budget", "100", ("as percent is all of them",)),
        ("error_budget", "0", ("asks that nothing ever fails",)),
    ],
)
def test_promises_that_cannot_be_meant_are_refused(key: str, written: str, words: tuple[str, ...]) -> None:
    """A promise that always holds, or that no sample can prove, is a slip of units."""
    (found,) = messages_of(
        f"{ENTITY}service_level_agreements: {{gold: [{{operation: x, {key}: {written}}}]}}\n"
    )
    assert all(word in found for word in words)


@pytest.mark.parametrize(
    ("line", "metric", "limit"),
    [
        ("load: {concurrent_users: 1000}", Metric.CONCURRENT_USERS, 1000),
        ("load: {requests_per_second: 500}", Metric.THROUGHPUT, 500.0),
        ("load: {requests_per_second: 30/min}", Metric.THROUGHPUT, 0.5),
        ("resources: {memory_per_request: 10MB}", Metric.MEMORY_PER_REQUEST, 10_000_000),
        ("resources: {memory_per_request: 10MiB}", Metric.MEMORY_PER_REQUEST, 10_485_760),
        ("resources: {cpu_per_request: 5ms}", Metric.CPU_PER_REQUEST, 5_000_000),
        ("resources: {connections: 100}", Metric.CONNECTIONS, 100),
    ],
)
def test_limits_of_the_whole_run_have_their_units(line: str, metric: Metric, limit: float) -> None:
    """Rates per second, sizes in bytes, times in ns, and no subject."""
    (requirement,) = scenario_of(f"{ENTITY}requirements: {{{line}}}\n").requirements
    assert (requirement.subject, requirement.metric, requirement.limit) == (None, metric, limit)


@pytest.mark.parametrize(
    "line", ["memory_per_request: 0MB", "memory_per_request: 0.5B", "memory_per_request: 10"]
)
def test_a_size_has_a_unit_and_is_not_nothing(line: str) -> None:
    """Ten is not ten of anything."""
    assert len(messages_of(f"{ENTITY}requirements: {{resources: {{{line}}}}}\n")) == 1
