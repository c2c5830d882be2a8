"""The one place that decides what is shown and what may alert (interface.md, codebook 8)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.domain.codes import (
    Act,
    AutoPublish,
    Disposition,
    Level,
    Modality,
    Novelty,
    Origin,
    RelationKind,
    ReviewState,
    Tier,
)

OPERATOR_TIER = Tier.RELIABLE
"""The tier of a source that an operator adds and says nothing about: they vouch for it."""

FRESH_FOR = timedelta(days=7)
"""An article first seen later than this after its publication never alerts (interface.md)."""

NEVER_UNSEEN = frozenset({Act.WALKS_BACK, Act.SANCTIONS_CRITICS, Act.SILENT})
"""Acts that a person sees first, whatever the setting."""

RELATIONS_TO_DECIDE = frozenset({RelationKind.REVERSES, RelationKind.CONTRADICTS})
"""Relations that count only once a person has decided them (ledger R6)."""

OPEN_HOSTS = frozenset(
    {
        "facebook.com",
        "gist.github.com",
        "github.com",
        "huggingface.co",
        "instagram.com",
        "linkedin.com",
        "medium.com",
        "old.reddit.com",
        "reddit.com",
        "threads.com",
        "threads.net",
        "tiktok.com",
        "twitter.com",
        "vk.com",
        "x.com",
        "youtube.com",
    }
)
OPEN_LABELS = frozenset(
    {"answers", "community", "discussions", "docs", "drive", "forum", "forums", "groups", "sites"}
)
"""Hosts of companies, and first parts of their hosts, on which anybody may write."""

_BY_THE_COMPANY_OR_PRESS = frozenset({Tier.PRIMARY, Tier.RELIABLE})
_BY_THE_SPEAKER_TOO = _BY_THE_COMPANY_OR_PRESS | {Tier.ADVOCACY}
_REVIEWED = frozenset({ReviewState.ACCEPTED, ReviewState.EDITED})
_ATTESTED = frozenset({Level.CONFIRMED, Level.REPORTED})


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a stance, reaction or call when it is decided upon.

    ``act`` is None for reactions and calls. ``tier`` is that of the page (``tier_of``), None when
    nobody has rated it. ``quoted`` says that the sentence is stored and was found verbatim;
    ``language_known`` that the extractor reads the article's language. ``proposed`` are the kinds
    of relation proposed for the stance. ``first_seen`` and ``article_published`` are those of the
    article. ``read_again`` marks a clean-up or a second analysis of an old snapshot, ``revised`` a
    text that the publisher changed after we had read the article.
    """

    level: Level
    disposition: Disposition
    tier: Tier | None
    first_seen: datetime
    act: Act | None = None
    direction: int | None = None
    modality: Modality = Modality.ASSERTED
    novelty: Novelty = Novelty.NEW
    origin: Origin = Origin.EXTRACTED
    review_state: ReviewState = ReviewState.PROPOSED
    contested: bool = False
    compelled: bool = False
    first_of_company: bool = False
    ambiguous_company: bool = False
    quoted: bool = True
    language_known: bool = True
    read_again: bool = False
    revised: bool = False
    proposed: frozenset[RelationKind] = frozenset()
    article_published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """Whether a record is public and may alert, and in words why not.

    ``waits_for`` is for the review queue: why a person must see the record, or what is left to
    decide beside it. ``quiet_for`` says why no alert is owed. Both are empty where nothing is.
    ``fresh`` tells that it is news, whether it is public or not.
    """

    published: bool
    may_alert: bool
    waits_for: tuple[str, ...] = ()
    quiet_for: tuple[str, ...] = ()
    fresh: bool = field(default=False, compare=False)


def decide(found: Found, setting: AutoPublish) -> Publication:
    """Decide on a record under ``review.auto_publish``; what a person decided stands."""
    waits = _waits_for(found, setting)
    published = not waits
    if found.review_state is ReviewState.REJECTED:
        published = False
        waits = ()
    quiet = _quiet_for(found) if published else ("it is not public",)
    return Publication(
        published=published,
        may_alert=published and not quiet,
        waits_for=waits,
        quiet_for=quiet,
        fresh=not _stale_for(found),
    )


def tier_of(host: Tier | None, source: Tier | None, *, on_host_of_source: bool) -> Tier | None:
    """Return the tier of a page: that of its source on the source's own host, else its host's.

    None means that nobody has rated it; it then counts as weak.
    """
    if on_host_of_source and source is not None:
        return source
    return host


def is_own_page(host: str, domain: str) -> bool:
    """Tell whether a company speaks on a host, given its domain; nobody else may write there."""
    own = host == domain or host.endswith(f".{domain}")
    first, _, rest = host.removeprefix("m.").partition(".")
    return own and f"{first}.{rest}" not in OPEN_HOSTS and first not in OPEN_LABELS


