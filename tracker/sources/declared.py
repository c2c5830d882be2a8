"""What CSS declarations do to the text of an element: which of them make it unreadable."""

import re
from collections.abc import Mapping
from functools import lru_cache

LONGEST = 10_000
"""Characters of declarations that are looked at; what bears more is not read."""

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
DEEPEST_VARIABLE = 3
TELLING = re.compile(
    r"(?:^|;)\s*(?:-webkit-)?(display|visibility|content-visibility|opacity|font-size|font|text-indent|left|right|"
    r"top|bottom|inset(?:-(?:block|inline)(?:-start|-end)?)?|margin(?:-\w+){0,2}|clip|clip-path|"
    r"transform|translate|scale|zoom|rotate|filter|mask(?:-image)?|color|"
    r"text-fill-color|background(?:-color)?|(?:max-)?(?:width|height|block-size|inline-size)|"
    r"overflow(?:-[xy])?|transition|animation)\s*:\s*([^;]+)",
    re.I,
)
"""Properties that decide whether text is seen, with their values."""

MAY_HIDE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|"
    r"opacity\s*(?:\(|:\s*(?:0|\.0|[\d.]+%|\d+e|[a-z]))|blur\s*\(|"
    r"font\s*:[^;]*[\s:]0|font-size\s*:\s*(?:0|\.0|\.\d+(?:px|pt|v)|1px|[\d.]+%|calc|min|clamp)|"
    r"-\d{3}|-\d\d+r?em|clip(?:-path)?\s*:|scale(?<!yscale)|matrix|rotate(?:[xy]\s*\(|\s*:\s*[xy])|"
    r"zoom\s*:\s*(?:0|\.0|\d%)|mask(?:-image)?\s*:|indent\s*:\s*\d{3}|"
    r"color(?<![drepmtns]-color)\s*:\s*(?:t|#\w{3}0\b|#\w{6}00\b|[a-z-]+\()|"
    r"width\s*:\s*[01](?:\D|$)|height\s*:\s*[01](?:\D|$)|size\s*:\s*[01](?:\D|$)"
)
"""What a block may hide by, in small letters; one that holds none of it is not taken apart. Each
choice begins with a character of its own, by which the search is led."""

ANY_COLOUR = re.compile(r"(?:^|[;\s])color\s*:")
MAY_SHOW = re.compile(
    r"display|visibility|opacity|font|text-indent|clip|transform|translate|scale|filter|color|"
    r"zoom|rotate|mask|overflow|height|width|size|left|right|top|bottom|margin|inset"
)
HIDING = (
    re.compile(r"(?:^|;)display:none"),
    re.compile(r"(?:^|;)visibility:(?:hidden|collapse)"),
    re.compile(r"(?:^|;)content-visibility:hidden"),
    re.compile(
        r"(?:^|;)opacity:(?:0|0?\.0\d*|\d(?:\.\d+)?%|calc\(0\)|\d+e-\d+|calc\((\d+)-\1\)|"
        r"min\(0,[^;]*|clamp\(0,0,[^;]*)(?:;|$)"
    ),
    re.compile(
        r"(?:^|;)font-size:(?:0[a-z%]*|0?\.\d+(?:px|pt|v[wh])|1px|0?\.0\d*r?em|\d(?:\.\d+)?%|"
        r"calc\(0(?:px)?\)|min\([01](?:px)?,[^;]*|clamp\([^,;]+,[^,;]+,[01](?:px)?\))(?:;|$)"
    ),
    re.compile(r"(?:^|;)font:(?:normal|italic|bold|\d00)*0(?:px)?(?:/|[a-z\"'])"),
    re.compile(
        r"(?:^|;)(?:text-indent|left|right|top|bottom|inset(?:-[a-z-]+)?:(?:[^;]*[a-z])?|"
        r"translate:(?:0[a-z]*)?):?"
        r"(?:calc\(-\d{3,}(?:px|v[wh]|%)-|-(?:\d{3,}(?:\.\d+)?px|\d{2,}r?em|\d{3,}(?:v[wh]|%)))"
    ),
    re.compile(r"(?:^|;)margin(?:-\w+){0,2}:-(?:(?:[5-9]\d\d|\d{4,})px|\d{3,}r?em)"),
    re.compile(r"(?:^|;)clip:rect\((?:0|1px)"),
    re.compile(
        r"(?:^|;)clip-path:(?:inset\((?:50%(?:\)|50%)|[^;)]*100%)|(?:circle|ellipse)\(0|"
        r"path\((?:nonzero,|evenodd,)?[\"'](?:[a-z0.,-]+|m[\d.,-]+z?)[\"']\)|"
        r"polygon\((?:0(?:px|%)?,?)+\)|xywh\([^;)]*[a-z%]0[a-z%]*\)|xywh\(0+\)|rect\(0+\))"
    ),
    re.compile(
        r"(?:^|;)transform:[^;]*(?:scale[xy3d]*\(0[,)]|rotate[xy]\(-?90deg|"
        r"translate[xy3d]*\((?:0,)?-(?:\d{3,}(?:px|v[wh]|%)|\d{2,}r?em))|"
        r"(?:^|;)transform:[^;]*(?:matrix\(0,0,0,0,|rotate[xy]\(-?\.25turn)"
    ),
    re.compile(r"(?:^|;)scale:(?:0|0?\.0\d*)(?:;|$)|(?:^|;)scale:0\d(?:;|$)"),
    re.compile(r"(?:^|;)zoom:(?:0?\.0\d*|\d%)(?:;|$)|(?:^|;)rotate:[xy]-?(?:90deg|\.25turn)"),
    re.compile(r"(?:^|;)mask(?:-image)?:[a-z-]+gradient\((?:(?:transparent|#0{4}|#0{8})[,)])+"),
    re.compile(
        r"(?:^|;)filter:[^;]*(?:opacity\((?:0|0?\.0\d*)%?\)|"
        r"blur\((?:(?:[4-9]|\d{2,})(?:\.\d+)?px|(?:0?\.[3-9]\d*|[1-9]\d*(?:\.\d+)?)r?em))"
    ),
    re.compile(
        r"(?:^|;)(?:text-fill-)?color:(?:transparent|#\w{3}0(?:;|$)|#\w{6}00(?:;|$)|"
        r"(?:rgb|hsl)a?\([^)]*[,/](?:0|0?\.0\d*)%?\)|[a-z-]+\([^;]*/(?:0|0?\.0\d*)%?\)|"
        r"light-dark\(transparent|color-mix\([^;]*transparent100%)"
    ),
)
NO_SIZE = re.compile(
    r"(?:^|;)(?:max-)?(?:width|height|block-size|inline-size):[01](?:px|r?em|%)?(?:;|$)|"
    r"(?:^|;)text-indent:(?:100|[1-9]\d{2,})%"
)
"""No room for the text itself; it shows all the same unless it is cut off."""

