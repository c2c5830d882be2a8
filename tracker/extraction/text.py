"""From a document to its sentences; offsets always count in the text as it was given.

Furniture (menus, captions, bylines, appeals for money, blocks of related stories) is cut here,
in plain text as well as in text that came out of a page (codebook section 7).
"""

import re
from dataclasses import dataclass

from tracker.domain.codes import QuoteField
from tracker.domain.model import Document
from tracker.extraction import machines

_LINE = re.compile(r"[^\n]+")
_ENDING = re.compile(
    r"(?:[.!?…]+[\"”’')\]]*(?=\s+[\"“‘'(\[]?[A-Z0-9@#])"
    r"|(?<=[a-z]{2})[.!?][\"”’]?(?=[“\"]?[A-Z](?:[a-z]| [a-z]|['’]))"
    r"|(?<=\b20\d\d)(?=[A-Z][a-z]*,? [a-z])"
    r"|[.!?][\"”’)]*(?=\s*$))"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Sgt|Capt|Rev|Hon|St|Jr|Sr|Inc"
    r"|Corp|Co|Ltd"
    r"|vs|No|Nos|Fig|Vol|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Calif|Mass|Conn|Del"
    r"|Ore|Wash|Ill"
    r"|Ala|Ariz|Ark|Colo|Fla|Ga|Md|Mich|Minn|Mo|Okla|Pa|Tenn|Tex|Va|Wis|D-[A-Z]|R-[A-Z]|[A-Z]"
    r"|U\.S|U\.K|U\.N"
    r"|E\.U|D\.C|a\.m|p\.m|i\.e|e\.g|al))\.$"
)
_SOFT = re.compile(r"(?:Inc|Corp|Co|Ltd|U\.S|U\.K|D\.C|E\.U|a\.m|p\.m)\.$")
_CAPTION = re.compile(
    r"\((?:photo|image|picture|credit|screenshot|illustration)\b|getty images|/afp\b|\bafp/"
    r"|reuters/|/reuters\b"
    r"|ap photo|^(?:photo|image|photograph|picture|photo credit|image credit|credit"
    r"|caption)s?\s*:|shutterstock",
    re.IGNORECASE,
)
_MENU = re.compile(
    r"^(?:skip to (?:main )?content|sign up|subscribe|advertisement|sponsored|share (?:this|on)"
    r"|follow us"
    r"|read (?:more|next|also)|related|see also|more from|click here|log ?in|menu|home"
    r"|newsletter|watch:|listen:"
    r"|copyright|comments?$|tags?:|topics?:|topics$|editors'? (?:note|picks)|print this"
    r"|email this|loading|most (?:read|popular)"
    r"|story continues|this article (?:was|originally|first)|all products recommended"
    r"|we may (?:earn|receive))",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"creative commons|feel free to republish|all rights reserved|©|^(?:related (?:stories"
    r"|articles|news|coverage)"
    r"|more (?:stories|news|on this|from)|you (?:may|might) also like|recommended(?: for you"
    r"| reading)?|read next"
    r"|most (?:read|popular)|trending|up next)\b|can you chip in|reader-supported"
    r"|our work is licensed",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^(?:[Bb]y |[Ww]ritten by )?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}(?: [·|•].*| ·)?$"
)
_TERMINAL = (".", "!", "?", '."', ".”", "?”", '?"', "!”", '!"', ":", "…", ";", ")", ".'", ".’")
_CLOSING_FROM = 0.2


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence where it stands: ``document[field][start:end] == text``."""

    field: QuoteField
    start: int
    end: int
    text: str
    paragraph: int
    number: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the article where it stands in the text."""

    start: int
    end: int
    text: str


def sentences(document: Document) -> tuple[Sentence, ...]:
    """The title, then the sentences of the article proper, in reading order."""
    found: list[Sentence] = []
    title = document.title.strip()
    if title:
        start = document.title.index(title)
        found.append(Sentence(QuoteField.TITLE, start, start + len(title), title, -1, 0))
    for number, paragraph in enumerate(article(document)):
        for start, end in split(paragraph.text):
            text = paragraph.text[start:end]
            at = paragraph.start + start
            found.append(Sentence(QuoteField.TEXT, at, at + len(text), text, number, len(found)))
    return tuple(found)


