"""What is no longer needed goes back to the machine at once."""

import contextlib
import ctypes
import gc

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""The names of settings in the C library of Linux (mallopt)."""

LARGE_BLOCK = 1_000_000
"""Bytes; the C library would learn to keep blocks of up to 32 MB for itself, many of them."""

FEW_ARENAS = 2
"""Else each of many threads gets a heap of its own, in which what was freed lies about."""

MADE_WHILE_LOADING = 1_000_000
"""New objects after which Python looks for rings among them while a program is loaded. Nearly all
is kept: looking after every 700, as usual, takes an eighth of the time of a start."""

USUALLY = gc.get_threshold()


def look_seldom_for_garbage() -> None:
    """While the program is loaded, until `look_for_garbage_as_usual`."""
    gc.set_threshold(MADE_WHILE_LOADING, *USUALLY[1:])


def look_for_garbage_as_usual() -> None:
    """From now on, and only among what is made from now on: what was loaded stays for good."""
    if not gc.get_freeze_count():  # once a process: a command may be one of many that it runs
        gc.freeze()
    gc.set_threshold(*USUALLY)


def give_large_blocks_back() -> None:
    """Keep no large block that was freed; without effect where the C library cannot be told."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def keep_few_heaps() -> None:
    """For many threads that only fetch; the model of the analysis would take more, not less."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, FEW_ARENAS)


def give_back() -> None:
    """Give what was freed back to the machine."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
