"""A timer of the Linux kernel as a file that the event loop reads: on time to some tens of microseconds.

Set to instants of CLOCK_MONOTONIC, which is what `time.perf_counter_ns` reads on Linux. CPython has the calls from
3.13 on; before that they are taken from the C library.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from ctypes import CDLL, Structure, byref, c_int, c_long, c_void_p, get_errno
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable

_ABSOLUTE: Final = 1  # TFD_TIMER_ABSTIME
_TICKS_BYTES: Final = 8


class TimerFd:
    """Calls back on the running event loop at the instant it was last armed for; never before."""

    def __init__(self) -> None:
        """Open the timer.

        Raises: OSError where the system has none, or its clock is not that of `time.perf_counter_ns`.
        """
        if "CLOCK_MONOTONIC" not in time.get_clock_info("perf_counter").implementation:
            raise OSError("time.perf_counter_ns does not read CLOCK_MONOTONIC")
        self._loop = asyncio.get_running_loop()
        self._fd = _create()
        self._ring: Callable[[], None] | None = None

    def listen(self, ring: Callable[[], None]) -> None:
        """Call `ring` whenever the timer fires."""
        self._ring = ring
        self._loop.add_reader(self._fd, self._read)

    def arm(self, due_ns: int) -> None:
        """Fire once the clock has reached `due_ns`, and at no other time; at once when it has already."""
        _set(self._fd, max(due_ns, 1))  # 0 would disarm

    def close(self) -> None:
        """Never fire again."""
        self._loop.remove_reader(self._fd)
        os.close(self._fd)

    def _read(self) -> None:
        try:
            os.read(self._fd, _TICKS_BYTES)
        except BlockingIOError:  # armed anew between the wake-up and now
            return
        if self._ring is not None:
            self._ring()


if sys.version_info >= (3, 13):

    def _create() -> int:
        if not hasattr(os, "timerfd_create"):
            raise OSError("this system has no timerfd")
        return os.timerfd_create(time.CLOCK_MONOTONIC, flags=os.TFD_NONBLOCK | os.TFD_CLOEXEC)

    def _set(fd: int, due_ns: int) -> None:
        os.timerfd_settime_ns(fd, flags=os.TFD_TIMER_ABSTIME, initial=due_ns)

else:

    class _Timerspec(Structure):
        """`struct itimerspec`: how often again, which is never, and when first."""

        _fields_ = (
            ("interval_s", c_long),
            ("interval_ns", c_long),
            ("value_s", c_long),
            ("value_ns", c_long),
        )

    @cache
    def _c_library() -> Any:  # noqa: ANN401 - functions of C
        """Raises: OSError where the C library has no timerfd."""
        library = CDLL(None, use_errno=True)
        if not hasattr(library, "timerfd_create"):
            raise OSError("this system has no timerfd")
        library.timerfd_create.argtypes = (c_int, c_int)
        library.timerfd_settime.argtypes = (c_int, c_int, c_void_p, c_void_p)
        return library

    def _create() -> int:
        flags = os.O_NONBLOCK | os.O_CLOEXEC  # as TFD_NONBLOCK and TFD_CLOEXEC are defined
        fd = int(_c_library().timerfd_create(time.CLOCK_MONOTONIC, flags))
        if fd < 0:
            raise OSError(get_errno(), os.strerror(get_errno()))
        return fd

    def _set(fd: int, due_ns: int) -> None:
        spec = _Timerspec(0, 0, *divmod(due_ns, NS_PER_S))
        if _c_library().timerfd_settime(fd, _ABSOLUTE, byref(spec), None):
            raise OSError(get_errno(), os.strerror(get_errno()))
