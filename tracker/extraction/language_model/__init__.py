"""The optional large model: it proposes, code decides (docs/extraction.md, language model)."""

from tracker.extraction.language_model.second import SecondReader, build

__all__ = ["SecondReader", "build"]
