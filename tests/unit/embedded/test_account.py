"""What mode bits let the server's account do."""

from __future__ import annotations

import os
import stat

import pytest

from perfengine.embedded.account import Account

ACCOUNT = Account(uid=100, gid=200, client="somebody", is_other=True)
EXECUTE = 0o1


def directory(mode: int, uid: int, gid: int) -> os.stat_result:
    """Return what stat says of a directory."""
    return os.stat_result((stat.S_IFDIR | mode, 0, 0, 0, uid, gid, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "may_enter"),
    [
        (0o755, 0, 0, True),  # others
        (0o711, 0, 0, True),  # passing through needs no reading
        (0o744, 0, 0, False),  # and reading does not suffice
        (0o750, 0, 0, False),  # neither owner nor of the group
        (0o750, 0, 200, True),  # of the group
        (0o705, 0, 200, False),  # the group's bits decide for the group, whatever the others'
        (0o700, 100, 0, True),  # owner
        (0o077, 100, 200, False),  # the owner's bits decide for the owner
    ],
)
def test_owner_group_others_the_first_that_fits_decides(
    mode: int, uid: int, gid: int, may_enter: bool
) -> None:
    """The execute bit that applies to the account is the one that counts."""
    assert ACCOUNT.may(EXECUTE, directory(mode, uid, gid)) is may_enter
