"""Whether an act is words or deeds."""

from tracker.domain.codes import COMPELLED, Act, Track, Trigger

SAID = frozenset(
    {
        Act.CHANGES_POLICY,
        Act.COMMITS,
        Act.DECLINES_COMMENT,
        Act.DEFENDS,
        Act.DENIES,
        Act.DISCLOSES,
        Act.OPPOSES_REGULATION,
        Act.SILENT,
        Act.SUPPORTS_REGULATION,
        Act.UPHOLDS,
    }
)
"""Acts that are words by their nature; a stored track wins over this."""


def tracks_of(act: str, track: str | None, trigger: str) -> tuple[Track, ...]:
    """The tracks that a stance belongs to. What is ordered from outside is a deed."""
    if track is not None:
        return (Track.SAYS, Track.DOES) if track == Track.BOTH else (Track(track),)
    if trigger in {code.value for code in COMPELLED} - {Trigger.VOLUNTARY}:
        return (Track.DOES,)
    return (Track.SAYS,) if act in SAID else (Track.DOES,)


def only_said(track: str, word: str, deed: str | None) -> bool:
    """Whether its words alone place a company at this word: no deed of the same day bears it out.

    ``deed`` is the word of its deeds on that day. The one rule for all that is shown or sent.
    """
    return track == Track.SAYS and word != deed
