"""Broken feeds, pages and answers without end: what a reader raises beside ParseError is a fault.

    python benchmarks/fuzz.py [SECONDS]

Prints how many documents were read and refused, and each fault with the seed that brings it back;
ends with 1 where there is one.
"""

import itertools
import sys
import time
import traceback

from tests.parts.mutations import mutations
from tests.sources.test_fuzz import READERS, URL
from tracker.domain.errors import ParseError
from tracker.domain.model import Response

EACH = 20


def main() -> None:
    """Go on until the time is up."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    ends, read, refused, faults = time.monotonic() + seconds, 0, 0, 0
    slowest = (0.0, "")
    for seed in itertools.count(2):
        for name, (sample, _, reader) in READERS.items():
            for body in mutations(sample, EACH, seed):
                begun = time.perf_counter()
                try:
                    reader(Response(URL, 200, body, {}))
                    read += 1
                except ParseError:
                    refused += 1
                except Exception:  # noqa: BLE001  what it catches is the result
                    faults += 1
                    print(f"{name}, seed {seed}:\n{traceback.format_exc()}")
                slowest = max(slowest, (time.perf_counter() - begun, f"{name}, seed {seed}"))
        if time.monotonic() > ends:
            break
    print(
        f"{read} read, {refused} refused, {faults} faults; slowest {slowest[0]:.2f} s", slowest[1]
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
