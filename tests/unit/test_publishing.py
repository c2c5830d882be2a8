"""What is shown, what may alert, and why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

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
from tracker.domain.publishing import (
    OPERATOR_TIER,
    Found,
    Publication,
    decide,
    level_for,
    tier_of,
)

PUBLISHED = datetime(2020, 6, 9, 14, tzinfo=UTC)
NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)
SURE = Found(
    level=Level.REPORTED,
    disposition=Disposition.PUBLISH,
    tier=Tier.RELIABLE,
    act=Act.ENDS,
    direction=3,
    first_of_company=True,
    first_seen=NOW,
    article_published=PUBLISHED,
)
PLAIN = replace(SURE, level=Level.CONFIRMED, direction=2, first_of_company=False)
STRICT, REPORTED, OFF = AutoPublish.STRICT, AutoPublish.REPORTED, AutoPublish.OFF


def test_a_sure_finding_of_a_reliable_source_is_shown_and_alerts() -> None:
    assert decide(SURE, REPORTED) == Publication(published=True, may_alert=True)
    backs = replace(SURE, act=Act.SUPPORTS_REGULATION, direction=1)
    assert decide(backs, REPORTED).may_alert


def test_off_leaves_everything_to_a_person() -> None:
    decision = decide(PLAIN, OFF)
    assert not decision.published
    assert not decision.may_alert
    assert "off" in decision.waits_for[0]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"disposition": Disposition.REVIEW}, "the reading of the article is not sure"),
        ({"modality": Modality.PLANNED}, "the sentence is planned"),
        ({"quoted": False}, "there is no stored sentence"),
        ({"language_known": False}, "the language of the article is not known to the extractor"),
        ({"act": Act.WALKS_BACK}, "a person always sees walks back first"),
        ({"act": Act.SANCTIONS_CRITICS}, "a person always sees sanctions critics first"),
        ({"act": Act.SILENT}, "a person always sees silent first"),
        ({"tier": Tier.WEAK, "level": Level.REPORTED}, "the source is of tier weak"),
        ({"tier": Tier.MIRROR, "level": Level.REPORTED}, "the source is of tier mirror"),
        ({"tier": Tier.ADVOCACY, "level": Level.REPORTED}, "the source is of tier advocacy"),
        ({"tier": None, "level": Level.REPORTED}, "the source is not rated"),
        ({"level": Level.UNCONFIRMED}, "the record is unconfirmed"),
        ({"level": Level.DISPUTED}, "the record is disputed"),
        ({"level": Level.RETRACTED}, "the record is retracted"),
    ],
)
@pytest.mark.parametrize("setting", [REPORTED, STRICT])
def test_what_always_waits_for_a_person(
    changed: dict[str, object], reason: str, setting: AutoPublish
) -> None:
    decision = decide(replace(PLAIN, **changed), setting)  # type: ignore[arg-type]
    assert not decision.published
    assert not decision.may_alert
    assert reason in decision.waits_for


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"level": Level.REPORTED}, "the record is not confirmed"),
        ({"contested": True}, "civil society is split on the topic"),
        ({"ambiguous_company": True}, "the name of the company is ambiguous"),
        ({"first_of_company": True}, "it is the first record of the company"),
        ({"direction": -3}, "the direction is strong or unknown"),
        ({"direction": None}, "the direction is strong or unknown"),
        ({"compelled": True}, "the act was compelled"),
        (
            {"proposed": frozenset({RelationKind.REVERSES})},
            "it may reverse or contradict an earlier one",
        ),
    ],
)
def test_what_waits_under_the_strict_setting_only(changed: dict[str, object], reason: str) -> None:
    found = replace(PLAIN, **changed)  # type: ignore[arg-type]
    assert decide(found, STRICT).waits_for == (reason,)
    assert decide(found, REPORTED).published
    assert decide(found, REPORTED).may_alert


def test_the_strict_setting_shows_what_is_plain() -> None:
    assert decide(PLAIN, STRICT) == Publication(published=True, may_alert=True)


def test_a_relation_waits_while_its_stance_is_shown() -> None:
    proposed = frozenset({RelationKind.CONTRADICTS, RelationKind.MODIFIES})
    decision = decide(replace(SURE, proposed=proposed), REPORTED)
    assert decision.published
    assert decision.waits_for == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"novelty": Novelty.BACKGROUND}, "the article tells it as background"),
        ({"read_again": True}, "it comes from reading an old text again"),
        ({"origin": Origin.STARTER}, "it was shipped or imported"),
        ({"origin": Origin.IMPORTED}, "it was shipped or imported"),
        ({"origin": Origin.EDITOR, "quoted": False}, "there is no stored sentence"),
        (
            {"first_seen": NOW + timedelta(days=7)},
            "the article was first seen over 7 days after publication",
        ),
        ({"article_published": None}, "the day of publication is not known"),
        (
            {"review_state": ReviewState.ACCEPTED, "level": Level.UNCONFIRMED},
            "the record is unconfirmed",
        ),
    ],
)
def test_what_is_shown_without_an_alert(changed: dict[str, object], reason: str) -> None:
    decision = decide(replace(SURE, **changed), REPORTED)  # type: ignore[arg-type]
    assert decision.published
    assert not decision.may_alert
    assert decision.quiet_for == (reason,)


def test_the_seventh_day_still_alerts() -> None:
    late = replace(SURE, first_seen=PUBLISHED + timedelta(days=7))
    assert decide(late, REPORTED).may_alert


def test_what_a_person_accepted_is_shown_and_alerts_under_every_setting() -> None:
    accepted = replace(SURE, act=Act.WALKS_BACK, review_state=ReviewState.ACCEPTED)
    for setting in AutoPublish:
        assert decide(accepted, setting) == Publication(published=True, may_alert=True)


def test_what_a_person_rejected_is_gone() -> None:
    decision = decide(replace(SURE, review_state=ReviewState.REJECTED), REPORTED)
    assert decision == Publication(
        published=False, may_alert=False, quiet_for=("it is not public",)
    )


def test_an_advocate_speaks_for_itself() -> None:
    reaction = replace(SURE, act=None, direction=None, tier=Tier.ADVOCACY)
    assert decide(reaction, REPORTED).published
    assert decide(reaction, REPORTED).may_alert
    confirmed = replace(reaction, level=Level.CONFIRMED, first_of_company=False)
    assert decide(confirmed, STRICT).published


@pytest.mark.parametrize(
    ("host", "source", "own", "tier"),
    [
        (Tier.WEAK, Tier.RELIABLE, True, Tier.RELIABLE),
        (None, OPERATOR_TIER, True, Tier.RELIABLE),
        (Tier.PRIMARY, Tier.RELIABLE, False, Tier.PRIMARY),
        (None, Tier.RELIABLE, False, None),
        (Tier.WEAK, None, True, Tier.WEAK),
    ],
)
def test_a_page_has_the_tier_of_its_source_or_host(
    host: Tier | None, source: Tier | None, own: bool, tier: Tier | None
) -> None:
    assert tier_of(host, source, on_host_of_source=own) is tier


CONFIRMED, UNCONFIRMED = Level.CONFIRMED, Level.UNCONFIRMED


@pytest.mark.parametrize(
    ("tiers", "reports", "more", "level"),
    [
        ([Tier.RELIABLE], 1, {}, Level.REPORTED),
        ([Tier.RELIABLE], 1, {"on_record": True}, Level.REPORTED),
        ([Tier.RELIABLE], 2, {"on_record": True}, CONFIRMED),
        ([Tier.RELIABLE], 2, {}, Level.REPORTED),
        ([Tier.RELIABLE], 2, {"on_record": True, "anonymous": True}, Level.REPORTED),
        ([Tier.PRIMARY], 1, {"own_channel": True}, CONFIRMED),
        ([Tier.PRIMARY], 1, {}, Level.REPORTED),
        ([Tier.PRIMARY], 1, {"own_channel": True, "anonymous": True}, Level.REPORTED),
        ([Tier.ADVOCACY], 1, {}, UNCONFIRMED),
        ([Tier.ADVOCACY], 1, {"stance": False}, Level.REPORTED),
        ([Tier.ADVOCACY, Tier.WEAK], 2, {}, Level.REPORTED),
        ([Tier.WEAK], 3, {"on_record": True}, UNCONFIRMED),
        ([Tier.MIRROR], 1, {}, UNCONFIRMED),
        ([None], 1, {}, UNCONFIRMED),
        ([], 0, {}, UNCONFIRMED),
    ],
)
def test_how_well_a_record_is_attested(
    tiers: list[Tier | None], reports: int, more: dict[str, bool], level: Level
) -> None:
    assert level_for(tiers, reports, **more) is level
