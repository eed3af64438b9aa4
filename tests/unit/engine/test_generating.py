"""What is refused before any file is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfengine.engine.generating import GenerateRequest, _command, _require_distinct, generate
from perfengine.errors import SpecError, UsageError


def _request(*paths: str) -> GenerateRequest:
    return GenerateRequest(paths=tuple(map(Path, paths)), output_dir=Path("out"))


@pytest.mark.parametrize("name", ["workload.py", "script.sql"])
def test_files_are_made_of_documents(name: str) -> None:
    """Not of Python, nor of SQL."""
    with pytest.raises(UsageError, match=f"{name}: files are generated from documents"):
        generate(_request("order.yaml", name))


def test_a_document_that_is_not_there_is_a_mistake() -> None:
    """As everywhere."""
    with pytest.raises((SpecError, UsageError), match=r"nowhere\.yaml"):
        generate(_request("nowhere.yaml"))


def test_two_entities_have_two_files_on_every_system() -> None:
    """Some do not tell capitals from small letters."""
    _require_distinct(["a_benchmark.py", "b_benchmark.py"])
    with pytest.raises(UsageError, match=r"order_benchmark\.py and Order_benchmark\.py may be one file"):
        _require_distinct(["order_benchmark.py", "Order_benchmark.py"])


def test_the_command_at_the_head_of_a_file_makes_it_again() -> None:
    """Whatever a shell would make of a glob."""
    request = GenerateRequest(
        paths=(),
        output_dir=Path("out"),
        data_size=5,
        iterations=3,
        excludes=("*_ship", "x y"),
        with_schema=True,
    )
    assert " ".join(_command(request)) == (
        "perfengine generate --data-size 5 --iterations 3 --exclude '*_ship' --exclude 'x y' --with-schema"
    )
