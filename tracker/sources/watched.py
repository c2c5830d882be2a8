"""A page whose own text is watched, such as a policy: all of it, lists and tables too."""

from datetime import datetime

from tracker.domain.errors import ParseError
from tracker.domain.model import Feed, Page, Response
from tracker.sources.about import read_about, read_title
from tracker.sources.blocks import paragraphs
from tracker.sources.furniture import remove_furniture
from tracker.sources.hidden import remove_hidden
from tracker.sources.languages import guess_language
from tracker.sources.pages import is_check_for_robots, open_page
from tracker.sources.prose import LONGEST_TEXT
from tracker.sources.urls import canonical_url

SHORTEST = 200
"""Characters; less is a notice, a wall, or a page that scripts fill in later."""


def parse(response: Response, now: datetime) -> Feed:  # noqa: ARG001  # the shape of ParseFeed
    """Read the visible text of a page without its furniture; see ParseFeed.

    Raises ParseError when there is too little text to be watched.
    """
    tree = open_page(response)
    about = read_about(tree, response.url)
    remove_hidden(tree)
    title = read_title(tree, about)
    remove_furniture(tree, title)
    text = "\n\n".join(paragraphs(tree))[:LONGEST_TEXT].rstrip()
    if is_check_for_robots(text):
        raise ParseError(f"{response.url} shows a check for robots in place of the page")
    if len(text) < SHORTEST:
        raise ParseError(
            f"{response.url} shows {len(text)} characters of text: too little to be watched; "
            "it may be filled in by scripts, or hidden behind a wall"
        )
    page = Page(
        url=canonical_url(response.url),
        title=title or response.url,
        text=text,
        language=about.language or guess_language(text),
        licence=about.licence,
    )
    return Feed(page.title, (), page=page)
