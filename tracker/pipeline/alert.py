"""Step 4: alerts that are owed go out, once each (promises 11 to 13)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tracker.domain.addresses import domain_of, masked
from tracker.domain.errors import DeliveryError
from tracker.domain.model import AlertToSend
from tracker.domain.ports import Clock, Notify
from tracker.log import log
from tracker.pipeline.each import Tally, run_each
from tracker.pipeline.outbox import held
from tracker.store import alerts, deliveries, still_true
from tracker.store.database import Database

BATCH = 50
MINUTE = timedelta(minutes=1)

LEASE = timedelta(minutes=3)
"""After a crash the mails that were in hand are sent again when this is over."""

LONGEST_TRY = timedelta(minutes=1)
"""No mail is begun with less than this left of its lease: somebody else would send it too."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The parts and bounds that sending is given."""

    database: Database
    notify: Notify
    now: Clock
    per_minute: int | None
    per_domain: int | None
    lease: timedelta


@dataclass(slots=True)
class Batch:
    """The mails that are claimed, those left to be given back, and what stopped us.

    ``failing`` holds the addresses that did not take a mail: later ones wait, to keep the order.
    ``tried`` counts the mails to each domain in this minute.
    """

    mails: Sequence[AlertToSend]
    tally: Tally
    tried: Counter[str] = field(default_factory=Counter)
    left: list[AlertToSend] = field(default_factory=list)
    failing: set[str] = field(default_factory=set, repr=False)
    outage: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a run, in alerts: sent, refused (the address), failed (tried again later),
    withdrawn before sending, still waiting; ``outage`` says why nothing could be handed over.
    """

    sent: int = 0
    refused: int = 0
    failed: int = 0
    withdrawn: int = 0
    waiting: int = 0
    bugs: int = 0
    outage: str | None = None
    paused: bool = False


def send_due(
    database: Database,
    notify: Notify,
    now: Clock,
    limit: int | None = None,
    *,
    per_minute: int | None = None,
    per_domain: int | None = None,
    paused: bool = False,
    lease: timedelta = LEASE,
) -> Sent:
    """Send what is owed and due, oldest first: at most ``limit`` mails, and in any minute at most
    ``per_minute`` alerts, ``per_domain`` of them to one domain. While ``paused``, or held by an
    operator, nothing goes out and nothing is lost.
    """
    sending = Sending(database, notify, now, per_minute, per_domain, lease)
    tally, outage = Tally(), None
    while outage is None and (room := _room(sending, limit, tally)) > 0:
        paused = paused or held(database) is not None
        if paused:
            break
        tried = _tried(sending)
        full = [domain for domain, number in tried.items() if number >= (per_domain or number + 1)]
        with database.transaction() as session:
            mails = alerts.claim(session, now(), min(room, BATCH), lease, except_domains=full)
        if not mails:
            break
        outage = send_batch(sending, Batch(mails, tally, tried))
    with database.reading() as session:
        waiting = alerts.owed(session)
    counts = {name: tally[name] for name in ("sent", "refused", "failed", "withdrawn")}
    return Sent(**counts, waiting=waiting, bugs=tally.bugs, outage=outage, paused=paused)


def send_batch(sending: Sending, batch: Batch) -> str | None:
    """Send the claimed mails; return why there is no use in going on, if there is none."""
    run_each(
        _until_stopped(sending, batch),
        lambda mail: send_one(sending, batch, mail),
        batch.tally,
        lambda mail, bug: _set_aside(sending, batch, mail, bug),
    )
    if batch.left:
        with sending.database.transaction() as session:
            deliveries.give_back(session, batch.left)
    return batch.outage


def send_one(sending: Sending, batch: Batch, mail: AlertToSend) -> None:
    """Send one mail if it is still true and still ours, and record how it went."""
    true = _still_true(sending, batch.tally, mail)
    if true is None:
        return
    try:
        answer = sending.notify(true)
    except DeliveryError as error:
        _record_failure(sending, batch, true, error)
        return
    with sending.database.transaction() as session:
        deliveries.record_sent(session, true, answer, sending.now())
    batch.tally.count("sent", 1 + len(true.also))


def _room(sending: Sending, limit: int | None, tally: Tally) -> int:
    """How many mails may still go out: under the limit of this run, and in this minute."""
    room = BATCH if limit is None else limit - tally.done
    if sending.per_minute is None:
        return room
    with sending.database.reading() as session:
        sent = alerts.sent_since(session, sending.now() - MINUTE)
    return min(room, sending.per_minute - sent)


def _tried(sending: Sending) -> Counter[str]:
    """How many mails each domain was offered in this minute, if that is limited at all."""
    if sending.per_domain is None:
        return Counter()
    with sending.database.reading() as session:
        return deliveries.tried_since(session, sending.now() - MINUTE)


def _until_stopped(sending: Sending, batch: Batch) -> Iterator[AlertToSend]:
    for mail in batch.mails:
        assert mail.leased_until is not None, "a claimed mail has a lease"
        late = sending.now() + LONGEST_TRY > mail.leased_until
        domain = domain_of(mail.address)
        full = sending.per_domain is not None and batch.tried[domain] >= sending.per_domain
        waits = late or full or mail.address in batch.failing
        if batch.outage or waits or held(sending.database):
            batch.left.append(mail)
        else:
            batch.tried[domain] += 1 + len(mail.also)
            yield mail


def _still_true(sending: Sending, tally: Tally, mail: AlertToSend) -> AlertToSend | None:
    """The mail without the alerts that must not go out any more; None when none is left."""
    with sending.database.reading() as session:
        if not deliveries.still_ours(session, mail):
            return None
        checked = [(one, still_true.objection(session, one)) for one in deliveries.carried(mail)]
    if any(objection for _, objection in checked):
        with sending.database.transaction() as session:
            for alert, objection in checked:
                if objection is not None:
                    deliveries.settle(session, alert, objection, sending.now())
                    tally.count("withdrawn")
    left = [replace(alert, also=()) for alert, objection in checked if objection is None]
    if not left:
        return None
    return replace(left[0], message_id=mail.message_id, also=tuple(left[1:]))


def _record_failure(
    sending: Sending, batch: Batch, mail: AlertToSend, error: DeliveryError
) -> None:
    if error.outage:
        batch.outage = str(error)
        batch.left.append(mail)
        with sending.database.transaction() as session:
            deliveries.note_outage(session, mail, str(error), sending.now())
        log.warning("mail server unusable", reason=str(error))
        return
    batch.failing.add(mail.address)
    with sending.database.transaction() as session:
        everybody = deliveries.record_failure(session, mail, error, sending.now())
    if everybody:
        log.error("the mail server refuses every address; none is suspended", reason=str(error))
    batch.tally.count("refused" if error.permanent else "failed", 1 + len(mail.also))
    log.warning("mail not accepted", to=masked(mail.address), code=error.code, alert=mail.id)


def _set_aside(sending: Sending, batch: Batch, mail: AlertToSend, bug: Exception) -> None:
    batch.failing.add(mail.address)
    with sending.database.transaction() as session:
        deliveries.record_bug(session, mail, bug, sending.now())
