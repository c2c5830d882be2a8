"""A small ledger, written row by row: what the pages are tested on."""

import hashlib
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from tracker.store import searchable
from tracker.store.schema import (
    ArticleRow,
    CallCallerRow,
    CallRow,
    CallTargetRow,
    CallTargetStatusRow,
    CallTopicRow,
    EvidenceRow,
    HistoryRow,
    HostRow,
    LinkRow,
    OrganisationNameRow,
    OrganisationRow,
    PositionSpanRow,
    ReactionAboutRow,
    ReactionRow,
    RelationRow,
    SnapshotRow,
    SourceRow,
    StanceRow,
    StanceTopicRow,
    TopicRow,
)
from tracker.store.searchable import Searchable

SEEN = datetime(2020, 6, 9, 15, 0, tzinfo=UTC)

LETTER = (
    "Nobody asked for it on Friday. Acme wrote to the committee on Monday. "
    "Acme no longer sells face recognition to anyone. The letter runs to two pages. "
    "A last sentence that no page may show stands here."
)
QUOTE = "Acme no longer sells face recognition to anyone."


class Ledger:
    """Adds rows to a session; ids are given by name."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def topic(
        self,
        code: str = "facial_recognition",
        *,
        name: str = "Facial recognition",
        kind: str = "practice",
        contested: bool = False,
        place: int = 0,
    ) -> str:
        self.session.add(
            TopicRow(
                code=code,
                slug=code.replace("_", "-"),
                group="Biometrics",
                name=name,
                covers="identifying people by face",
                cues="face",
                excludes="",
                reference_side="less use",
                contested=contested,
                kind=kind,
                practice="selling or using face recognition",
                place=place,
            )
        )
        self.session.flush()
        return code

    def organisation(
        self,
        name: str,
        *,
        kind: str = "company",
        aliases: tuple[str, ...] = (),
        slug: str | None = None,
    ) -> int:
        slug = slug or name.lower().replace(" ", "-")
        row = OrganisationRow(slug=slug, name=name, kind=kind)
        row.names = [OrganisationNameRow(text=alias, kind="alias") for alias in aliases]
        self.session.add(row)
        self.session.flush()
        return row.id

    def group_of(self, name: str) -> int:
        """The id of an organisation that was added before."""
        found = self.session.query(OrganisationRow).filter_by(name=name).one()
        return found.id

    def stance(
        self,
        id_: str,
        company: int,
        day: date,
        *,
        topic: str = "facial_recognition",
        act: str = "ends",
        direction: int = 3,
        level: str = "reported",
        published: bool = True,
        origin: str = "starter",
        summary: str | None = "Acme said it no longer sells face recognition.",
        brand: str | None = None,
        precision: str = "day",
        trigger: str = "voluntary",
        scope: str | None = None,
    ) -> str:
        row = StanceRow(
            id=id_,
            company_id=company,
            brand=brand,
            act=act,
            direction=direction,
            date=day,
            precision=precision,
            trigger=trigger,
            scope=scope,
            summary=summary,
            novelty="new",
            modality="asserted",
            disposition="publish",
            level=level,
            review_state="proposed",
            origin=origin,
            published=published,
            extractor="rules 1.0" if origin == "extracted" else None,
        )
        row.topics = [StanceTopicRow(place=0, topic=topic)]
        self.session.add(row)
        self.session.flush()
        return id_

    def span(
        self,
        company: int,
        word: str,
        since: date,
        *,
        track: str = "says",
        topic: str = "facial_recognition",
        before: str = "no_statement",
        until: date | None = None,
        change: str = "first",
        stance: str | None = None,
        brand: str | None = None,
        last_evidence: date | None = None,
        scope: str | None = None,
        term: str | None = None,
    ) -> None:
        self.session.add(
            PositionSpanRow(
                company_id=company,
                brand=brand,
                topic=topic,
                track=track,
                word=word,
                word_before=before,
                since=since,
                precision="day",
                until=until,
                change=change,
                stance_id=stance,
                rests_on=[],
                last_evidence=last_evidence or since,
                scope=scope,
                term=term,
                compelled=False,
            )
        )
        self.session.flush()

    def host(self, host: str, tier: str) -> None:
        self.session.add(HostRow(host=host, tier=tier))
        self.session.flush()

    def link(self, stance: str, url: str, host: str) -> None:
        self.session.add(LinkRow(stance_id=stance, url=url, host=host))
        self.session.flush()

    def quote(
        self,
        stance: str,
        *,
        text: str = LETTER,
        quote: str = QUOTE,
        url: str = "https://news.example/acme",
        host: str = "news.example",
        title: str = "Acme leaves face recognition",
        copy_of: int | None = None,
        state: str = "intact",
        tier: str | None = "reliable",
        seen: datetime = SEEN,
    ) -> int:
        article = ArticleRow(
            url=url,
            host=host,
            title=title,
            published=seen,
            first_seen=seen,
            copy_of=copy_of,
            tier=tier,
        )
        self.session.add(article)
        self.session.flush()
        snapshot = SnapshotRow(
            article_id=article.id,
            title=title,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            fetched_at=seen,
            taken_from="page",
            next_try=seen,
        )
        self.session.add(snapshot)
        self.session.flush()
        start = text.index(quote)
        self.session.add(
            EvidenceRow(
                stance_id=stance,
                snapshot_id=snapshot.id,
                field="text",
                start=start,
                end=start + len(quote),
                quote=quote,
                role="report",
                state=state,
                found_at=seen,
            )
        )
        self.session.flush()
        return article.id

    def reaction(
        self,
        id_: str,
        actor: str,
        kind: str,
        *,
        stance: str | None = None,
        about: int | None = None,
        day: date = date(2020, 6, 9),
        topic: str = "facial_recognition",
        summary: str = "The group spoke of a first step.",
        published: bool = True,
    ) -> None:
        row = ReactionRow(
            id=id_,
            actor_name=actor,
            actor_type="advocacy_group",
            reaction=kind,
            stance_id=stance,
            practice=None if stance else "face recognition",
            topic=topic,
            summary=summary,
            date=day,
            precision="day",
            novelty="new",
            disposition="publish",
            level="reported",
            review_state="proposed",
            origin="starter",
            published=published,
        )
        if about is not None:
            row.about = [ReactionAboutRow(place=0, organisation_id=about)]
        self.session.add(row)
        self.session.flush()

    def call(
        self,
        id_: str,
        caller: str,
        targets: dict[int, str],
        day: date,
        *,
        topic: str = "facial_recognition",
        origin: str = "starter",
        proof: str | None = None,
        answered_by: tuple[str, ...] = (),
        status_date: date | None = None,
        url: str = "https://group.example/letter",
    ) -> None:
        row = CallRow(
            id=id_,
            caller_type="advocacy_group",
            asked="Stop selling face recognition",
            date=day,
            precision="day",
            delivery_proof=proof,
            public_url=url,
            disposition="publish",
            level="reported",
            review_state="accepted",
            origin=origin,
            published=True,
        )
        row.callers = [CallCallerRow(place=0, name=caller)]
        row.topics = [CallTopicRow(place=0, topic=topic)]
        row.targets = [
            CallTargetRow(
                organisation_id=target,
                status=status,
                status_date=status_date,
                precision="day",
                statuses=[
                    CallTargetStatusRow(
                        status=status,
                        status_date=status_date,
                        precision="day",
                        answered_by=list(answered_by),
                    )
                ],
            )
            for target, status in targets.items()
        ]
        self.session.add(row)
        self.session.flush()
        self.session.add(LinkRow(call_id=id_, url=url, host="group.example"))
        self.session.flush()

    def relation(self, stance: str, kind: str, to: str, *, decided: bool) -> None:
        row = RelationRow(stance_id=stance, kind=kind, to_id=to, decided=decided, origin="starter")
        self.session.add(row)
        self.session.flush()

    def history(self, stance: str, by: str, action: str, why: str | None = None) -> None:
        self.session.add(
            HistoryRow(
                at=SEEN,
                by=by,
                record_kind="stance",
                record_id=stance,
                action=action,
                change={},
                why=why,
            )
        )
        self.session.flush()

    def source(
        self,
        title: str,
        *,
        last_ok: datetime | None = None,
        fault: str | None = None,
        organisation: int | None = None,
        tier: str = "reliable",
        due: datetime = SEEN,
        interval_s: int = 3600,
    ) -> int:
        row = SourceRow(
            url=f"https://{title.lower().replace(' ', '-')}.example/feed",
            title=title,
            organisation_id=organisation,
            tier=tier,
            added_at=SEEN,
            next_due=due,
            interval_s=interval_s,
            last_ok=last_ok,
            failures=1 if fault == "theirs" else 0,
            failing_since=SEEN if fault else None,
            last_error="the name could not be found" if fault else None,
            error_cause="dns" if fault else None,
            error_fault=fault,
        )
        self.session.add(row)
        self.session.flush()
        return row.id

    def document(
        self,
        kind: str,
        record: str,
        title: str,
        body: str,
        *,
        day: date | None = None,
        **known: str,
    ) -> None:
        """A text to be found; ``known`` are values of the fields of filters."""
        fields = {name: [value] for name, value in known.items()}
        searchable.put(self.session, [Searchable(kind, record, title, body, day, fields)])
