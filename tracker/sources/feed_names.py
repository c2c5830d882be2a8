"""What elements of a feed are called, and which of them mean something."""

from functools import lru_cache

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS10 = "http://purl.org/rss/1.0/"
BESIDE_RDF = {f"{{{RSS10}}}{name}" for name in ("channel", "item", "image", "textinput")}
PREFIXES = {
    ATOM.lower(): "",
    RSS10: "",
    RDF: "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
"""What names mean is told by their namespace; an unknown one keeps the prefix it was given."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HARMLESS = _words(
    "category comments contributor copyright enclosure generator image rights source thumbnail "
    "dc:subject dc:publisher dc:rights dc:language dc:contributor dc:identifier dc:type dc:format "
    "dc:source dc:relation dc:coverage media:content media:thumbnail media:credit media:group "
    "media:keywords media:rating media:category"
)
"""Elements of an item that tell nothing we keep."""

TELLING_PREFIXES = frozenset(["", "dc", "dcterms", "content", "itunes", "media", "xhtml", "rdf"])
"""In these namespaces a name that is not known here may mean something to the patient reader."""

TELLING = _words(
    "abstract author body content created creator date description email encoded entry fullitem "
    "guid homepage id image info issued item language link modified name newlocation pubdate "
    "published source subtitle summary tagline textinput title updated uri url"
)
"""Names that mean something wherever they stand."""

HTML_TAGS = _words(
    "a abbr b big blockquote br center cite code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i "
    "img ins kbd li ol p pre q s small span strike strong sub sup table tbody td th tr tt u ul var"
)
"""Tags that are HTML beyond doubt."""


@lru_cache(maxsize=4096)
def usual_name(tag: str, given: str | None) -> str | None:
    """Give an element's name by the prefix that its namespace usually has, in lower case.

    ``tag`` is the name in Clark notation, ``given`` the prefix in the feed. None where only a
    guess could be made.
    """
    if not tag.startswith("{"):
        return tag.lower()
    namespace, _, local = tag[1:].partition("}")
    prefix = PREFIXES.get(namespace.lower(), given)
    if prefix is None or "backend.userland.com/rss" in namespace.lower():
        return None
    return f"{prefix}:{local}".lower() if prefix else local.lower()
