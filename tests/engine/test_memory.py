"""While a program is loaded Python seldom looks for garbage, and then as usual."""

import subprocess
import sys

PROGRAM = """
import gc
from tracker.engine import memory
usual = gc.get_threshold()
memory.look_seldom_for_garbage()
seldom = gc.get_threshold()
loaded = [[] for _ in range(10_000)]
memory.look_for_garbage_as_usual()
frozen = gc.get_freeze_count()
later = [[] for _ in range(10_000)]
memory.look_for_garbage_as_usual()
print(seldom[0] > 100 * usual[0], gc.get_threshold() == usual, gc.isenabled())
print(frozen >= 10_000, gc.get_freeze_count() <= frozen)
"""


def test_what_was_loaded_is_left_out_once_and_what_comes_later_is_looked_through() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True"] * 5
