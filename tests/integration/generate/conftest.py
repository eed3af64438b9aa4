"""Servers for generated SQL, and files generated without a server of their own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

import pytest

from perfengine.database.address import address_of
from perfengine.embedded.binaries import find_binaries
from perfengine.engine.generating import GenerateRequest, generate
from tests.integration.generate.servers import Server, fifteen_running, find_fifteen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.embedded.server import EmbeddedServer


class Generate(Protocol):
    """Makes files of documents."""

    def __call__(
        self, *texts: str, with_schema: bool = False, iterations: int = 2, data_size: int = 8
    ) -> Mapping[str, str]:
        """Return the texts of the files by name; small unless asked for more."""


@pytest.fixture(scope="session")
def eighteen(server: EmbeddedServer) -> Server:
    """Return the embedded server of the session."""
    return Server(template=server.dsn_of("{}").replace("%7B%7D", "{}"), psql=find_binaries().program("psql"))


@pytest.fixture(scope="session")
def fifteen() -> Iterator[Server]:
    """Yield a PostgreSQL 15; skips where there is none."""
    with fifteen_running(find_fifteen()) as running:
        yield running


@pytest.fixture(params=["eighteen", "fifteen"])
def either(request: pytest.FixtureRequest) -> Server:
    """Return each of the two servers."""
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def generated(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Generate:
    """Return what generates files, once for all who ask for the same.

    The server of the session tries rules instead of one for each call.
    """
    address = address_of(dsn, "--dsn", {})

    @cache
    def make(
        *texts: str, with_schema: bool = False, iterations: int = 2, data_size: int = 8
    ) -> Mapping[str, str]:
        directory = tmp_path_factory.mktemp("generated")
        paths = []
        for number, text in enumerate(texts):
            paths.append(directory / f"{number}.yaml")
            paths[-1].write_text(text, encoding="utf-8")
        request = GenerateRequest(
            paths=tuple(paths),
            output_dir=directory / "out",
            data_size=data_size,
            iterations=iterations,
            with_schema=with_schema,
        )
        return {file.name: file.text for file in generate(request, address).files}

    return make
