"""Child processes that do not outlive this program, even when it is killed and can no longer end them."""

import ctypes
import signal
import sys

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_SET_PARENT_DEATH_SIGNAL = 1


def mortal(number=signal.SIGTERM):
    """Return a `preexec_fn` that has the kernel send `number` to the child when this program dies; None off Linux."""
    if _LIBC is None:
        return None
    return lambda: _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, number)
