"""Sentences on what was asked of companies, and who answered how fast."""

from collections.abc import Sequence

from tracker.store.views.calls import DECIDED, WAITING
from tracker.store.views.organisation import Group
from tracker.store.views.records import CallLine
from tracker.web import wording
from tracker.web.language import gettext as _
from tracker.web.language import ngettext
from tracker.web.wording import number

FEW = 4
"""Up to how many answers have no middle worth telling."""


def of_call(lines: Sequence[CallLine]) -> str:
    """How many of the addressees of one call answered in substance."""
    waiting = sum(1 for one in lines if one.status in WAITING)
    answered = sum(1 for one in lines if one.status in DECIDED)
    if answered == len(lines):
        return ngettext(
            "The one company that was asked has answered.",
            "Each of the %(number)s companies that were asked has answered.",
            len(lines),
            number=number(len(lines)),
        )
    if waiting == len(lines):
        return ngettext(
            "No answer in substance of the one company that was asked is on record.",
            "No answer in substance of the %(number)s companies that were asked is on record.",
            len(lines),
            number=number(len(lines)),
        )
    return ngettext(
        "Of %(asked)s companies asked, one has an answer in substance on record.",
        "Of %(asked)s companies asked, %(number)s have an answer in substance on record.",
        answered,
        asked=number(len(lines)),
        number=number(answered),
    )


def of_group(group: Group) -> str:
    """What a group asked of how many companies, how many answered, and how fast."""
    if not group.calls:
        return _("No call of %(name)s is on record.", name=group.group.name)
    calls, answers = len({one.call for one in group.calls}), len(group.answered)
    text = _(
        "%(calls)s to %(companies)s on record, with %(answers)s.",
        calls=wording.counted(calls, "call"),
        companies=wording.counted(len({one.company.id for one in group.calls}), "company"),
        answers=wording.counted(answers, "answer") if answers else _("no answer in substance"),
    )
    return f"{text} {_how_fast(group.days_to_answer)}".rstrip()


def _how_fast(days: Sequence[int]) -> str:
    """After how many days answers came: the middle of many, the first and last of few."""
    if not days:
        return ""
    if len(days) > FEW:
        middle = wording.counted(days[(len(days) - 1) // 2], "day")
        return _("Half of the dated answers came within %(days)s.", days=middle)
    if days[0] == days[-1]:
        return ngettext(
            "The one dated answer came after %(days)s.",
            "The %(number)s dated answers came after %(days)s.",
            len(days),
            number=number(len(days)),
            days=wording.counted(days[0], "day"),
        )
    return _(
        "The %(number)s dated answers came after %(first)s to %(last)s.",
        number=number(len(days)),
        first=wording.figure(days[0]),
        last=wording.counted(days[-1], "day"),
    )
