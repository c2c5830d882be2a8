"""Stances of one lane on one topic, folded into words by the table (ledger A.3 and A.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from tracker.domain.position_rollup import Owner
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

Turns = Mapping[StanceId, Sequence[Relation]]
"""The decided relations by the stance from which they go out."""


def fold(
    steps: Sequence[Step], topic: TopicCode, turns: Turns, owner: Owner, day: Day | None = None
) -> list[PositionSpan]:
    """Return the words of both tracks in order, as those of the owner.

    ``day`` is the last one to look at: later effects have not come, and terms have run out.
    """
    folding = _Folding(turns)
    due = [step for step in steps if day is None or step.date <= day]
    for place, step in enumerate(due):
        folding.take(step, due, place)
    if day is not None:
        folding.expire(day)
    return [held.span(topic, owner) for held in folding.words()]


@dataclass(slots=True, eq=False)
class _Held:
    """A word of one track from a day on, with the steps that began and kept it so far."""

    track: Track
    word: PositionWord
    before: PositionWord
    since: Day
    precision: Precision
    steps: list[PositionStep]
    rests_on: tuple[StanceId, ...]
    until: Day | None = None

    @property
    def last(self) -> PositionStep:
        """The step that last began or kept it: term and scope are those of this one."""
        return self.steps[-1]

    def keep(self, step: PositionStep) -> None:
        """Take one more step that keeps the word."""
        self.steps.append(step)
        self.rests_on = step.rests_on

    def span(self, topic: TopicCode, owner: Owner) -> PositionSpan:
        """Return it as it is recorded."""
        first, last = self.steps[0], self.last
        told = (step.date for step in reversed(self.steps) if step.stance is not None)
        return PositionSpan(
            company=owner.company,
            topic=topic,
            track=self.track,
            word=self.word,
            since=self.since,
            until=self.until,
            change=first.change,
            stance=first.stance,
            before=self.before,
            precision=self.precision,
            last_evidence=next(told, None),
            scope=last.scope,
            term=last.term,
            compelled=last.compelled,
            brand=owner.brand,
            rests_on=self.rests_on,
            steps=tuple(self.steps),
        )


class _Folding:
    """The present word of each track, and the words that are over."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._over: list[_Held] = []
        self._now: dict[Track, _Held] = {}
        self._by_id: dict[StanceId, Stance] = {}
        self._undone: set[StanceId] = set()
        self._spent: set[StanceId] = set()

    def words(self) -> list[_Held]:
        """Return what is over and what still holds."""
        return [*self._over, *self._now.values()]

    def take(self, step: Step, due: Sequence[Step], place: int) -> None:
        """Apply one step; those of ``due`` before its ``place`` are read again for an undo."""
        self.expire(step.date)
        self._by_id[step.stance.id] = step.stance
        undone = self._undoes(step.stance)
        if undone is not None:
            self._undo(step, undone, due[:place])
        if not self._is_out(step.stance):
            self._apply(step)

    def expire(self, day: Day) -> None:
        """Let every term that ended before the day run out (R5)."""
        for track, held in list(self._now.items()):
            end = end_of_term(held.last.term)
            if end is not None and end < day:
                after = max(end, held.last.date) + timedelta(days=1)
                step = PositionStep(after, None, ChangeKind.EXPIRED, rests_on=held.rests_on)
                self._begin(track, UNCLEAR, step, Precision.DAY)

    def _is_out(self, stance: Stance) -> bool:
        """Whether a stance was undone, or has done all it does by undoing another (R3)."""
        return stance.id in self._undone or stance.id in self._spent

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
        held, stance = self._now[step.track], step.stance
        own = move.sets or move.raises is held.word
        before, change = held.last, self._change_of_kept(step, move, held)
        term, compelled = term_of(stance), is_compelled(stance)
        longer = change is ChangeKind.STRENGTHENED and is_longer(term, before.term)
        frees = own and before.compelled and not compelled
        held.keep(
            PositionStep(
                step.date,
                stance.id,
                change,
                term=term if longer else before.term,
                scope=stance.scope or before.scope if own else before.scope,
                compelled=compelled if move.sets or frees else before.compelled,
                rests_on=(*held.rests_on, stance.id) if own else held.rests_on,
            )
        )

    def _change_of_kept(self, step: Step, move: Move, held: _Held) -> ChangeKind:
        """R2: only a stance with the same word of its own strengthens or narrows it."""
        if move.raises is not held.word or not held.rests_on:
            return ChangeKind.CONFIRMED
        last = self._by_id[held.rests_on[-1]]
        before, after = extent_of(last, last.direction), extent_of(step.stance, step.direction)
        if is_longer(term_of(step.stance), held.last.term) or (before, after) == (
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
        resting = {found for held in self._now.values() for found in held.rests_on}
        for target in self._targets(stance, RelationKind.REVERSES):
            earlier = self._by_id.get(target)
            if target in resting and earlier and earlier.matter == stance.matter:
                return target
        return None

    def _undo(self, step: Step, target: StanceId, earlier: Sequence[Step]) -> None:
        self._undone.add(target)
        if extent_of(step.stance, step.direction) is Extent.PART:
            self._spent.add(step.stance.id)
        without = _Folding(self._turns)
        for old in earlier:
            if not self._is_out(old.stance):
                without._apply_again(old)
        without.expire(step.date)
        for track in (Track.SAYS, Track.DOES):
            self._return_to(track, without._now.get(track), step)

    def _apply_again(self, step: Step) -> None:
        self.expire(step.date)
        self._by_id[step.stance.id] = step.stance
        self._apply(step)

    def _return_to(self, track: Track, restored: _Held | None, step: Step) -> None:
        word = restored.word if restored else NO_STATEMENT
        if word is self._word(track):
            if restored is not None:
                self._now[track].rests_on = restored.rests_on
            return
        made = PositionStep(step.date, step.stance.id, ChangeKind.REVERSED)
        if restored is not None:
            last = restored.last
            made = replace(
                made,
                term=last.term,
                scope=last.scope,
                compelled=last.compelled,
                rests_on=restored.rests_on,
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
            old.until = step.date
            self._over.append(old)
        if word is before:
            self._reopen(track, step)
            return
        held = _Held(track, word, before, step.date, precision, [step], step.rests_on)
        self._now[track] = held

    def _reopen(self, track: Track, step: PositionStep) -> None:
        """Two changes on one day that cancel out: the word of before goes on."""
        found = [held for held in self._over if held.track is track]
        if found and found[-1].until == step.date:
            again = found[-1]
            self._over.remove(again)
            again.until = None
            again.keep(replace(step, change=ChangeKind.CONFIRMED))
            self._now[track] = again

    def _word(self, track: Track) -> PositionWord:
        held = self._now.get(track)
        return held.word if held else NO_STATEMENT

    def _change(self, track: Track, stance: Stance, word: PositionWord, date: Day) -> ChangeKind:
        """R8: what the coming of a word is called."""
        present = self._now.get(track)
        before = self._word(track)
        if present is not None and present.since == date:
            before = present.before
        if before is NO_STATEMENT:
            # What it takes back is not in this ledger, and was there all the same.
            return ChangeKind.REVERSED if stance.act is Act.WALKS_BACK else ChangeKind.FIRST
        if self._targets(stance, RelationKind.REVERSES):
            return ChangeKind.REVERSED
        if track is Track.DOES and self._contradicts(stance):
            return ChangeKind.CONTRADICTED
        up = RANK[word] > RANK[before]
        return ChangeKind.TIGHTENED if up else ChangeKind.WEAKENED

    def _contradicts(self, stance: Stance) -> bool:
        return bool(self._targets(stance, RelationKind.CONTRADICTS))

    def _targets(self, stance: Stance, kind: RelationKind) -> list[StanceId]:
        found = self._turns.get(stance.id)
        if found is None:
            return []
        return sorted(relation.to for relation in found if relation.kind is kind)


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
