"""Sentences on companies side by side: who says and does the same."""

from collections.abc import Sequence
from datetime import date as Day

from tracker.domain.codes import PositionWord
from tracker.store.views.records import STALE_YEARS, CompanyRef, SpanLine, Standing, TopicRef
from tracker.web.language import gettext as _
from tracker.web.language import ngettext
from tracker.web.sentences import label
from tracker.web.wording import capital, listed, number


def of_comparison(
    topic: TopicRef, companies: Sequence[CompanyRef], standings: Sequence[Standing], day: Day
) -> str:
    """Which of the companies say and do the same, and which of them nothing on record places."""
    own = {one.company.id: one for one in standings if one.brand is None}
    found = [own[one.id] for one in companies if one.id in own]
    does = _names_by_word(topic, [(one.does, False) for one in found if one.does])
    says = _names_by_word(topic, [(one.says, one.only_said) for one in found if one.says])
    said = {one.company.id for one in found if one.says}
    silent = [one.name for one in companies if one.id not in said]
    none = [_("no words of %(names)s are on record", names=listed(silent))] if silent else []
    if not found:
        return f"{capital(none[0])}."
    if says == does:
        parts = [_("In words and in deeds, %(what)s.", what="; ".join([*says, *none]))]
    else:
        parts = [_("In words, %(what)s.", what="; ".join([*says, *none]))]
        parts += [_("In deeds, %(what)s.", what="; ".join(does))] if does else []
    stale = [one.company.name for one in found if one.stale(day)]
    if stale:
        old = _("The last evidence is more than %(years)s years old: %(names)s.",
                years=number(STALE_YEARS), names=listed(stale))  # fmt: skip
        parts.append(old)
    return " ".join(parts)


def _names_by_word(topic: TopicRef, held: Sequence[tuple[SpanLine, bool]]) -> list[str]:
    """The companies under the word that each stands at, in the order of the words.

    With each word: whether the words of the company alone place it there.
    """
    names: dict[str, list[str]] = {}
    for word in PositionWord:
        for span, alone in sorted(held, key=lambda one: one[1]):
            if span.word == word.value:
                names.setdefault(label(span.word, topic, alone), []).append(span.company.name)
    return [
        ngettext(
            "%(names)s stands at %(word)s",
            "%(names)s stand at %(word)s",
            len(found),
            names=listed(found),
            word=word,
        )
        for word, found in names.items()
    ]
