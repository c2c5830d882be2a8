"""The rules of positions in words, for the method page (ledger A.3 and A.4)."""

from tracker.domain.codes import Track
from tracker.domain.position_table import Rule

RULES_VERSION = "3"
"""Rises with every change of the table or of the rules; stored positions are then derived anew."""

RULES: tuple[tuple[str, str], ...] = (
    (
        "R1",
        "Stances count in the order of their effective or event date, on one day those towards "
        "the reference side first; never in the order in which they came to us.",
    ),
    (
        "R2",
        "A word began on the day of the stance that set it. A later stance that keeps it confirms "
        "it: strengthened if its term becomes longer or a part becomes the whole, narrowed if the "
        "whole becomes a part.",
    ),
    (
        "R3",
        "A stance that a person has found to reverse an earlier one in the same matter takes it "
        "out from that day.",
    ),
    (
        "R4",
        "When a promise lifts what a company says above what it does, and the deeds rest only on "
        "its own defence, the deeds become unclear: no deed has been seen since.",
    ),
    (
        "R5",
        "On the day after a stated end the word becomes unclear unless it was extended. A "
        "condition never ends by itself.",
    ),
    (
        "R6",
        "Only public stances that are confirmed, reported or disputed count. Relations count "
        "once a person has decided them.",
    ),
    (
        "R7",
        "Brands have positions of their own. What their owner does is the lowest of its own and "
        "its brands' words, while it owns them; what it says is its own.",
    ),
    (
        "R8",
        "A change is first, confirmed, strengthened, narrowed, tightened, weakened, reversed, "
        "expired or contradicted by deed. Reversed are what a person found to be so, and a "
        "walk-back of which nothing earlier is on record: it withdraws an earlier protection not "
        "in this ledger.",
    ),
    ("R9", "Tightened and weakened are counted per topic, never across topics."),
    (
        "R10",
        "Evidence older than two years is shown with its year; older than five years the word is "
        "greyed and left out of sentences.",
    ),
)


def conditions_in_words(rule: Rule) -> str:
    """Return when a row of the table holds, beside its acts: ``+, full, with a term``."""
    signs = {None: "any direction", 1: "+", 0: "0", -1: "-"}
    said = [
        signs[rule.sign],
        "-1 only" if rule.minor else "",
        str(rule.extent or ""),
        f"{rule.kind} topics" if rule.kind else "",
        "practice resumed or protection switched off" if Track.BOTH in rule.tracks else "",
        "compelled" if rule.compelled else "",
        "known only from a filing, the press, a leak or unnamed" if rule.outside else "",
        "with a term" if rule.termed else "",
    ]
    return ", ".join(part for part in said if part)


def acts_in_words(rule: Rule) -> str:
    """Return the acts of a row of the table, in words."""
    return ", ".join(sorted(act.replace("_", " ") for act in rule.acts))
