"""What CSS declarations do to the text of an element: which of them make it unreadable."""

import re
from functools import lru_cache

LONGEST = 10_000
"""Characters of declarations that are looked at; what bears more is not read."""

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
TELLING = re.compile(
    r"(?:^|;)\s*(display|visibility|content-visibility|opacity|font-size|font|text-indent|left|right|"
    r"top|bottom|inset|margin(?:-\w+)?|clip|clip-path|transform|color|background(?:-color)?|width|"
    r"height|max-width|max-height|overflow(?:-[xy])?|transition|animation)\s*:\s*([^;]+)",
    re.I,
)
"""Properties that decide whether text is seen, with their values."""

MAY_HIDE = re.compile(
    r"none|hidden|collapse|opacity\s*:|font-size\s*:\s*(?:0|1px|\.)|:\s*-\d{2,}|clip|scale|translate|"
    r"transparent|,\s*0\s*\)|height\s*:\s*[01](?:\D|$)|background.*color|color.*background",
    re.DOTALL,
)
MAY_SHOW = re.compile(
    r"display|visibility|opacity|font-size|text-indent|clip|transform|color|overflow|height|width|"
    r"left|right|top|bottom|margin|inset"
)
HIDING = (
    re.compile(r"(?:^|;)display:none"),
    re.compile(r"(?:^|;)visibility:(?:hidden|collapse)"),
    re.compile(r"(?:^|;)content-visibility:hidden"),
    re.compile(r"(?:^|;)opacity:(?:0|0?\.0\d*|0%)(?:;|$)"),
    re.compile(r"(?:^|;)font-size:(?:0|0?\.\d+px|1px|0?\.0\d*r?em)(?:[a-z%]*)(?:;|$)"),
    re.compile(
        r"(?:^|;)(?:text-indent|left|right|top|bottom):-(?:\d{3,}(?:\.\d+)?px|\d{2,}r?em|\d{3,}v[wh])"
    ),
    re.compile(
        r"(?:^|;)margin(?:-\w+)?:-(?:[5-9]\d\d|\d{4,})px|(?:^|;)margin(?:-\w+)?:-\d{3,}r?em"
    ),
    re.compile(r"(?:^|;)clip:rect\((?:0|1px)"),
    re.compile(r"(?:^|;)clip-path:(?:inset\((?:50|100)%|circle\(0)"),
    re.compile(r"(?:^|;)transform:(?:scale[xy3d]*\(0[,)]|translate[xy3d]*\(-\d{3,}px)"),
    re.compile(r"(?:^|;)color:(?:transparent|rgba\([^)]*,0\))"),
)
NO_SIZE = re.compile(r"(?:^|;)(?:max-)?(?:width|height):[01](?:px|r?em|%)?(?:;|$)")
CUT_OFF = re.compile(r"(?:^|;)overflow(?:-[xy])?:(?:hidden|clip)")
COLOUR = re.compile(r"(?:^|;)color:([^;]+)")
BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")
BLANK = re.compile(r"\s+|!important")

Declarations = dict[str, str]


def declarations(style: str) -> Declarations:
    """The telling declarations of a style attribute or of a rule's block."""
    found: Declarations = {}
    for name, value in TELLING.findall(COMMENT.sub("", style).replace("\n", " ")):
        if not is_important(found.get(name.lower(), "")) or is_important(value):
            found[name.lower()] = value.strip().lower()
    return found


def is_important(value: str) -> bool:
    """Whether a value stands above the order of the sheets."""
    return "!" in value


def written(declared: Declarations) -> str:
    """Declarations as a style attribute holds them."""
    return ";".join(f"{name}:{value}" for name, value in declared.items())


@lru_cache(maxsize=1024)
def hides(style: str) -> bool:
    """Whether declarations such as those of a style attribute make an element unreadable."""
    if len(style) > LONGEST:
        return True
    style = BLANK.sub("", COMMENT.sub("", style).lower())
    if any(pattern.search(style) for pattern in HIDING):
        return True
    if NO_SIZE.search(style) and CUT_OFF.search(style):
        return True
    colour, background = COLOUR.search(style), BACKGROUND.search(style)
    return bool(colour and background and colour[1] == background[1])
