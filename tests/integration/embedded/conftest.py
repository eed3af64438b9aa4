"""Users to become."""

from __future__ import annotations

import os
import pwd

import pytest


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
