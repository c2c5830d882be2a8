"""Stances of one lane on one topic, folded into words by the table (ledger A.3 and A.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date as Day
from datetime import timedelta

from tracker.domain.codes import (
    Act,
    ChangeKind,
    Extent,
    PositionWord,
    Precision,
    RelationKind,
    Track,
)
from tracker.domain.model import (
    PositionSpan,
    PositionStep,
    Relation,
    Stance,
    StanceId,
    TopicCode,
)
from tracker.domain.position_steps import Step, end_of_term, is_longer, precision_of
from tracker.domain.position_table import (
    CONTINUES,
    NO_STATEMENT,
    RANK,
    UNCLEAR,
    Move,
    Rule,
    extent_of,
    is_compelled,
    sign_of,
    term_of,
)


def fold(
    steps: Sequence[Step],
    topic: TopicCode,
    decided: Iterable[Relation],
    day: Day | None = None,
) -> list[PositionSpan]:
    """Return the words of both tracks in order; ``decided`` relations only.

    ``day`` is the last one to look at: later effects have not come, and terms have run out.
    """
    ids = {step.stance.id for step in steps}
    relations = [relation for relation in decided if relation.stance in ids]
    folding = _Folding(topic, relations)
    due = [step for step in steps if day is None or step.date <= day]
    for place, step in enumerate(due):
        folding.take(step, due, place)
    if day is not None:
        folding.expire(day)
    return folding.spans()


class _Folding:
    """The present word of each track, and the spans that are over."""

    def __init__(self, topic: TopicCode, relations: Sequence[Relation]) -> None:
        self._topic, self._relations = topic, relations
        self._over: list[PositionSpan] = []
        self._now: dict[Track, PositionSpan] = {}
        self._by_id: dict[StanceId, Stance] = {}
        self._undone: set[StanceId] = set()
        self._spent: set[StanceId] = set()

    def spans(self) -> list[PositionSpan]:
        """Return what is over and what still holds."""
        return [*self._over, *self._now.values()]

    def take(self, step: Step, due: Sequence[Step], place: int) -> None:
        """Apply one step; those of ``due`` before its ``place`` are read again for an undo."""
        self.expire(step.date)
        self._by_id[step.stance.id] = step.stance
        undone = self._undoes(step.stance)
        if undone is not None:
            self._undo(step, undone, due[:place])
        if step.stance.id not in self._undone | self._spent:
            self._apply(step)

    def expire(self, day: Day) -> None:
        """Let every term that ended before the day run out (R5)."""
        for track, span in list(self._now.items()):
            end = end_of_term(span.term)
            if end is not None and end < day:
                after = max(end, span.steps[-1].date) + timedelta(days=1)
                step = PositionStep(after, None, ChangeKind.EXPIRED, rests_on=span.rests_on)
                self._begin(track, UNCLEAR, step, Precision.DAY)

    def _apply(self, step: Step) -> None:
        rule = step.rule
        move = rule.says if step.track is Track.SAYS else rule.does
        if rule.proposes_contradiction and self._contradicts(step.stance):
            move = _decided_contradiction(rule, step.track)
        if move.needs_says in (None, self._word(Track.SAYS)):
            self._move(step, move)
        if rule.undoes_defence and step.track is Track.SAYS:
            self._drop_defence(step.stance)

    def _move(self, step: Step, move: Move) -> None:
        present = self._word(step.track)
        word = move.to.get(present)
        if word is None:
            return
        if word is present:
            self._keep(step, move)
            return
        made = _made_by(step, self._change(step.track, step.stance, word, step.date))
        self._begin(step.track, word, made, precision_of(step))

    def _keep(self, step: Step, move: Move) -> None:
        span = self._now[step.track]
        own = move.sets or move.raises is span.word
        change = self._change_of_kept(step, move, span)
        made = _made_by(step, change)
        longer = change is ChangeKind.STRENGTHENED and is_longer(made.term, span.term)
        frees = own and span.compelled and not made.compelled
        kept = PositionStep(
            step.date,
            step.stance.id,
            change,
            term=made.term if longer else span.term,
            scope=step.stance.scope or span.scope if own else span.scope,
            compelled=made.compelled if move.sets or frees else span.compelled,
            rests_on=(*span.rests_on, step.stance.id) if own else span.rests_on,
        )
        self._now[step.track] = _with(span, kept)

    def _change_of_kept(self, step: Step, move: Move, span: PositionSpan) -> ChangeKind:
        """R2: only a stance with the same word of its own strengthens or narrows it."""
        if move.raises is not span.word or not span.rests_on:
            return ChangeKind.CONFIRMED
        last = self._by_id[span.rests_on[-1]]
        before, after = extent_of(last, last.direction), extent_of(step.stance, step.direction)
        if is_longer(term_of(step.stance), span.term) or (before, after) == (
            Extent.PART,
            Extent.FULL,
        ):
            return ChangeKind.STRENGTHENED
        if (before, after) == (Extent.FULL, Extent.PART) and sign_of(step.direction) == 1:
            return ChangeKind.NARROWED
        return ChangeKind.CONFIRMED

    def _drop_defence(self, stance: Stance) -> None:
        """R4: words now above deeds that rest only on the company's own defence."""
        does = self._now.get(Track.DOES)
        if does is None or RANK[self._word(Track.SAYS)] <= RANK[does.word]:
            return
        if {self._by_id[found].act for found in does.rests_on} == {Act.DEFENDS}:
            change = self._change(Track.DOES, stance, UNCLEAR, stance.date)
            made = PositionStep(stance.date, stance.id, change, rests_on=(stance.id,))
            self._begin(Track.DOES, UNCLEAR, made, stance.precision)

    def _undoes(self, stance: Stance) -> StanceId | None:
        """R3: a decided reversal of a stance that a present word rests on, in the same matter."""
        if stance.matter is None or stance.id in self._spent:
            return None
        resting = {found for span in self._now.values() for found in span.rests_on}
        for target in self._targets(stance, RelationKind.REVERSES):
            earlier = self._by_id.get(target)
            if target in resting and earlier and earlier.matter == stance.matter:
                return target
        return None

    def _undo(self, step: Step, target: StanceId, earlier: Sequence[Step]) -> None:
        self._undone.add(target)
        if extent_of(step.stance, step.direction) is Extent.PART:
            self._spent.add(step.stance.id)
        without = _Folding(self._topic, self._relations)
        for old in earlier:
            if old.stance.id not in self._undone | self._spent:
                without._apply_again(old)
        without.expire(step.date)
        for track in (Track.SAYS, Track.DOES):
            self._return_to(track, without._now.get(track), step)

    def _apply_again(self, step: Step) -> None:
        self.expire(step.date)
        self._by_id[step.stance.id] = step.stance
        self._apply(step)

    def _return_to(self, track: Track, restored: PositionSpan | None, step: Step) -> None:
        word = restored.word if restored else NO_STATEMENT
        if word is self._word(track):
            if restored is not None:
                self._now[track] = replace(self._now[track], rests_on=restored.rests_on)
            return
        made = PositionStep(
            step.date,
            step.stance.id,
            ChangeKind.REVERSED,
            term=restored.term if restored else None,
            scope=restored.scope if restored else None,
            compelled=restored.compelled if restored else False,
            rests_on=restored.rests_on if restored else (),
        )
        self._begin(track, word, made, precision_of(step))

    def _begin(
        self, track: Track, word: PositionWord, step: PositionStep, precision: Precision
    ) -> None:
        old = self._now.pop(track, None)
        before = old.word if old else NO_STATEMENT
        if old is not None and old.since == step.date:
            before = old.before
        elif old is not None:
            self._over.append(replace(old, until=step.date))
        if word is before:
            self._reopen(track, step)
            return
        self._now[track] = PositionSpan(
            company="",
            topic=self._topic,
            track=track,
            word=word,
            since=step.date,
            until=None,
            change=step.change,
            stance=step.stance,
            before=before,
            precision=precision,
            last_evidence=step.date if step.stance else None,
            scope=step.scope,
            term=step.term,
            compelled=step.compelled,
            rests_on=step.rests_on,
            steps=(step,),
        )

    def _reopen(self, track: Track, step: PositionStep) -> None:
        """Two changes on one day that cancel out: the word of before goes on."""
        found = [span for span in self._over if span.track is track]
        if found and found[-1].until == step.date:
            self._over.remove(found[-1])
            kept = replace(step, change=ChangeKind.CONFIRMED)
            self._now[track] = _with(replace(found[-1], until=None), kept)

    def _word(self, track: Track) -> PositionWord:
        span = self._now.get(track)
        return span.word if span else NO_STATEMENT

    def _change(self, track: Track, stance: Stance, word: PositionWord, date: Day) -> ChangeKind:
        """R8: what the coming of a word is called."""
        present = self._now.get(track)
        before = self._word(track)
        if present is not None and present.since == date:
            before = present.before
        if before is NO_STATEMENT:
            return ChangeKind.FIRST
        if self._targets(stance, RelationKind.REVERSES):
            return ChangeKind.REVERSED
        if track is Track.DOES and self._contradicts(stance):
            return ChangeKind.CONTRADICTED
        up = RANK[word] > RANK[before]
        return ChangeKind.TIGHTENED if up else ChangeKind.WEAKENED

    def _contradicts(self, stance: Stance) -> bool:
        return bool(self._targets(stance, RelationKind.CONTRADICTS))

    def _targets(self, stance: Stance, kind: RelationKind) -> list[StanceId]:
        return sorted(
            relation.to
            for relation in self._relations
            if relation.stance == stance.id and relation.kind is kind
        )


def _decided_contradiction(rule: Rule, track: Track) -> Move:
    """Once a person has decided that words and deeds differ, deeds continue; words stay."""
    if track is Track.SAYS:
        return rule.says
    if rule.does.needs_says is None:
        return rule.does
    return replace(rule.does, to=dict.fromkeys(RANK, CONTINUES), needs_says=None)


def _made_by(step: Step, change: ChangeKind) -> PositionStep:
    stance = step.stance
    return PositionStep(
        step.date,
        stance.id,
        change,
        term=term_of(stance),
        scope=stance.scope,
        compelled=is_compelled(stance),
        rests_on=(stance.id,),
    )


def _with(span: PositionSpan, step: PositionStep) -> PositionSpan:
    return replace(
        span,
        last_evidence=step.date if step.stance else span.last_evidence,
        term=step.term,
        scope=step.scope,
        compelled=step.compelled,
        rests_on=step.rests_on,
        steps=(*span.steps, step),
    )
