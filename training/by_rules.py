"""What the rules saw of each pair, as numbers to learn from."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def numbers(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> np.ndarray:
    """One line a row, one column a name; what has another name is left out."""
    place = {name: n for n, name in enumerate(names)}
    found = np.zeros((len(rows), len(names)), np.float32)
    for number, row in enumerate(rows):
        for name, value in row["features"].items():
            if name in place:
                found[number, place[name]] = value
    return found
