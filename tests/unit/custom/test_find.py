"""Finding: which operations a file has, in every process alike, and what is said of a file that cannot be read."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.custom.find import find_operations
from perfengine.custom.module import is_python, load_module, split_name
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from tests.unit.custom.conftest import Complaint, Write

ROOT = Path(__file__).parents[3]
TWO = """
@perfengine.setup
async def make(client): ...

@perfengine.operation(weight=3)
async def read(client): ...

@perfengine.operation("buy")
class Checkout:
    async def run(self, client): ...
"""


def test_operations_come_in_the_order_of_their_definition(write: Write) -> None:
    """Each can be found again by path and name."""
    found = find_operations(write(TWO))
    assert [(one.name, one.weight) for one in found.operations] == [("read", 3.0), ("buy", 1.0)]
    assert [(one.python.path, one.python.name) for one in found.operations if one.python] == [
        ("shop.py", "read"),
        ("shop.py", "buy"),
    ]
    assert (found.has_setup, found.has_teardown) == (True, False)


def test_one_can_be_chosen(write: Write) -> None:
    """By the name that reports call it; what is made before the load is made all the same."""
    found = find_operations(write(TWO), "buy")
    assert [one.name for one in found.operations] == ["buy"]
    assert found.has_setup


def test_a_name_that_is_not_there_comes_with_those_that_are(write: Write) -> None:
    """And with the nearest."""
    with pytest.raises(UsageError) as caught:
        find_operations(write(TWO), "raed")
    assert str(caught.value) == (
        'shop.py: no operation is called "raed" there\n   one of: read, buy\n   did you mean "read"?'
    )


def test_the_same_operations_in_another_process(write: Write) -> None:
    """A load process finds what the run found."""
    path = write(TWO)
    program = f"""if True:
        import pickle, sys
        from perfengine.custom.find import find_operations
        sys.stdout.buffer.write(pickle.dumps(find_operations({path!r})))
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert pickle.loads(done.stdout) == find_operations(path)  # noqa: S301 - what we have just written


def test_a_file_is_imported_once_until_it_changes(write: Write) -> None:
    """Its module is the same for the same content, and another for another."""
    first = load_module(write(TWO))
    assert load_module("shop.py") is first
    write(TWO + "\n# changed\n")
    assert load_module("shop.py") is not first


def test_two_files_of_one_name_are_two_modules(write: Write) -> None:
    """Their folders tell them apart."""
    assert load_module(write(TWO, "a/shop.py")) is not load_module(write(TWO, "b/shop.py"))


def test_a_file_imports_its_neighbours(write: Write) -> None:
    """Its folder is on the search path, at the end of it after the import; their operations are its own."""
    write("@perfengine.operation\nasync def lent(client): ...", "flows/lender_of_operations.py")
    path = write("from lender_of_operations import lent\nalias = lent", "flows/borrower.py")
    assert [one.name for one in find_operations(path).operations] == ["lent"]
    assert sys.path[-1].endswith("flows")


def test_what_a_file_prints_does_not_reach_stdout(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """For stdout may be the result."""
    find_operations(write("print('hello')" + TWO))
    assert capsys.readouterr() == ("", "hello\n")


def test_two_operations_of_one_name(complaint: Complaint) -> None:
    """The second is named, with the place of the first."""
    said = complaint(TWO + "\n@perfengine.operation('read')\nasync def again(client): ...")
    assert said.startswith(
        'shop.py:14:11: another operation is called "read", at shop.py:7: give one of them a name of its own'
    )


def test_no_operations(complaint: Complaint) -> None:
    """The decorator is named, and where it could stand."""
    assert complaint("x = 1") == (
        "shop.py: no operations in it: put `@perfengine.operation` above an async function or a class"
    )
    assert complaint("async def checkout(client): ...") == (
        "shop.py: no operations in it: put `@perfengine.operation` above `async def checkout` in line 2"
    )


BROKEN = [
    (
        "import shopping_of_nobody",
        "shop.py:2:1: cannot be imported: ModuleNotFoundError: No module named",
        "install it",
    ),
    ("def f(:\n    pass", "shop.py:2:1: cannot be imported: SyntaxError: ", "read by Python 3."),
    (
        "def f():\n    return 1 / 0\nf()",
        "shop.py:3:5: cannot be imported: ZeroDivisionError: ",
        "`python shop.py`",
    ),
    (
        "raise SystemExit(3)",
        "shop.py:2:1: cannot be imported: SystemExit: 3",
        'under `if __name__ == "__main__":`',
    ),
    ("x = '\0'", "shop.py:1:1: cannot be imported: ", "null bytes"),
    ("perfengine.run()", "shop.py:2:1: perfengine.run is called while its file is imported", "__main__"),
    ("perfengine.opperation", "shop.py:2:1: cannot be imported: AttributeError: ", "opperation"),
]


@pytest.mark.parametrize(("text", "place", "remedy"), BROKEN, ids=[text[:20] for text, _, _ in BROKEN])
def test_an_import_that_fails_shows_the_users_own_line(
    complaint: Complaint, text: str, place: str, remedy: str
) -> None:
    """Where in their file, which exception, and what to do; no traceback of ours."""
    said = complaint(text)
    assert said.startswith(place)
    assert remedy in said
    assert "Traceback" not in said


def test_an_import_that_fails_in_a_neighbour_shows_the_neighbours_line(
    write: Write, complaint: Complaint
) -> None:
    """The deepest line that is the user's own."""
    write("\n\nraise ValueError('not today')", "neighbour_that_fails.py")
    assert complaint("import neighbour_that_fails").startswith(
        "neighbour_that_fails.py:4:1: cannot be imported: ValueError: not today"
    )


def test_a_failed_import_is_tried_again(write: Write) -> None:
    """What failed once leaves nothing behind that would pass for a module."""
    path = write("import shopping_of_nobody")
    for _ in range(2):
        with pytest.raises(UsageError, match="shopping_of_nobody"):
            find_operations(path)


@pytest.mark.parametrize(
    ("path", "said"), [("gone.py", "gone.py: cannot be read: No such file"), (".", "cannot be read")]
)
def test_a_file_that_cannot_be_read(write: Write, path: str, said: str) -> None:
    """Its path and why."""
    write("")
    with pytest.raises(UsageError, match=said):
        find_operations(path)


def test_words_of_the_command_line() -> None:
    """A Python file with or without an operation; everything else is a document."""
    assert split_name("flows/shop.py:buy") == ("flows/shop.py", "buy")
    assert split_name("C:\\flows\\shop.py") == ("C:\\flows\\shop.py", None)
    assert split_name("C:\\flows\\shop.py:buy") == ("C:\\flows\\shop.py", "buy")
    assert [is_python(text) for text in ("shop.py", "shop.py:buy", "shop.yaml", "py", "a.python")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("name", ["checkout", "read_mostly", "with_setup"])
def test_the_examples_are_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands under `scenarios/` has operations with limits, and makes its tables itself."""
    monkeypatch.chdir(ROOT)
    found = find_operations(f"scenarios/{name}.py")
    assert found.has_setup
    assert all(one.requirements for one in found.operations)
