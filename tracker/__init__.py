"""Stance Tracker: what companies announce on tech-ethics matters, with the sentence as proof."""

__version__ = "0.1.0"
