"""How the program talks: one line an event on standard error; secrets are never part of it.

What writes the lines is loaded with the first of them: most commands have nothing to say, and
loading it takes an eighth of their start.
"""

import logging
import sys
from typing import Any, cast

LEVELS = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error")}


class Log:
    """Takes events with their values. Until `set_up` it tells from ``info`` on, as text."""

    def __init__(self) -> None:
        self.set_up("info", json_lines=False)

    def set_up(self, level: str, *, json_lines: bool) -> None:
        """Choose level and form for this process."""
        self._least = LEVELS[level]
        self._json_lines = json_lines
        self._writer: Any = None

    def info(self, event: str, **values: object) -> None:
        """Something that went as it should."""
        self._tell("info", event, values)

    def warning(self, event: str, **values: object) -> None:
        """Something that somebody may want to look at."""
        self._tell("warning", event, values)

    def error(self, event: str, **values: object) -> None:
        """Something that does not work."""
        self._tell("error", event, values)

    def exception(self, event: str, **values: object) -> None:
        """An error with the traceback of what is being handled."""
        self._tell("error", event, values | {"exc_info": sys.exc_info()})

    def _tell(self, level: str, event: str, values: dict[str, object]) -> None:
        if LEVELS[level] < self._least:
            return
        self._writer = self._writer or _writer(json_lines=self._json_lines)
        getattr(self._writer, level)(event, **values)


log = Log()
"""The log of this process."""


def _writer(*, json_lines: bool) -> Any:
    import structlog

    ending = (
        structlog.processors.JSONRenderer()
        if json_lines
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=0,
            exception_formatter=structlog.dev.plain_traceback,  # values of variables stay unsaid
        )
    )
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *((structlog.processors.format_exc_info,) if json_lines else ()),
            cast(structlog.typing.Processor, ending),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
    )
