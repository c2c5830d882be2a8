"""Who does what a cue says: the subject of its clause, resolved to actors of the article."""

import re
from dataclasses import dataclass, replace

from tracker.extraction import words
from tracker.extraction.actors import Actor
from tracker.extraction.parse import Grammar, Token
from tracker.extraction.quotes import REPORTING
from tracker.extraction.reading import Line
from tracker.extraction.strangers import STRANGER, WORKERS

_LISTS = words.read("actors")
_OFFICERS = frozenset(_LISTS["speakers"]["officers"])
_DOCUMENTS = frozenset(_LISTS["speakers"]["documents"])
_OTHERS = frozenset(_LISTS["speakers"]["others"])
_HEADS = frozenset(_LISTS["company"]["heads"])
_PLURALS = frozenset(_LISTS["company"]["plurals"])
_STAFF = frozenset(_LISTS["speakers"]["staff"])
_TOLD_IN = frozenset(_LISTS["references"]["told_in"])
_FINDING = words.pattern(
    ["{find}", "{show}", "{reveal}", "{allege}", "{believe}", "{claim}", "{think}", "{argue}"]
)
SOMEBODY = Actor("somebody", "stranger", certain=False)
_COUNTS = frozenset({"number", "dozens", "handful", "some", "many", "several", "hundreds"})
_PRONOUNS = frozenset({"it", "they", "its", "their", "itself", "themselves"})
_PERSONAL = frozenset({"he", "she", "his", "her"})
_SPEAKING = frozenset({"we", "i", "our", "my", "us"})
_RELATIVE = frozenset({"who", "which", "that"})
_UP = frozenset(
    {"conj", "relcl", "xcomp", "advcl", "pcomp", "prep", "dobj", "pobj"}
    | {"attr", "acomp", "ccomp", "agent", "oprd", "dep", "compound"}
    | {"amod", "nmod", "appos", "aux", "advmod", "npadvmod", "acl"}
)
_CLIPPED = re.compile(
    r"(?:sued|fined|accused|banned|barred|blocked|charged|ordered|urged|probed|investigated)"
    r" (?:for|over|by|in|from|under|after|to)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"^(?:urg|ask|call|press|forc|requir|order|want|tell|told|pressur|beg|demand|push|encourag"
    r"|compel|request|expect|petition|implor)",
    re.IGNORECASE,
)
_NAMING = re.compile(r"\b(?:including|such as|like)\b.*?(?=\b(?:who|that|which|as|to)\b|[.;]|$)")
_BY = re.compile(r" by (?:the |an? )?")
_STEPS = 7


@dataclass(frozen=True, slots=True)
class Part:
    """The actors of a cue's clause, and how they were found."""

    actors: tuple[Actor, ...] = ()
    direct: bool = False
    sure: bool = False
    demanded: bool = False
    relative: bool = False
    reporter: Actor | None = None
    passive: bool = False


NOBODY = Part()


def part(line: Line, start: int, end: int) -> Part:
    """Who does what the words between two offsets of the line say."""
    if line.grammar is None:
        return _by_order(line, start)
    token = line.grammar.at(start, end)
    if token is None or token.dep == "amod" or line.text[end : end + 4] == " by ":
        return NOBODY
    found = _climb(line, line.grammar, token)
    reporter = _reporter(line, line.grammar, token)
    return replace(found, reporter=reporter) if reporter else found


def judging(line: Line, start: int, end: int) -> Part:
    """Who judges or asks: as ``part``, and who stands behind 'sued by', 'ordered by'."""
    named = _BY.match(line.text, end)
    agent = named and next((m for m in line.mentions if m.start == named.end()), None)
    if agent:
        return Part((agent.actor,), direct=True, sure=agent.actor.certain)
    return part(line, start, end)


def judges(found: Part, line: Line) -> tuple[Actor, ...]:
    """The actors of a cue of judging or asking: there 'it' and 'they' mean the group last named."""
    told_by_pronoun = not found.direct and any(actor.is_company for actor in found.actors)
    return (line.last_group,) if told_by_pronoun and line.last_group else found.actors


def _by_order(line: Line, start: int) -> Part:
    before = [m.actor for m in line.mentions if m.end <= start]
    if before:
        return Part((before[-1],), direct=False, sure=False)
    return Part((line.focus,)) if line.focus else NOBODY


def _climb(line: Line, grammar: Grammar, token: Token) -> Part:
    """Up the tree from the cue to the nearest subject, possessor or head noun."""
    demanded = False
    for _ in range(_STEPS):
        here = _owner_or_subject(line, grammar, token)
        if here is not None:
            return replace(here, demanded=demanded or here.demanded)
        head = grammar.head(token)
        if _stops(grammar, token, head):
            return NOBODY
        if token.dep in {"xcomp", "ccomp", "advcl"} and _CONTROL.match(head.text):
            asked = _object(grammar, head)
            if asked is not None:
                return replace(_actors_of(line, grammar, asked), demanded=True)
            demanded = True
        if token.dep in {"acl", "relcl"}:
            found = _actors_of(line, grammar, head)
            if found.actors or token.dep == "relcl":
                return replace(found, demanded=demanded, relative=True)
        token = head
    return NOBODY


def _stops(grammar: Grammar, token: Token, head: Token) -> bool:
    """Whether what stands above has another subject: 'called out Acme for halting its adverts'."""
    if head is token or token.dep not in _UP or (token.dep, token.tag) == ("acl", "VBN"):
        return True
    if token.dep != "pcomp" or head.text != "for":
        return False
    above = grammar.head(head)
    return above.tag.startswith("NNP") or _object(grammar, above) is not None


def _owner_or_subject(line: Line, grammar: Grammar, token: Token) -> Part | None:
    """Whose it is, or who does it, where this very word tells."""
    owner = _possessor(grammar, token)
    if owner is not None:
        return _actors_of(line, grammar, owner)
    subject = _subject(grammar, token)
    if subject is None:
        return None
    asked = token.dep in {"ccomp", "xcomp"} and _asks(grammar, token, grammar.head(token))
    return replace(_of_subject(line, grammar, token, subject), demanded=asked)


def _object(grammar: Grammar, verb: Token) -> Token | None:
    return next((c for c in grammar.children(verb) if c.dep == "dobj"), None)


def _asks(grammar: Grammar, token: Token, head: Token) -> bool:
    """'wants Google to push', 'demanded Facebook reinstate': asked for, not done."""
    if not _CONTROL.match(head.text):
        return False
    return token.tag in {"VB", "VBP"} or any(c.tag == "TO" for c in grammar.children(token))


def _possessor(grammar: Grammar, token: Token) -> Token | None:
    if token.tag.startswith("VB"):
        return None
    return next((c for c in grammar.children(token) if c.dep == "poss"), None)


def _subject(grammar: Grammar, token: Token) -> Token | None:
    return next(
        (c for c in grammar.children(token) if c.dep in {"nsubj", "nsubjpass", "csubj"}), None
    )


def _of_subject(line: Line, grammar: Grammar, verb: Token, subject: Token) -> Part:
    if subject.text.lower() in _RELATIVE and verb.dep == "relcl":
        return replace(_actors_of(line, grammar, grammar.head(verb)), relative=True)
    if subject.dep == "nsubjpass" or _is_clipped(line, grammar, verb):
        agent = next((c for c in grammar.children(verb) if c.text.lower() == "by"), None)
        if agent is not None:
            by = next((c for c in grammar.children(agent) if c.dep == "pobj"), None)
            if by is not None:
                return _actors_of(line, grammar, by)
        return replace(_actors_of(line, grammar, subject), direct=False, sure=False, passive=True)
    return _actors_of(line, grammar, subject)


def _is_clipped(line: Line, grammar: Grammar, verb: Token) -> bool:
    """A headline's passive without its "is": 'Acme sued over face scans'."""
    if not line.is_title or _object(grammar, verb) is not None:
        return False
    return _CLIPPED.match(line.text, verb.start) is not None


def _actors_of(line: Line, grammar: Grammar, token: Token) -> Part:
    """The actors that a noun or pronoun stands for, with those joined to it by 'and'."""
    first = _resolve(line, grammar, token)
    more = [
        actor
        for child in grammar.children(token)
        if child.dep in {"conj"}
        for actor in _actors_of(line, grammar, child).actors
    ]
    actors = tuple(dict.fromkeys((*first.actors, *more)))
    return replace(first, actors=actors)


def _resolve(line: Line, grammar: Grammar, token: Token) -> Part:
    word = token.text.lower()
    if word in _OTHERS:
        return _of_others(line, grammar, token, word)
    mention = next((m for m in line.mentions if m.start <= token.start < m.end), None)
    opening = mention is not None and mention.end == token.end and word in _PLURALS
    if mention is not None and not (opening and mention.actor.kind == STRANGER):
        return Part((mention.actor,), direct=True, sure=mention.actor.certain)
    if word in _SPEAKING | _PERSONAL | _PRONOUNS:
        return _of_pronoun(line, token, word)
    if word in _OFFICERS or word in _DOCUMENTS:
        owned = _owner(line, grammar, token, word)
        if owned.actors:
            return owned
    if word in _HEADS:
        return _named_head(line, grammar, token)
    return _of_phrase(line, grammar, token, word)


def _of_phrase(line: Line, grammar: Grammar, token: Token, word: str) -> Part:
    """'The letter' of the group last named, 'a dozen firms such as A', else nobody."""
    if word in _TOLD_IN and line.last_group and _is_pointed_at(grammar, token):
        return Part((line.last_group,))
    if word in _COUNTS:
        token = next((c for each in grammar.children(token) for c in grammar.children(each)), token)
    return _listed(line, grammar, token) if token.text.lower() in _PLURALS else NOBODY


def _of_pronoun(line: Line, token: Token, word: str) -> Part:
    if word in _SPEAKING:
        return _of_speaker(line, token)
    if word in _PERSONAL:
        return Part((line.last_person,), sure=False) if line.last_person else NOBODY
    return _of_focus(line, token)


def _listed(line: Line, grammar: Grammar, token: Token) -> Part:
    """'Stores like A, B and C', 'companies including D': each one named."""
    below = {token.number}
    for _ in range(4):
        below |= {each.number for each in grammar.tokens if each.head in below}
    named = _NAMING.search(line.text, token.end)
    inside = {each.start for each in grammar.tokens if each.number in below - {token.number}}
    actors = [
        replace(mention.actor, kind="company") if mention.actor.may_be_company else mention.actor
        for mention in line.mentions
        if inside & set(range(mention.start, mention.end))
        or (named is not None and named.start() < mention.start < named.end())
    ]
    return Part(tuple(dict.fromkeys(actors)), direct=True, sure=bool(actors))


def _is_pointed_at(grammar: Grammar, token: Token) -> bool:
    """'The letter', 'their report': one that was spoken of before, with no owner named here."""
    small = [c.text.lower() for c in grammar.children(token) if c.dep in {"det", "poss"}]
    behind = any(c.dep == "prep" for c in grammar.children(token))
    return not behind and small in (["the"], ["this"], ["their"], ["its"])


def _of_others(line: Line, grammar: Grammar, token: Token, word: str) -> Part:
    """Employees, users, critics of a company are not the company."""
    kind = WORKERS if word in _STAFF else "users"
    start = min((c.start for c in grammar.children(token)), default=token.start)
    name = line.text[min(start, token.start) : token.end]
    return Part((Actor(name, kind, collective=True, certain=False),))


def _of_speaker(line: Line, token: Token) -> Part:
    speaker = line.speech.speaker if line.speech.holds(token.start) else line.publisher
    return Part((speaker,), direct=True, sure=speaker.certain) if speaker else NOBODY


def _of_focus(line: Line, token: Token) -> Part:
    """A pronoun means the company named before it in the sentence, else the one in focus."""
    before = [m.actor for m in line.mentions if m.end <= token.start and m.actor.is_company]
    if before:
        alone = len({actor.name for actor in before}) == 1
        return Part((before[0],), direct=alone, sure=alone and before[0].certain)
    if line.focus is None:
        return NOBODY
    others = any(m.end <= token.start and not m.actor.is_company for m in line.mentions)
    return Part((line.focus,), sure=line.focus_is_sure and not others)


def _owner(line: Line, grammar: Grammar, token: Token, word: str) -> Part:
    """'Twitter's decision', 'the company's CEO', 'a spokesperson for Meta'."""
    for child in grammar.children(token):
        if child.dep in {"poss", "compound", "nmod", "amod"}:
            found = _resolve(line, grammar, child)
            if found.actors:
                return _with_role(found, word)
        if child.dep == "prep" and child.text.lower() in {"for", "of", "from", "at", "with"}:
            for each in grammar.children(child):
                found = _resolve(line, grammar, each) if each.dep == "pobj" else NOBODY
                if found.actors:
                    return _with_role(found, word)
    return NOBODY


def _with_role(found: Part, word: str) -> Part:
    if word not in _OFFICERS:
        return found
    return replace(found, actors=tuple(replace(a, role=a.role or word) for a in found.actors))


def _named_head(line: Line, grammar: Grammar, token: Token) -> Part:
    """'The tech giant, Google' names it; 'the company' alone means the one in focus."""
    inside = {token.number, *(c.number for c in grammar.children(token))}
    for mention in line.mentions:
        for each in grammar.tokens:
            if each.number in inside and mention.start <= each.start < mention.end:
                return Part((mention.actor,), direct=True, sure=mention.actor.certain)
    article = [c.text.lower() for c in grammar.children(token) if c.dep == "det"]
    if article and article[0] in {"the", "this"}:
        return _of_focus(line, token)
    return NOBODY


def _reporter(line: Line, grammar: Grammar, token: Token) -> Actor | None:
    """Who claims it, when the clause hangs on a verb of saying with a subject of its own."""
    for _ in range(_STEPS):
        head = grammar.head(token)
        if head is token:
            return None
        telling = REPORTING.fullmatch(head.text) or _FINDING.fullmatch(head.text)
        if token.dep == "ccomp" and telling:
            return _teller(line, grammar, head)
        token = head
    return None


def _teller(line: Line, grammar: Grammar, verb: Token) -> Actor | None:
    subject = _subject(grammar, verb)
    if subject is None:
        return None
    actors = _resolve(line, grammar, subject).actors
    if actors:
        return actors[0]
    return SOMEBODY if _FINDING.fullmatch(verb.text) else None
