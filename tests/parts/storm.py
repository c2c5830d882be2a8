"""A mail server that fails in every planned way, and what must be true when the storm is over."""

import asyncio
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"
STORY = re.compile(r"/e/([a-z]+)-(\d+)\b")

FAILURES = ("mail 421", "rcpt 450", "rcpt 451", "data 451", "cut", "drop", "slow")
"""What goes wrong with a mail, each as often as the others."""


@dataclass(frozen=True)
class Arrived:
    """One accepted mail: the stories it tells (company, number), and whether we said so."""

    address: str
    message_id: str
    stories: tuple[tuple[str, int], ...]
    silent: bool


@dataclass
class StormyServer:
    """Accepts mail, but a share of them fails as planned; ``gone`` addresses get a 550."""

    port: int
    share: float
    seed: int = 1
    gone: frozenset[str] = frozenset()
    arrived: list[Arrived] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._controller: Controller | None = None

    def up(self) -> None:
        """Answer on the port."""
        self._controller = _Controller(self, hostname=HOST, port=self.port)
        self._controller.start()

    def down(self) -> None:
        """Refuse connections."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def fails(self, *kinds: str) -> str | None:
        """Whether this step fails, and how."""
        if self._random.random() >= self.share * len(kinds) / len(FAILURES):
            return None
        kind = self._random.choice(kinds)
        self.failed[kind] += 1
        return kind

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.fails("mail 421"):
            return "421 4.3.2 closing"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.gone:
            self.failed["rcpt 550"] += 1
            return "550 5.1.1 no such user"
        if kind := self.fails("rcpt 450", "rcpt 451"):
            return f"{kind[-3:]} 4.2.0 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        kind = self.fails("data 451", "drop", "slow")
        if kind == "data 451":
            return "451 4.3.0 try again later"
        if kind == "slow":
            await asyncio.sleep(0.2)
        self.arrived.append(_read(envelope, silent=kind == "drop"))
        if kind == "drop":
            server.transport.abort()
        return "250 OK"


class _StormySmtp(SMTP):
    """Cuts the connection when it should take the text."""

    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.fails("cut"):
            await self.push("354 go on")
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _StormySmtp(self.handler, hostname="storm.example")


def _read(envelope: Any, *, silent: bool) -> Arrived:
    message = message_from_bytes(bytes(envelope.content), policy=policy.default)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    stories = dict.fromkeys((company, int(number)) for company, number in STORY.findall(text))
    return Arrived(envelope.rcpt_tos[0], message["Message-ID"], tuple(stories), silent)


@dataclass(frozen=True)
class Verdict:
    """What came of a storm. ``doubled`` are copies that nothing excuses."""

    mails: int
    copies: int
    doubled: list[str]
    out_of_order: list[str]
    missing: list[str]


def judge(arrived: Sequence[Arrived], told: Iterable[tuple[str, str, int]], kills: int) -> Verdict:
    """Hold what arrived against ``told``: every (address, company, number) recorded as sent.

    A second copy is excused when the server had accepted and did not say so, or the sender was
    killed with the mail in its hands; and only with the same Message-ID.
    """
    by_id: dict[str, list[Arrived]] = defaultdict(list)
    ids: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for mail in arrived:
        by_id[mail.message_id].append(mail)
        for company, number in mail.stories:
            ids[mail.address, company, number].add(mail.message_id)
    again = [mails for mails in by_id.values() if len(mails) > 1]
    unexcused = [m[0].message_id for m in again if not any(one.silent for one in m[:-1])]
    two_ids = [str(story) for story, found in ids.items() if len(found) > 1]
    return Verdict(
        mails=len(by_id),
        copies=sum(len(mails) - 1 for mails in again),
        doubled=two_ids + (unexcused if len(unexcused) > kills else []),
        out_of_order=_out_of_order(arrived),
        missing=[str(story) for story in told if story not in ids],
    )


def _out_of_order(arrived: Sequence[Arrived]) -> list[str]:
    """Per address and company, stories must first arrive in the order in which they were owed."""
    last: dict[tuple[str, str], int] = {}
    seen: set[tuple[str, str, int]] = set()
    wrong = []
    for mail in arrived:
        for company, number in sorted(mail.stories):
            if (mail.address, company, number) in seen:
                continue
            seen.add((mail.address, company, number))
            if number < last.get((mail.address, company), 0):
                wrong.append(f"{mail.address}: {company}-{number}")
            last[mail.address, company] = number
    return wrong
