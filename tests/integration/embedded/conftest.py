"""Users to become, and patience with servers that die slowly."""

from __future__ import annotations

import os
import pwd

import pytest

from perfengine.embedded import memory


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait longer for the last processes of a killed server: on a busy machine they notice its end late."""
    monkeypatch.setattr(memory, "_PATIENCE_S", 60.0)


@pytest.fixture
def stranger() -> pwd.struct_passwd:
    """Return an ordinary user that is neither us nor the server's account; needs root."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    return pwd.getpwnam("daemon")


@pytest.fixture
def nobody() -> pwd.struct_passwd:
    """Return the account that the server runs as under root; needs root."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    return pwd.getpwnam("nobody")
