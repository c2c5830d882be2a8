"""The words people read in place of codes. No grade, no blame (codebook section 9)."""

from collections.abc import Mapping
from datetime import date as Day
from datetime import datetime

from tracker.domain.codes import COMPELLED, PositionWord, TopicKind
from tracker.domain.position_table import word_label
from tracker.store.views.records import SpanLine, StanceLine, TopicRef

ACTS: Mapping[str, str] = {
    "ends": "ends",
    "pauses": "pauses",
    "restricts": "restricts",
    "safeguards": "adds a safeguard",
    "commits": "commits",
    "changes_policy": "changes its policy",
    "discloses": "discloses",
    "complies": "complies with an order",
    "supports_regulation": "backs a law",
    "opposes_regulation": "opposes a law",
    "upholds": "upholds a protection",
    "defends": "defends the practice",
    "denies": "denies",
    "declines_comment": "declines to comment",
    "silent": "no answer, as the asker records",
    "launches": "launches or expands",
    "divests": "sells or leaves",
    "walks_back": "walks back",
    "sanctions_critics": "acts against critics",
    "litigates": "goes to court",
}

REACTIONS: Mapping[str, str] = {
    "welcomes": "welcomes it",
    "welcomes_insufficient": "welcomes it and asks for more",
    "criticises": "criticises it",
    "demands": "demands more",
    "sues": "sues or files a complaint",
    "investigates": "investigates",
    "sanctions": "orders or fines",
    "reports": "reveals or publishes",
    "supports_peer": "backs it as a peer",
    "follows": "follows it",
    "drops_supplier": "cuts ties",
    "resigns_protests": "leaves or protests",
    "divests_from": "divests",
    "votes": "votes",
    "commits_self": "makes a pledge of its own",
    "neutral": "comments",
}

REACTION_MARKS: Mapping[str, str] = {
    "welcomes": "up",
    "supports_peer": "up",
    "follows": "up",
    "welcomes_insufficient": "urge",
    "demands": "urge",
    "criticises": "down",
    "sues": "down",
    "sanctions": "down",
    "drops_supplier": "down",
    "resigns_protests": "down",
    "divests_from": "down",
}
"""▲ welcomes, ◆ urges more, ▼ criticises or sues (ux.md); other kinds have no mark."""

ACTOR_TYPES: Mapping[str, str] = {
    "advocacy_group": "advocacy group",
    "expert_body": "expert body",
    "peer_company": "peer company",
    "industry_association": "industry association",
    "affected_person": "person affected",
    "think_tank": "think tank",
    "counter_advocate": "counter-advocate",
}

STATUSES: Mapping[str, str] = {
    "open": "Open",
    "acknowledged": "Acknowledged, not decided",
    "partially_answered": "Answered in part",
    "answered": "Answered",
    "rejected": "Rejected",
    "ignored": "No answer, as recorded",
    "superseded": "Superseded",
    "reversed": "Answered, later undone",
}

LEVELS: Mapping[str, str] = {
    "confirmed": "Confirmed",
    "reported": "Reported",
    "unconfirmed": "Needs checking",
    "disputed": "Disputed",
    "retracted": "Retracted",
}

TIERS: Mapping[str | None, str] = {
    "primary": "Primary sources: the company itself, filings, courts, regulators",
    "reliable": "Reliable reporting",
    "advocacy": "Advocates and civil society",
    "weak": "Other sites",
    "mirror": "Mirrors and aggregators",
    None: "Hosts without a rating",
}

CHANGES: Mapping[str, str] = {
    "first": "first position on record",
    "confirmed": "confirmed",
    "strengthened": "strengthened",
    "narrowed": "narrowed",
    "tightened": "tightened",
    "weakened": "loosened",
    "reversed": "reversed",
    "expired": "expired",
    "contradicted": "contradicted by deeds",
    "recorded": "recorded",
}

