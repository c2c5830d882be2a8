"""The colours of positions where no stylesheet reaches: pictures and cards (ux.md, light)."""

from collections.abc import Mapping
from dataclasses import dataclass

PAPER, INK, MUTE, RULE, LINK = "#FBFAF7", "#1B1F24", "#565D66", "#DCD8CF", "#174A80"
BROKEN, MOMENT = "#B3123B", "#F6E7B4"


@dataclass(frozen=True, slots=True)
class Paint:
    """How a word is painted: its ground, the text on it, its outline."""

    fill: str
    text: str
    line: str


PAINTS: Mapping[str, Paint] = {
    "stopped": Paint("#0B3C6F", "#FFFFFF", "#0B3C6F"),
    "paused": Paint("#2873B3", "#FFFFFF", "#2873B3"),
    "limited": Paint("#A3CFEC", "#0C2C49", "#3C7CA8"),
    "unclear": Paint("#CFCAC0", "#33302A", "#7D776B"),
    "continues": Paint("#F0A04B", "#3F2000", "#A9640F"),
    "expands": Paint("#A8410A", "#FFFFFF", "#A8410A"),
    "no_statement": Paint("#FFFFFF", "#565D66", "#7D776B"),
    "none": Paint("#FFFFFF", "#565D66", "#7D776B"),
}
