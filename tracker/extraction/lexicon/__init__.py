"""The word lists of the extractor, versioned data read by ``tracker.extraction.words``."""
