"""The language of a text, by its script and its commonest words.

A model that knows a hundred languages takes 90 MB in every process that reads pages, for the few
pages that do not say it themselves. What is not known here is left unsaid.
"""

import re
from collections import Counter

SURE_FROM = 200
LOOK_AT = 4000
"""Characters of a text that tell its language."""

WORD = re.compile(r"[^\W\d_]+")
LEAST_SHARE = 0.12
"""Of the words of a text: of 434 real articles in 24 languages 97 % are told, and none wrongly."""

FEWEST = 6
"""So many different ones: a menu in a foreign text has fewer."""

COMMON = """
en the and of to in that is for with was on as it by from be are this have has which who will
de der die das und ist nicht den von mit sich auf für ein eine auch im dem des zu es werden
fr de la le les des et un une que pour dans en qui est pas sur plus par au du ce avec sont aux
es de la el en y a los las que del un una por con para es se no su al como más lo pero sus ha
pt o a e de os um uma que do da não para com em na no se mais dos ao como pelo foi são mas à é
it e la il di che è un per non una sono della del con nel le i si alla dei gli anche più ha da
nl de het een van en dat niet op te zijn met voor is aan er ook bij door uit maar wordt
sv och att det som är en på av för med den inte till ett har om var från men kan sig
no og i det som er en på av for med den ikke til et har om var fra men kan seg ble være
da og i det som er en på af for med den ikke til et har om var fra men kan sig blev være
fi ja on ei että se oli hän ovat myös mutta kun joka mukaan tai jos vain niin ole kuin sen
pl i w na się że nie z do jest to jak przez od po dla za co są ale był już oraz tym o
cs a se na je že v to s do z i o by ale jsou jak pro které za po jsem jeho byl také který
sk a sa na je že v to s do z aj o by ale sú ako pre ktoré za po som jeho bol tiež ktorý
hu a az és hogy nem is egy meg de ez van volt már csak mint még el ki ha vagy szerint
ro și în că pe cu nu din este pentru care sunt mai au fi ale această dar prin după fost sau
ro fără
tr ve bir bu için da de ile olarak daha çok olan gibi ama kadar en ne olduğu sonra var ya göre
tr yer aldı eden olduğunu ettiği iki
id yang dan di untuk dengan pada ini dari tidak dalam itu akan juga ke oleh adalah bisa ada
id saat karena kata sudah lebih kami
vi và của là có được cho không trong một với các những đã này người để khi về từ ra
hr i u je na se da su za od s koji a kao ne što to bi nije će iz ali o koja te
lt ir kad yra su į iš tai kaip buvo bet jau nuo dėl ne apie taip tik pat dar už
is og að á er í sem það við um en var til hann með ekki fyrir af þá eru hefur því
sw ya na wa kwa ni katika za la kuwa hiyo cha huo hii hivyo wao kama pia baada
"""
"""The commonest words of each language; a second line goes on."""


def _words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in COMMON.strip().splitlines():
        language, *words = line.split()
        found.setdefault(language, set()).update(words)
    return {language: frozenset(words) for language, words in found.items()}


WORDS = _words()

SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
"""The first of which a text has a fair part; letters of one language before those of many."""

FAIR_PART = {"ja": 0.1, "uk": 0.02}


def guess_language(text: str) -> str | None:
    """Recognise the language of a text; None when it is too short to tell, or none known here."""
    if len(text) < SURE_FROM:
        return None
    beginning = text[:LOOK_AT]
    return _by_words(beginning.lower()) or _by_script(beginning)


def _by_words(text: str) -> str | None:
    words = Counter(WORD.findall(text))
    found = {language: sum(words[word] for word in known) for language, known in WORDS.items()}
    best = max(found, key=lambda language: found[language])
    different = sum(1 for word in WORDS[best] if word in words)
    is_sure = found[best] >= words.total() * LEAST_SHARE and different >= FEWEST
    return best if is_sure else None


def _by_script(text: str) -> str | None:
    letters = sum(map(str.isalpha, text))
    for language, letter in SCRIPTS:
        if len(letter.findall(text)) > letters * FAIR_PART.get(language, 0.3):
            return language
    return None
