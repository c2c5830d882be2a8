"""What waits is taken in turns: one source with very much holds up no other (promise 1)."""

from typing import Any

from sqlalchemy import func


def in_turns(whose: Any, *order: Any) -> tuple[Any, ...]:
    """Sort by turns: the first thing of each owner, then the second of each, and so on.

    ``whose`` is the column that tells the owner, ``order`` what comes first among the things of
    one owner, and of one turn.
    """
    turn = func.row_number().over(partition_by=whose, order_by=order)
    return (turn, *order)
