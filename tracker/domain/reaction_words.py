"""What an actor did to a stance, in words that fit one actor and many (codebook section 3)."""

from collections.abc import Mapping

from tracker.domain.codes import ReactionKind

REACTION_WORDS: Mapping[str, str] = {
    ReactionKind.WELCOMES: "welcomed it",
    ReactionKind.WELCOMES_INSUFFICIENT: "welcomed it and asked for more",
    ReactionKind.CRITICISES: "criticised it",
    ReactionKind.DEMANDS: "made a demand",
    ReactionKind.SUES: "sued or filed a complaint",
    ReactionKind.INVESTIGATES: "investigated",
    ReactionKind.SANCTIONS: "issued an order or a fine",
    ReactionKind.REPORTS: "revealed or published",
    ReactionKind.SUPPORTS_PEER: "backed it as a peer",
    ReactionKind.FOLLOWS: "followed it",
    ReactionKind.DROPS_SUPPLIER: "cut ties",
    ReactionKind.RESIGNS_PROTESTS: "left or protested",
    ReactionKind.DIVESTS_FROM: "divested",
    ReactionKind.VOTES: "voted",
    ReactionKind.COMMITS_SELF: "made a pledge",
    ReactionKind.NEUTRAL: "commented",
}
"""Every kind of reaction; no grade, no blame."""
