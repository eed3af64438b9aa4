"""Who may connect: the user that started the server, by what the kernel says of the other end, nobody else."""

from __future__ import annotations

from typing import Final

#: The superuser that initdb makes and the database that clients find; the user map has the same name.
ROLE: Final = "perfengine"
PORT: Final = 5432  #: names the socket file; nothing listens on the network


def render_hba() -> str:
    """Return the text of pg_hba.conf."""
    return f"# TYPE DATABASE USER METHOD\nlocal all all peer map={ROLE}\n"


def render_ident(client: str) -> str:
    """Return the text of pg_ident.conf: this user of the operating system may be any role.

    `all` takes no right away or adds one: a superuser can become every role anyway.
    """
    quoted = client.replace('"', '""')
    return f'# MAP OS-USER ROLE\n{ROLE} "{quoted}" all\n'