def article(document: Document) -> tuple[Paragraph, ...]:
    """The paragraphs of the article without furniture."""
    paragraphs = _after_headline(_paragraphs(document.text), document.title)
    paragraphs = _before_closing(paragraphs, len(document.text))
    related = _related(paragraphs)
    return tuple(
        paragraph
        for place, paragraph in enumerate(paragraphs)
        if place not in related and not _is_furniture(paragraph, document.title)
    )


def _paragraphs(text: str) -> list[Paragraph]:
    found: list[Paragraph] = []
    for line in _LINE.finditer(text):
        content = line.group().strip()
        if not content:
            continue
        start = line.start() + line.group().index(content)
        before = found[-1] if found else None
        if before and _continues(before, content, text[before.end : start]):
            end = start + len(content)
            found[-1] = Paragraph(before.start, end, text[before.start : end])
        else:
            found.append(Paragraph(start, start + len(content), content))
    return found


def _continues(before: Paragraph, content: str, between: str) -> bool:
    """A hard-wrapped line goes on with a small letter, without a blank line between."""
    wrapped = between.count("\n") == 1 and not before.text.endswith(_TERMINAL)
    return wrapped and content[0].islower()


def _after_headline(paragraphs: list[Paragraph], title: str) -> list[Paragraph]:
    """What stands before the headline repeated in the text is the page, not the article."""
    wanted = _plain(title)
    for place, paragraph in enumerate(paragraphs[:12]):
        if wanted and _plain(paragraph.text) == wanted:
            return paragraphs[place + 1 :]
    return paragraphs


def _before_closing(paragraphs: list[Paragraph], length: int) -> list[Paragraph]:
    """A licence line, an appeal or a list of other stories closes the article."""
    for place, paragraph in enumerate(paragraphs):
        short = len(paragraph.text) < 400
        late = paragraph.start > length * _CLOSING_FROM
        if short and late and _CLOSING.search(paragraph.text):
            return paragraphs[:place]
    return paragraphs


def _related(paragraphs: list[Paragraph]) -> set[int]:
    """Places of blocks 'headline, teaser, name ·' that advertise other stories."""
    found: set[int] = set()
    for place, paragraph in enumerate(paragraphs):
        if not re.search(r"[·•|]\s*$", paragraph.text) or len(paragraph.text) > 60:
            continue
        found.add(place)
        for back in range(place - 1, max(-1, place - 4), -1):
            found.add(back)
            if _is_heading(paragraphs[back].text):
                break
    return found


def _is_furniture(paragraph: Paragraph, title: str) -> bool:
    text = paragraph.text
    if machines.are_addressed(text):
        return True
    if _MENU.search(text) and len(text) < 160:
        return True
    if _CAPTION.search(text) and len(text) < 500:
        return True
    if len(text) < 60 and _BYLINE.match(text):
        return True
    return _plain(text) == _plain(title)


def _is_heading(text: str) -> bool:
    words = [word for word in re.findall(r"[A-Za-z'’-]+", text) if len(word) > 3]
    capital = sum(word[0].isupper() or word[0] in "'’" for word in words)
    return bool(words) and not text.endswith(_TERMINAL) and capital >= 0.6 * len(words)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def split(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph begin and end."""
    found: list[tuple[int, int]] = []
    start = 0
    for ending in _ENDING.finditer(text):
        if not _closes(text, start, ending.end()):
            continue
        found.append((start, ending.end()))
        start = ending.end()
        while start < len(text) and text[start].isspace():
            start += 1
    if start < len(text.rstrip()):
        found.append((start, len(text.rstrip())))
    return found


def _closes(text: str, start: int, end: int) -> bool:
    piece = text[start:end]
    if not _ABBREVIATION.search(piece):
        return True
    following = text[end:].lstrip()
    return bool(_SOFT.search(piece)) and bool(
        re.match(r"(?:The|It|In|But|And|He|She|They|This|That|On|At|A|An|[\"“])\b", following)
    )
