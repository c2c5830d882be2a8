"""Reports on mails that left: what came back, what was called spam (promise 13)."""

from enum import StrEnum

from tracker.domain.addresses import masked
from tracker.domain.ports import Clock
from tracker.domain.reports import Heard, MailReport
from tracker.log import log
from tracker.store import refusals, reports
from tracker.store.database import Database, Session
from tracker.store.reports import Reported


class Outcome(StrEnum):
    """What a report led to."""

    NOT_OURS = "about no mail of ours, or without its proof: nothing is changed"
    KNOWN = "known already: nothing is changed"
    NOTED = "noted: the address is still written to"
    SUSPENDED = "noted: the address is suspended"
    EVERYBODY = "noted: so many came back at once that nobody is suspended"


def hear(database: Database, report: MailReport, now: Clock) -> Outcome:
    """Write down what a report says, and suspend the address if it must be."""
    with database.transaction() as session:
        mail = reports.find(session, report)
        if mail is None:
            return Outcome.NOT_OURS
        if reports.is_known(session, mail, report):
            return Outcome.KNOWN
        reports.record(session, mail, report, now())
        outcome = _judge(session, mail, report, now)
    log.warning("heard of a mail", heard=report.heard.value, to=masked(mail.address), said=outcome)
    return outcome


def _judge(session: Session, mail: Reported, report: MailReport, now: Clock) -> Outcome:
    if report.heard is Heard.BOUNCED and refusals.takes_back(session, mail.reader, now()):
        return Outcome.EVERYBODY
    why = _why_suspend(session, mail, report, now)
    if why is None:
        return Outcome.NOTED
    refusals.suspend(session, mail.reader, f"{why}: {report.said}", now())
    return Outcome.SUSPENDED


def _why_suspend(session: Session, mail: Reported, report: MailReport, now: Clock) -> str | None:
    if report.heard is Heard.BOUNCED:
        return "came back for good"
    if report.heard is Heard.COMPLAINED:
        return "called spam"
    if report.heard is Heard.RETURNED and refusals.too_many_soft_ones(session, mail.reader, now()):
        return "came back on five days of seven"
    return None
