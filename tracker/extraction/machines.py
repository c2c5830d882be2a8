"""Words that speak to a machine and not to a reader: whatever stands with them is no news."""

import re

_MACHINE = (
    r"(?:(?:AI|automated|machine|language|large|chat) )*"
    r"(?:models?|systems?|assistants?|agents?|crawlers?|scrapers?|parsers?|extractors?|bots?"
    r"|chatbots?|LLMs?|AIs?|trackers?|software|pipelines?)"
)
_TOLD = r"(?:record|report|output|extract|classify|list|log|index|store|publish|note|treat|return)"
_ADDRESSED = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.\n]{0,30}"
    r"\b(?:previous|prior|earlier|above|preceding|other)\b"
    r"[^.\n]{0,20}\b(?:instructions?|prompts?|rules|directions|text|guidelines)\b"
    r"|\b(?:attention|note|notice|instructions?|message) (?:to|for) (?:all |any |the )?"
    rf"{_MACHINE}\b"
    rf"|\b{_MACHINE}(?: \w+){{0,6}}? (?:must|should|shall|will|are (?:to|instructed to|asked to))"
    rf" (?:now |always )?{_TOLD}\b ?(?::|that\b|the following|as (?:a )?(?:new|true|fact)|this\b)"
    rf"|\bif you are (?:an? )?{_MACHINE}\b"
    r"|<\|(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<</?SYS>>"
    r"|^\s*(?:system|assistant)(?: prompt| message)?\s*:|\b(?:new|your) system prompt\b"
    r"|\byou are now (?:an?|in) \w+ (?:mode|assistant|model)\b",
    re.IGNORECASE | re.MULTILINE,
)


def are_addressed(text: str) -> bool:
    """Whether a paragraph gives orders to a machine (promise 22)."""
    return _ADDRESSED.search(text) is not None
