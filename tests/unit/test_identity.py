"""What makes two entries the same entry (promise 10)."""

from tracker.domain.identity import entry_key


def test_an_id_comes_first_then_the_link_then_the_words():
    by_id = entry_key("tag:1", "https://news.example/a", "Title")
    assert by_id == entry_key(" tag:1 ", "https://news.example/moved", "Other title")
    by_link = entry_key("", "https://news.example/a", "Title")
    assert by_link == entry_key(None, "https://news.example/a", "Other title")
    by_words = entry_key(None, None, "Title", "text")
    assert by_words == entry_key("  ", "", "Title", "text")
    assert len({by_id, by_link, by_words}) == 3


def test_nothing_is_mixed_up():
    assert entry_key("https://news.example/a", None) != entry_key(None, "https://news.example/a")
    assert entry_key(None, None, "a", "bc") != entry_key(None, None, "ab", "c")
    assert entry_key(None, "https://news.example/a#1") != entry_key(
        None, "https://news.example/a#2"
    )


def test_any_text_has_a_key():
    assert len(entry_key("\ud800\x00", None)) == 64