CUT_OFF = re.compile(r"(?:^|;)overflow(?:-[xy])?:(?:hidden|clip)")
COLOUR = re.compile(r"(?:^|;)color:([^;]+)")
BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")
SHORT_HEX = re.compile(r"#([0-9a-f]{3})f?")
LONG_HEX = re.compile(r"#([0-9a-f]{6})(?:ff)?")
OPAQUE = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,1(?:\.0)?)?\)")
NAMED = {
    "white": "ffffff",
    "black": "000000",
    "red": "ff0000",
    "yellow": "ffff00",
    "blue": "0000ff",
    "snow": "fffafa",
    "ivory": "fffff0",
    "gray": "808080",
    "grey": "808080",
    "silver": "c0c0c0",
    "whitesmoke": "f5f5f5",
}
"""The names that papers and letters bear most; another name is not compared."""

BLANK = re.compile(r"\s+|!important")

Declarations = dict[str, str]


def declarations(style: str) -> Declarations:
    """The telling declarations of a style attribute or of a rule's block."""
    found: Declarations = {}
    style = unescaped(style)
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


def unescaped(css: str) -> str:
    """CSS with its escapes (``\\69 ``) written as the characters they stand for."""
    return ESCAPE.sub(_character, css) if "\\" in css else css


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16) if escape[1] else ord(escape[2])
    return chr(code) if 0x20 <= code < 0x110000 else ""


def with_variables(block: str, variables: Mapping[str, str]) -> str:
    """A block with its custom properties replaced by their values, or what stands in for them."""
    for _ in range(DEEPEST_VARIABLE):
        if "var(" not in block or len(block) > LONGEST:
            break
        block = VARIABLE.sub(lambda one: variables.get(one[1]) or one[2] or one[0], block)
    return block


def may_hide(block: str) -> bool:
    """Whether a rule's block is worth being taken apart: a quick look, and never too strict."""
    block = block.lower()
    if MAY_HIDE.search(block):
        return True
    return "background" in block and ANY_COLOUR.search(block) is not None


def leaves_no_room(style: str) -> bool:
    """Whether declarations hide an element as soon as others cut off what overflows."""
    return bool(NO_SIZE.search(BLANK.sub("", style)))


@lru_cache(maxsize=1024)
def hides(style: str) -> bool:
    """Whether declarations such as those of a style attribute make an element unreadable."""
    if len(style) > LONGEST:
        return True
    style = tidied(style)
    if any(pattern.search(style) for pattern in HIDING):
        return True
    if NO_SIZE.search(style) and CUT_OFF.search(style):
        return True
    colour = plain_colour(COLOUR, style)
    return colour is not None and colour == plain_colour(BACKGROUND, style)


def text_colour(style: str) -> str | None:
    """The colour that a style attribute gives to text, if it is a plain one."""
    return plain_colour(COLOUR, tidied(style))


def background(style: str) -> str | None:
    """The background of a style attribute: a colour, or "" for anything else that it paints."""
    style = tidied(style)
    if "background-image:" in style:
        return ""
    return (plain_colour(BACKGROUND, style) or "") if BACKGROUND.search(style) else None


def plain_colour(declared: re.Pattern[str], style: str) -> str | None:
    """The last colour declared, in one spelling; None for what is inherited, mixed or a picture."""
    values = declared.findall(style)
    word = values[-1] if values else ""
    if short := SHORT_HEX.fullmatch(word):
        return "".join(2 * digit for digit in short[1])
    if parts := OPAQUE.fullmatch(word):
        return "".join(f"{min(int(part), 255):02x}" for part in parts.groups())
    if long := LONG_HEX.fullmatch(word):
        return long[1]
    return NAMED.get(word)


def tidied(style: str) -> str:
    """Declarations in one spelling: no comments, escapes, blanks, prefixes, or capital letters."""
    return BLANK.sub("", COMMENT.sub("", unescaped(style)).lower()).replace("-webkit-", "")
