"""One article as it is read: its sentences with everybody in them, and who speaks."""

from dataclasses import dataclass, replace

from tracker.domain.codes import QuoteField
from tracker.domain.model import Document
from tracker.extraction import quotes, text
from tracker.extraction.actors import Actor, Mention, merged
from tracker.extraction.initials import with_initials
from tracker.extraction.names import NameIndex
from tracker.extraction.parse import Grammar
from tracker.extraction.people import Cast
from tracker.extraction.quotes import Speech
from tracker.extraction.strangers import is_called_company, refers_to_group
from tracker.extraction.text import Sentence

_GROUPS = frozenset(
    {"advocacy_group", "union", "regulator", "legislature", "government", "research", "researcher"}
    | {"coalition", "legislator", "workers"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its actors, its quotations and the company last spoken of before it."""

    sentence: Sentence
    mentions: tuple[Mention, ...]
    speech: Speech
    focus: Actor | None
    focus_is_sure: bool
    last_person: Actor | None
    last_group: Actor | None
    grammar: Grammar | None = None
    publisher: Actor | None = None
    """The group on whose own site this stands: there it is "we"."""

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return self.sentence.text

    @property
    def is_title(self) -> bool:
        """Whether this is the headline."""
        return self.sentence.field is QuoteField.TITLE

    def with_grammar(self, grammar: Grammar | None) -> "Line":
        """The same line, parsed."""
        return replace(self, grammar=grammar)

    def actors(self) -> tuple[Actor, ...]:
        """Everybody named here, in order."""
        return tuple(mention.actor for mention in self.mentions)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article ready to be searched."""

    document: Document
    lines: tuple[Line, ...]
    cast: Cast

    @property
    def title(self) -> Line | None:
        """The headline, if the article has one."""
        return self.lines[0] if self.lines and self.lines[0].is_title else None

    def headlines(self, company: Actor) -> bool:
        """Whether the headline names the company."""
        return self.title is not None and company.name in {a.name for a in self.title.actors()}

    def title_companies(self) -> tuple[Actor, ...]:
        """The companies that the headline names, also those that only the article explains."""
        named = self.title.actors() if self.title is not None else ()
        return tuple(
            actor
            for actor in named
            if actor.is_company
            or (actor.may_be_company and is_called_company(actor.name, self.document.text))
        )


def read(document: Document, index: NameIndex) -> Reading:
    """Cut, name and attribute an article."""
    context = f"{document.title}\n{document.text}"
    cast = Cast()
    sentences = text.sentences(document)
    named = with_initials([(each.text, index.find(each.text, context)) for each in sentences])
    for sentence, mentions in zip(sentences, named, strict=True):
        cast.learn(sentence.text, mentions)
    cast.describe(zip((each.text for each in sentences), named, strict=True), context)
    lines: list[Line] = []
    voice = _Voice()
    gaze = _Gaze()
    publisher = index.publisher(document.url)
    own = publisher if publisher and publisher.kind in _GROUPS else None
    for sentence, names in zip(sentences, named, strict=True):
        mentions = gaze.with_references(cast.find(sentence.text, names), sentence)
        focus, sure = gaze.focus(cast)
        spoken = quotes.references(sentence.text, focus if sure else None, gaze.person)
        speech = voice.hear(sentence, (*mentions, *spoken))
        around = (focus, sure, gaze.person, gaze.group)
        lines.append(Line(sentence, mentions, speech, *around, publisher=own))
        gaze.move(mentions, sentence)
    return Reading(document, tuple(lines), cast)


class _Voice:
    """Keeps the speaker through a paragraph."""

    def __init__(self) -> None:
        self._open = False
        self._paragraph = -2
        self._speaker: Actor | None = None

    def hear(self, sentence: Sentence, mentions: tuple[Mention, ...]) -> Speech:
        if sentence.paragraph != self._paragraph:
            if not sentence.text.startswith(("“", '"')):
                self._speaker = None
            self._open, self._paragraph = False, sentence.paragraph
        quoted, self._open = quotes.stretches(sentence.text, self._open)
        named = quotes.attribution(sentence.text, mentions, quoted)
        if named:
            self._speaker = named
        return Speech(quoted, self._speaker if quoted else None)


class _Gaze:
    """Keeps the company that ``it`` and ``the company`` mean, and the person ``he`` or ``she``."""

    def __init__(self) -> None:
        self.person: Actor | None = None
        self.group: Actor | None = None
        self._recent: list[Actor] = []

    def focus(self, cast: Cast) -> tuple[Actor | None, bool]:
        names = {actor.name for actor in self._recent}
        if self._recent:
            return self._recent[0], len(names) == 1
        main = cast.main_company
        return main, len(cast.companies) == 1

    def with_references(
        self, mentions: tuple[Mention, ...], sentence: Sentence
    ) -> tuple[Mention, ...]:
        """The mentions with 'the group', 'the agency' … as the organisation last named."""
        if self.group is None:
            return mentions
        group = self.group
        return merged(mentions, (Mention(*span, group) for span in refers_to_group(sentence.text)))

    def move(self, mentions: tuple[Mention, ...], sentence: Sentence) -> None:
        companies = [m.actor for m in mentions if m.actor.is_company and m.actor.certain]
        people = [m.actor for m in mentions if m.actor.person]
        groups = [m.actor for m in mentions if m.actor.kind in _GROUPS]
        if groups:
            self.group = groups[-1]
        if people:
            self.person = people[0]
        if companies and sentence.field is QuoteField.TEXT:
            self._recent = companies
