"""What sessions of a run set beside what every session sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.plan import Plan

#: The server itself sees to it that nothing is written.
READ_ONLY: Final[Mapping[str, str]] = {"default_transaction_read_only": "on"}


def session_settings(plan: Plan) -> Mapping[str, str]:
    """Return the settings of load sessions: those of the workload; of a run that only reads, that too."""
    is_read_only = plan.existing is not None and plan.existing.read_only
    return {**plan.session, **(READ_ONLY if is_read_only else {})}
