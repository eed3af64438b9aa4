"""The variables that a script finds set: those of pgbench's own, and how they follow from the run.

Source: PostgreSQL documentation, pgbench, "pgbench Automatic Variables".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.pgbench.hashes import signed
from perfengine.pgbench.prng import seed_of

if TYPE_CHECKING:
    from perfengine.model.pgbench import PgbenchScript, Value

CLIENT_ID: Final = "client_id"
DEFAULT_SEED: Final = "default_seed"
RANDOM_SEED: Final = "random_seed"
SCALE: Final = "scale"
#: Known before a client is.
CONSTANTS: Final = frozenset({DEFAULT_SEED, RANDOM_SEED, SCALE})
AUTOMATIC: Final = CONSTANTS | {CLIENT_ID}


def variables_at_start(script: PgbenchScript, seed: int) -> dict[str, Value]:
    """Return what a client finds set: what follows from the seed, under what was defined."""
    hashed = signed(seed_of(seed, "default_seed"))
    return {RANDOM_SEED: seed, DEFAULT_SEED: hashed, SCALE: 1, **dict(script.constants)}
