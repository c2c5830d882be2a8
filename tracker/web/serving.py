"""Serve the dashboard with gunicorn: worker processes, each with its own parts."""

import gc
import select
import socket
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.sync import SyncWorker

from tracker.app import App
from tracker.config import Settings
from tracker.domain.errors import UsageError
from tracker.web import create_app
from tracker.web.pages.downloads import ALIVE

LONGEST_SILENCE = 1
"""Seconds that a worker waits for the first word of a connection. Browsers open some ahead of
need, and a worker that waits answers nobody else."""


BEHIND = 0.5
"""Seconds that a page may be behind the data: the version is read twice a second, not each time."""

MANY = 100_000
"""New objects after which Python looks for rings among them; a large page makes that many."""


def look_at_new_objects_only() -> None:
    """What was loaded stays for good: looking through it for garbage would hold pages up."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MANY, 20, 100)


class Worker(SyncWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers one request at a time, and leaves a connection on which nothing is asked."""

    wsgi: WSGIApplication

    def load_wsgi(self) -> None:
        """See Worker. Answers that take long can say that they go on (``alive``)."""
        super().load_wsgi()
        inner: WSGIApplication = self.wsgi

        def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            environ[ALIVE] = self.notify
            return inner(environ, start)

        self.wsgi = answer

    def handle(self, listener: socket.socket, client: socket.socket, addr: object) -> None:
        """See SyncWorker."""
        asked, _, _ = select.select([client], [], [], LONGEST_SILENCE)
        if asked:
            super().handle(listener, client, addr)
        else:
            client.close()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our settings and nothing read from files or the environment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings over."""
        web = self._settings.web
        options: dict[str, Any] = {
            "bind": f"{web.host}:{web.port}",
            "workers": web.workers,
            "worker_class": Worker,
            "when_ready": _leave_silent_ones_outside,
            "timeout": 30,
            "graceful_timeout": 10,
            "max_requests": 10_000,
            "max_requests_jitter": 1_000,
            "limit_request_line": 4094,
            "loglevel": "warning",
            "proc_name": "tracker web",
            "worker_tmp_dir": "/dev/shm",  # noqa: S108  # a heartbeat file, never data
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in each worker anew: connections do not survive a fork."""
        web = create_app(App(self._settings), BEHIND)
        look_at_new_objects_only()
        return web


def serve(settings: Settings) -> None:
    """Answer until told to stop. Raises UsageError when the address cannot be used."""
    _require_free(settings.web.host, settings.web.port)
    Server(settings).run()


def _leave_silent_ones_outside(arbiter: Arbiter) -> None:
    """Where the system can, it hands a connection over only once something is asked on it."""
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        for listener in arbiter.LISTENERS:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 30)


def _require_free(host: str, port: int) -> None:
    """Say at once what gunicorn would only say after many tries."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"web.host, web.port: {host}:{port} cannot be used: {error.strerror}; "
                "end the program that listens there, or set another web.port"
            ) from error
