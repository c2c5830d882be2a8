"""Relations that a person should decide: reverses, modifies, contradicts (ledger section B)."""

from collections.abc import Iterable

from tracker.domain.changes import differ, range_of
from tracker.domain.codes import Act, Extent, RelationKind
from tracker.domain.model import Relation, Stance
from tracker.domain.position_table import extent_of, sign_of

_WORDS_ONLY = frozenset({Act.COMMITS, Act.CHANGES_POLICY, Act.DEFENDS})
_TURNING = frozenset(
    {
        Act.ENDS,
        Act.DIVESTS,
        Act.PAUSES,
        Act.RESTRICTS,
        Act.COMMITS,
        Act.CHANGES_POLICY,
        Act.WALKS_BACK,
    }
)
_CONTRADICTING = frozenset({Act.DEFENDS, Act.LAUNCHES})
_FOR_NOW = frozenset({Act.PAUSES, Act.RESTRICTS})
_UNDOABLE = _TURNING | _CONTRADICTING
_TURNS = frozenset({RelationKind.REVERSES, RelationKind.MODIFIES, RelationKind.CONTRADICTS})


def propose_relations(
    new: Stance, known: Iterable[Stance], relations: Iterable[Relation] = ()
) -> tuple[Relation, ...]:
    """Return the relation that a person should decide, if any (ledger section B).

    A turn against an earlier stance of opposite sign reverses it, or modifies it when it is
    narrower or only for now; going on, or launching, against an earlier stop contradicts it. The
    target is of the same matter before others, the strongest before weaker, a deed before words;
    stances that a decided relation has undone are left out.
    """
    gone = {found.to for found in relations if _undoes(found)}
    targets = [stance for stance in known if stance.id not in gone and _opposes(new, stance)]
    if not targets:
        return ()
    target = max(targets, key=lambda stance: _weight_as_target(new, stance))
    return (Relation(_kind_of_turn(new, target), new.id, target.id, decided=False),)


def propose_around(
    new: Stance, known: Iterable[Stance], relations: Iterable[Relation] = ()
) -> tuple[Relation, ...]:
    """Return what to propose for a new stance, and for known later ones that turn against it.

    So the proposals do not depend on which report came first. A later stance that stands in such a
    relation already is left alone.
    """
    known, relations = list(known), list(relations)
    turned = {found.stance for found in relations if found.kind in _TURNS}
    later = [one for one in known if one.date > new.date and one.id not in turned]
    back = (
        found
        for stance in later
        for found in propose_relations(stance, [new, *known], relations)
        if found.to == new.id
    )
    return (*propose_relations(new, known, relations), *back)


def _undoes(relation: Relation) -> bool:
    return relation.kind is RelationKind.REVERSES and relation.decided


def _opposes(new: Stance, old: Stance) -> bool:
    acts = new.act in _TURNING | _CONTRADICTING and old.act in _UNDOABLE
    signs = (sign_of(new.direction), sign_of(old.direction))
    turned = signs == (-1, 1) or (signs == (1, -1) and new.act in _TURNING)
    return (
        acts
        and turned
        and new.company == old.company
        and new.topic == old.topic
        and old.date < range_of(new)[1]
        and old.id != new.id
        and not differ(new.brand, old.brand)
        and not differ(new.matter, old.matter)
    )


def _kind_of_turn(new: Stance, target: Stance) -> RelationKind:
    if new.act in _CONTRADICTING:
        return RelationKind.CONTRADICTS
    extents = (extent_of(new, new.direction), extent_of(target, target.direction))
    narrower = extents == (Extent.PART, Extent.FULL)
    goes_on = new.act in _FOR_NOW and target.act is not Act.DEFENDS
    return RelationKind.MODIFIES if narrower or goes_on else RelationKind.REVERSES


def _weight_as_target(new: Stance, old: Stance) -> tuple[object, ...]:
    return (
        new.matter is not None and new.matter == old.matter,
        abs(old.direction or 0),
        old.act not in _WORDS_ONLY,
        old.date,
        old.id,
    )
