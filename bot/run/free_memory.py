"""Keep no memory from the system that is not used."""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8
"""M_ARENA_MAX of <malloc.h>."""


def return_free_memory() -> None:
    """Return freed pages to the system, where the C library can (malloc_trim(3), in glibc).

    It keeps them otherwise: after a start those of all modules that were read and of the first
    sync, after that the most that was ever needed at once. Takes about a millisecond.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def share_one_arena() -> None:
    """Let all threads allocate in one place, where the C library can (mallopt(3), in glibc).

    It makes one for each thread otherwise, and each keeps what it once needed. The interpreter lets
    only one of them run at a time anyway. Call it before the first thread is started.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_ARENA_MAX, 1)
