"""HTML as a tree, however it is written."""

from lxml import etree
from lxml.html import (
    HtmlComment,
    HtmlElement,
    HtmlEntity,
    HtmlProcessingInstruction,
    document_fromstring,
)

CLASSES = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)
"""One class for all tags: the library's own choice asks Python at every look at an element."""


def html_tree(text: str) -> HtmlElement:
    """Parse a page; raises etree.LxmlError, ValueError or AssertionError where there is none."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    parser.set_element_class_lookup(CLASSES)
    return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
