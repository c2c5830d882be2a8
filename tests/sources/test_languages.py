"""The language of a text that does not say it itself."""

import pytest

from tracker.sources.languages import guess_language

TEXTS = {
    "en": "The council voted on Tuesday to end the contract, and the union which asked for it will "
    "be at the gate with those who are to go. It was the last of the three that have been left.",
    "de": "Der Rat hat am Dienstag beschlossen, den Vertrag nicht zu verlängern, und die "
    "Gewerkschaft, die das gefordert hatte, ist mit ihm einverstanden. Für "
    "die Stadt ist es auch ein Anfang.",
    "fr": "Le conseil a voté mardi la fin du contrat avec une entreprise qui surveille les portes "
    "dans le port, et pour le syndicat ce n'est pas une surprise. Les élus en parlent au public.",
    "ru": "Совет портового города проголосовал во вторник за прекращение договора с компанией, "
    "которая три года следила за воротами. Профсоюз докеров приветствовал это решение "
    "на своём собрании.",
    "ja": "港町の議会は火曜日、三年間門を見張ってきた会社との契約を終えることを決めた。"
    "組合はこの決定を歓迎し、市長は更新しないと述べた。" * 3,
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_known_by_its_words_or_its_letters(language: str) -> None:
    assert guess_language(TEXTS[language] * 2) == language


def test_what_is_short_or_not_known_stays_unsaid() -> None:
    assert guess_language("The council voted on it.") is None
    assert (
        guess_language("Loren iplun doror sitan ametu kosek teturin adipis kingeli. " * 9) is None
    )