RELATIONS: Mapping[str, tuple[str, str]] = {
    "reverses": ("reverses", "reversed by"),
    "modifies": ("modifies", "modified by"),
    "extends": ("extends", "extended by"),
    "contradicts": ("contradicts", "contradicted by"),
    "implements": ("carries out", "carried out by"),
    "answers": ("answers", "answered by"),
    "joint_with": ("made jointly with", "made jointly with"),
    "supports": ("supports", "supported by"),
    "supersedes": ("replaces", "replaced by"),
    "duplicate_of": ("is the same as", "is the same as"),
}

SAID_ACTS = frozenset(
    {
        "changes_policy",
        "commits",
        "declines_comment",
        "defends",
        "denies",
        "discloses",
        "opposes_regulation",
        "silent",
        "supports_regulation",
        "upholds",
    }
)
"""Acts that are words by their nature; a stored track wins over this."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def position(word: str, topic: TopicRef | str) -> str:
    """What people read for a position on this topic, or this kind of topic (ledger.md A.1)."""
    kind = TopicKind(topic) if isinstance(topic, str) else topic.kind
    return word_label(PositionWord(word), kind)


def act(code: str) -> str:
    """The act as a verb."""
    return ACTS.get(code, code.replace("_", " "))


def actor_type(code: str) -> str:
    """What kind of actor this is."""
    return ACTOR_TYPES.get(code, code.replace("_", " "))


def kind(stance: StanceLine) -> str:
    """``imposed`` (ordered from outside), ``says`` or ``does``: the shape of its mark."""
    if stance.trigger in COMPELLED:
        return "imposed"
    if stance.track in ("says", "does", "both"):
        return "says" if stance.track == "says" else "does"
    return "says" if stance.act in SAID_ACTS else "does"


KINDS = {"says": "Statement", "does": "Action", "imposed": "Ordered from outside"}


def headline(stance: StanceLine) -> str:
    """What happened in one line: our paraphrase, else the act with the company's own scope."""
    if stance.summary:
        return stance.summary
    who = f"{stance.company.name} ({stance.brand})" if stance.brand else stance.company.name
    return f"{who} {act(stance.act)}: {stance.scope or stance.topic.name}"


def day(value: Day | datetime | None, precision: str = "day") -> str:
    """A date as exactly as it is known: 8 Jun 2020, Jun 2020, Q2 2020, 2020."""
    if value is None:
        return "date unknown"
    if precision == "year":
        return str(value.year)
    if precision == "quarter":
        return f"Q{(value.month - 1) // 3 + 1} {value.year}"
    if precision == "month":
        return f"{value:%b} {value.year}"
    text = f"{value.day} {value:%b} {value.year}"
    return f"from {text}" if precision == "range" else text


def age(since: Day, until: Day) -> str:
    """How long ago, roughly: 3 days, 8 mo, 1 yr 6 mo, 5 yr."""
    days = (until - since).days
    if days < 60:
        return f"{days} day{'' if days == 1 else 's'}"
    months = (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
    years, rest = divmod(months, 12)
    if years == 0:
        return f"{months} mo"
    return f"{years} yr {rest} mo" if rest and years < 2 else f"{years} yr"


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago something happened: 6 minutes ago, 3 hours ago, 5 days ago."""
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {name}{'' if number == 1 else 's'} ago"
    return "just now"


def number(value: int) -> str:
    """Small numbers in letters, larger ones in digits with separators."""
    return NUMBERS[value] if 0 <= value < len(NUMBERS) else f"{value:,}"


def plural(value: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 source, 3 sources."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def term(span: SpanLine) -> str | None:
    """How long a word holds, where it does not hold for good."""
    if span.term is None:
        return None
    return "until further notice" if span.term == "open" else span.term


def outside(url: str | None) -> str | None:
    """An address that may stand in a link: http or https only."""
    return url if url and url.lower().startswith(("http://", "https://")) else None
