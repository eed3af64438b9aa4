"""Which file system a directory lies on, read from the text of mountinfo."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfengine.embedded.filesystem import UNKNOWN, type_at

MOUNTINFO = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
25 22 0:23 / /tmp rw,nosuid shared:2 - tmpfs tmpfs rw
26 22 0:24 / /var/a\\040b rw - xfs /dev/vdb rw
27 22 0:25 / /srv rw - ext4 /dev/vdc rw
28 22 0:26 / /srv rw - btrfs /dev/vdd rw
"""


@pytest.mark.parametrize(
    ("directory", "expected"),
    [
        ("/", "ext4"),
        ("/var/tmp/x", "ext4"),  # noqa: S108 - a name
        ("/tmp/x", "tmpfs"),  # noqa: S108 - a name
        ("/tmpfoo", "ext4"),  # noqa: S108 - a name, not below /tmp
        ("/var/a b/x", "xfs"),  # a blank is written as \040
        ("/srv/x", "btrfs"),  # the later mount hides the earlier
    ],
)
def test_the_innermost_mount_decides(directory: str, expected: str) -> None:
    """The type is that of the last mount among the deepest above the directory."""
    assert type_at(Path(directory), MOUNTINFO) == expected


def test_without_mounts_it_is_unknown() -> None:
    """An empty table says nothing."""
    assert type_at(Path("/x"), "") == UNKNOWN
