"""Python operations in a scenario: beside documents, by themselves, and when names clash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.python_scenario import NO_DOCUMENTS, find_python, with_python
from perfengine.engine.request import RunRequest
from perfengine.errors import SpecError, UsageError
from perfengine.model.workload import Mode

if TYPE_CHECKING:
    from pathlib import Path

ONE = "import perfengine\n@perfengine.operation(requirements={'p95': '1s'})\nasync def one(client): ...\n"
TWO = ONE + "@perfengine.operation\nasync def two(client): ...\n"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.py").write_text(ONE)
    (tmp_path / "two.py").write_text(TWO)


@pytest.mark.parametrize(
    ("files", "asked", "mode"),
    [
        (("one.py",), None, None),  # alone: whatever documents say of one operation
        (("two.py:two",), None, None),
        (("two.py",), None, Mode.MIX),
        (("two.py",), Mode.BENCHMARK, Mode.BENCHMARK),
        (("one.py",), Mode.MIX, Mode.MIX),
    ],
)
def test_several_operations_are_a_mix(files: tuple[str, ...], asked: Mode | None, mode: Mode | None) -> None:
    """Unless something else was asked for."""
    request = RunRequest(python=files, mode=asked)
    assert with_python(NO_DOCUMENTS, find_python(request), request).workload.mode is mode


def test_what_the_scenario_takes_from_a_file() -> None:
    """Its name, its path, its operations and their limits, and a digest of its text."""
    request = RunRequest(python=("two.py",))
    scenario = with_python(NO_DOCUMENTS, find_python(request), request)
    assert (scenario.name, scenario.paths) == ("two", ("two.py",))
    assert [one.name for one in scenario.workload.operations] == ["one", "two"]
    assert [(one.subject, one.limit) for one in scenario.requirements] == [("one", 10**9)]
    other = RunRequest(python=("one.py",))
    assert scenario.text_sha256 != with_python(NO_DOCUMENTS, find_python(other), other).text_sha256


def test_without_python_a_scenario_stays_as_it_is() -> None:
    """Also its digest."""
    assert with_python(NO_DOCUMENTS, (), RunRequest()) == NO_DOCUMENTS


def test_operations_of_one_name_in_two_files() -> None:
    """The second is the mistake, and the first is named."""
    request = RunRequest(python=("one.py", "two.py"))
    with pytest.raises(SpecError) as caught:
        with_python(NO_DOCUMENTS, find_python(request), request)
    assert str(caught.value).startswith('two.py:3:11: "one" is at one.py:3:11 already')


def test_what_is_wrong_in_all_files_is_said_at_once() -> None:
    """Not only in the first."""
    with pytest.raises(UsageError, match=r"(?s)a\.py: cannot be read.*b\.py: cannot be read"):
        find_python(RunRequest(python=("a.py", "b.py")))