def level_for(
    tiers: Iterable[Tier | None],
    independent_reports: int,
    *,
    own_channel: bool = False,
    anonymous: bool = False,
    on_record: bool = False,
    stance: bool = True,
) -> Level:
    """Return how well a record is attested (codebook section 8).

    ``tiers`` are those of its pages; ``independent_reports`` counts stories, not copies.
    ``own_channel``: a page of the company (or the actor) itself carries it. ``on_record``: the
    company is quoted or named as speaking. ``anonymous``: only an unnamed source has it. An
    advocate's page alone attests a reaction or call, never a stance (codebook rule 4).
    """
    rated = set(tiers)
    if own_channel and not anonymous:
        return Level.CONFIRMED
    reliable = rated & _good_tiers(stance)
    if not reliable and not (Tier.ADVOCACY in rated and independent_reports > 1):
        return Level.UNCONFIRMED
    if reliable and independent_reports > 1 and on_record and not anonymous:
        return Level.CONFIRMED
    return Level.REPORTED


def _waits_for(found: Found, setting: AutoPublish) -> tuple[str, ...]:
    """Why a person must see the record before it is shown; empty when it may be shown."""
    if found.origin is not Origin.EXTRACTED or found.review_state in _REVIEWED:
        return ()
    if setting is AutoPublish.OFF:
        return ("everything waits for a person (review.auto_publish is off)",)
    reasons = _unsure(found) + _unattested(found)
    if setting is AutoPublish.STRICT:
        reasons += _strict(found)
    return tuple(reasons)


def _unsure(found: Found) -> list[str]:
    return _those(
        (found.disposition is Disposition.REVIEW, "the reading of the article is not sure"),
        (found.modality is not Modality.ASSERTED, f"the sentence is {found.modality}"),
        (not found.quoted, "there is no stored sentence"),
        (found.revised, "only a later version of the article says it"),
        (not found.language_known, "the language of the article is not known to the extractor"),
        (found.act in NEVER_UNSEEN, f"a person always sees {_name(found.act)} first"),
    )


def _unattested(found: Found) -> list[str]:
    trusted = found.tier in _good_tiers(found.act is not None) or found.level is Level.CONFIRMED
    rating = "not rated" if found.tier is None else f"of tier {found.tier}"
    return _those(
        (found.level not in _ATTESTED, f"the record is {found.level}"),
        (not trusted, f"the source is {rating}"),
    )


def _strict(found: Found) -> list[str]:
    """What codebook section 8 leaves to a person under the strict setting."""
    stance = found.act is not None
    strong = found.direction is None or abs(found.direction) > 2
    return _those(
        (found.level is Level.REPORTED, "the record is not confirmed"),
        (found.contested, "civil society is split on the topic"),
        (found.ambiguous_company, "the name of the company is ambiguous"),
        (found.first_of_company, "it is the first record of the company"),
        (stance and strong, "the direction is strong or unknown"),
        (found.compelled, "the act was compelled"),
        (bool(found.proposed & RELATIONS_TO_DECIDE), "it may reverse or contradict an earlier one"),
    )


def _quiet_for(found: Found) -> tuple[str, ...]:
    """Why a public record owes no alert."""
    unattested = _those((found.level not in _ATTESTED, f"the record is {found.level}"))
    return (*_stale_for(found), *unattested)


def _stale_for(found: Found) -> tuple[str, ...]:
    """Why a record is no news: re-analysis, merges and backfill alert nobody."""
    shipped = found.origin in (Origin.STARTER, Origin.IMPORTED)
    return tuple(
        _those(
            (shipped, "it was shipped or imported"),
            (found.read_again, "it comes from reading an old text again"),
            (found.revised, "the article was changed after it was read"),
            (not found.quoted, "there is no stored sentence"),
            (found.novelty is Novelty.BACKGROUND, "the article tells it as background"),
            (found.article_published is None, "the day of publication is not known"),
            (_is_late(found), "the article was first seen over 7 days after publication"),
        )
    )


def _is_late(found: Found) -> bool:
    if found.article_published is None:
        return False
    return found.first_seen - found.article_published > FRESH_FOR


def _good_tiers(stance: bool) -> frozenset[Tier]:
    return _BY_THE_COMPANY_OR_PRESS if stance else _BY_THE_SPEAKER_TOO


def _name(act: Act | None) -> str:
    return "" if act is None else act.replace("_", " ")


def _those(*reasons: tuple[bool, str]) -> list[str]:
    return [words for holds, words in reasons if holds]
