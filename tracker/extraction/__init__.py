"""Text in, findings out: the chain of rules that reads an article (docs/extraction.md)."""

from tracker.extraction.chain import Chain, build

__all__ = ["Chain", "build"]
