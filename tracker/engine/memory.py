"""What is no longer needed goes back to the machine at once."""

import contextlib
import ctypes

M_MMAP_THRESHOLD = -3
"""The name of the setting in the C library of Linux (mallopt)."""

LARGE_BLOCK = 1_000_000
"""Bytes; the C library would learn to keep blocks of up to 32 MB for itself, many of them."""


def give_large_blocks_back() -> None:
    """Keep no large block that was freed; without effect where the C library cannot be told."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def give_back() -> None:
    """Give what was freed back to the machine."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
