"""The command line. Data goes to standard output, talk to standard error; exits 0, 1 or 2."""

from tracker.cli.main import main

__all__ = ["main"]
