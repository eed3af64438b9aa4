"""What is asked of existing tables: which options exclude each other, and what must not run beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.custom.code import code_of_file
from perfengine.engine.option_style import OptionStyle
from perfengine.errors import PlanError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.custom.code import Attempt, Code
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.request import RunRequest, TargetRequest
    from perfengine.model.scenario import Scenario


def access_faults(target: TargetRequest, *, rollback: bool, style: OptionStyle) -> Iterator[str]:
    """Yield what is wrong with the options about existing tables, a line each.

    Where nobody said what the target is, the documents say it: which options are for existing tables alone is then
    looked at with them.
    """
    given = {"schema": target.schema is not None, "read_only": target.read_only, "rollback": rollback}
    for name in (name for name, is_given in given.items() if is_given and target.existing is False):
        yield (
            f"{style.option(name)} is for existing tables: say {style.setting('target', 'existing')}, or target: "
            "existing in the workload"
        )
    if target.read_only and rollback:
        read_only = style.option("read_only")
        yield (
            f"{read_only} and {style.option('rollback')}: with {read_only} there is nothing to roll back; give one "
            "of them"
        )


def is_for_existing(request: RunRequest, scenario: Scenario) -> bool:
    """Return whether tables that are there are to be loaded: as the request says, else the workload.

    Raises: UsageError with all that is wrong with the options about them.
    """
    target = request.target
    if target.existing is None:
        target = replace(target, existing=bool(scenario.workload.existing))
    faults = [*access_faults(target, rollback=request.load.rollback, style=OptionStyle.COMMAND_LINE)]
    if faults:
        raise UsageError("\n".join(faults))
    return bool(target.existing)


def require_no_hooks(planned: PlannedRun) -> None:
    """See to it that no Python code sets up or tears down where nothing may stay: none of it is rolled back.

    Raises: PlanError naming it.
    """
    existing = planned.plan.existing
    if existing is None or not (existing.read_only or existing.rolled_back):
        return
    option = "--read-only" if existing.read_only else "--rollback"
    codes = [*map(code_of_file, planned.files), *([planned.code] if planned.code else [])]
    hooks = dict.fromkeys(_name(hook) for code in codes for hook in _hooks(code))
    if hooks:
        raise PlanError(
            f"setup and teardown in Python ({', '.join(hooks)}) may write, and nothing of them is rolled back: not "
            f"with {option}; put the operations into a file without them"
        )


def _hooks(code: Code) -> tuple[Attempt, ...]:
    return (*code.setups, *code.teardowns)


def _name(hook: Attempt) -> str:
    return str(getattr(hook, "__qualname__", hook))
