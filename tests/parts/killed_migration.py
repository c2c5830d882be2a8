"""Migrate a database again and again, and kill the process after a certain statement each time.

Run as a program with the database's address and the first words of the statements. Every try is a
process of its own that dies by SIGKILL with its transaction open; ends with 1 if one survives.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from tracker.store import migrate
from tracker.store.database import Database


def _migrate_and_die(url: str, last_words: str) -> None:
    database = Database(url)

    def die(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.strip().startswith(last_words):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "after_cursor_execute", die)
    migrate.upgrade(database)


def _is_killed(url: str, last_words: str) -> bool:
    child = os.fork()
    if child == 0:
        _migrate_and_die(url, last_words)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


if __name__ == "__main__":
    address, *statements = sys.argv[1:]
    survived = [words for words in statements if not _is_killed(address, words)]
    if survived:
        sys.exit(f"these statements were never reached: {survived}")
