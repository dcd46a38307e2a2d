"""Give memory that was freed back to the system."""

from __future__ import annotations

import ctypes


def return_free_memory() -> None:
    """Return freed pages to the system, where the C library can (malloc_trim(3), in glibc).

    It keeps them otherwise: after a start those of all modules that were read and of the first
    sync, after that the most that was ever needed at once. Takes about a millisecond.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
