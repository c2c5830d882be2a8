"""The version of the starter data."""

STARTER_VERSION = "6"
"""Rises with every change of the files; a database remembers which one it was loaded from."""
