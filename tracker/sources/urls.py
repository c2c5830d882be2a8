"""Addresses: one spelling for one page, and whose page it is."""

import re
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from tracker.domain.errors import ParseError

if TYPE_CHECKING:
    from tldextract import TLDExtract

LONGEST_URL = 4096

TRACKING_NAMES = frozenset(
    {
        "__hsfp",
        "__hssc",
        "__hstc",
        "__twitter_impression",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "at_campaign",
        "at_custom1",
        "at_custom2",
        "at_custom3",
        "at_custom4",
        "at_medium",
        "cmpid",
        "dclid",
        "fbclid",
        "gbraid",
        "gclid",
        "gclsrc",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "hsctatracking",
        "icid",
        "igsh",
        "igshid",
        "ito",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "msclkid",
        "ncid",
        "ns_campaign",
        "ns_fee",
        "ns_linkname",
        "ns_mchannel",
        "ns_source",
        "ocid",
        "oly_anon_id",
        "oly_enc_id",
        "s_cid",
        "share_id",
        "smid",
        "smtyp",
        "soc_src",
        "soc_trk",
        "spm",
        "sr_share",
        "taid",
        "ttclid",
        "twclid",
        "vero_conv",
        "vero_id",
        "wbraid",
        "wickedid",
        "yclid",
    }
)
"""Query parameters that tell who sent the reader and never which page is meant."""

TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "matomo_", "hsa_", "wt_")
AMP_CACHE_HOST = re.compile(r"\.cdn\.ampproject\.org$")
AMP_CACHE_PATH = re.compile(r"^/(?:amp/|[cvr]/)(s/)?([^/]+\.[^/]+)(/.*)?$")
AMP_MARKERS = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")}
AMP_TAIL = re.compile(r"^(.*/[^/]*(?:-[^/]*-|\d)[^/]*?)(?:/amp/?|\.amp)$")
NOT_IN_URL = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]|[^\x00-\x7f]|%(?![0-9A-Fa-f]{2})")
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
HOST = re.compile(r"^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$")
FRONT_PATH = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:index\.\w{2,5})?", re.IGNORECASE)
DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """Give the one spelling by which a page is known.

    Scheme and host in lower case and IDNA, no default port, no fragment, no tracking parameters
    (the rest keep their order), escapes in one form, AMP caches and markers undone. Raises
    ParseError for anything that is not a web address.
    """
    scheme, host, port, path, query = _split(url)
    scheme, host, path = _leave_amp_cache(scheme, host, path)
    tail = AMP_TAIL.match(path)
    path = str(tail[1]) if tail else path
    authority = host if port in (None, DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    return urlunsplit((scheme, authority, path, _wanted(query), ""))


def request_url(url: str) -> str:
    """Spell an address so that it can be asked for: ASCII only, no fragment, nothing dropped.

    Raises ParseError for anything that is not a web address.
    """
    scheme, host, port, path, query = _split(url)
    authority = host if port is None else f"{host}:{port}"
    return urlunsplit((scheme, authority, path, query, ""))


def resolve(base: str, link: str) -> str | None:
    """Make a link absolute against the address that it stood at; None if it is no web address."""
    try:
        joined = urljoin(base, link.strip())
        host_and_rest = _split(joined)
    except (ParseError, ValueError):
        return None
    return joined if host_and_rest[1] else None


def host_of(url: str) -> str | None:
    """Name the host of an address in lower case, without ``www.``; None if there is none."""
    try:
        host = _split(url)[1]
    except ParseError:
        return None
    return host.removeprefix("www.")


def registrable_domain(url: str) -> str | None:
    """Name the domain that somebody registered: ``example.co.uk`` for ``a.b.example.co.uk``.

    A host without a public suffix (``localhost``, an IP address) stands for itself.
    """
    host = host_of(url)
    if host is None or host.startswith("["):
        return host
    registered: str = _suffixes()(host).top_domain_under_public_suffix
    return registered or host


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to the same registered domain."""
    domain = registrable_domain(one)
    return domain is not None and domain == registrable_domain(other)


def is_front_page(url: str) -> bool:
    """Whether an address is that of a whole site, or of one language of it."""
    parts = urlsplit(url)
    return not _wanted(parts.query) and FRONT_PATH.fullmatch(parts.path) is not None


@cache
def _suffixes() -> "TLDExtract":
    """Load the list of public suffixes that comes with tldextract; nothing is fetched or kept."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=False)


def _split(url: str) -> tuple[str, str, int | None, str, str]:
    """Take scheme, host, port, path and query apart; raises ParseError."""
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise ParseError(f"an address of {len(url)} characters is no address: {url[:60]}…")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ParseError(f"{url[:200]!r} is no web address: {error}") from error
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise ParseError(f"{url[:200]!r} is no web address: it must start with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ParseError(f"the address for {host} holds a user name: leave it out")
    path = _without_dots(_escape(parts.path or "/"))
    return parts.scheme, _host(host, url), port, path, _escape(parts.query)


def _without_dots(path: str) -> str:
    """Walk the ``.`` and ``..`` steps of a path (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    steps = path.split("/")
    for step in steps[1:]:
        if step == "..":
            del kept[-1:]
        elif step != ".":
            kept.append(step)
    if steps[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _host(host: str, url: str) -> str:
    if ":" in host:
        return f"[{_ip6(host, url)}]"
    try:
        ascii_host = host if host.isascii() else _idna(host)
    except UnicodeError as error:
        raise ParseError(f"{url[:200]!r} is no web address: bad host name") from error
    ascii_host = ascii_host.lower().rstrip(".")
    if len(ascii_host) > 253 or not HOST.match(ascii_host):
        raise ParseError(f"{url[:200]!r} is no web address: bad host name")
    return ascii_host


def _ip6(host: str, url: str) -> str:
    try:
        address = ip_address(host)
    except ValueError as error:
        raise ParseError(f"{url[:200]!r} is no web address: {error}") from error
    if "%" in host:
        raise ParseError(f"{url[:200]!r} names a network interface: leave out what follows %")
    return address.compressed


def _idna(host: str) -> str:
    """Write an international host name in ASCII (UTS 46, as browsers do); raises UnicodeError."""
    import idna

    encoded: bytes = idna.encode(host, uts46=True)
    return encoded.decode("ascii")


def _escape(text: str) -> str:
    """Escape what may not stand in an address and write existing escapes in one form."""
    text = NOT_IN_URL.sub(_percent, text)
    return ESCAPE.sub(_plain_or_upper, text)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))


def _plain_or_upper(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in UNRESERVED else found[0].upper()


def _wanted(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _is_tracking(pair))


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = unquote(name).lower()
    if (name, value.lower()) in AMP_MARKERS:
        return True
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def _leave_amp_cache(scheme: str, host: str, path: str) -> tuple[str, str, str]:
    """Give the publisher's address that a Google AMP address wraps, else the same again."""
    is_viewer = host in ("google.com", "www.google.com") and path.startswith("/amp/")
    if not (is_viewer or AMP_CACHE_HOST.search(host)):
        return scheme, host, path
    wrapped = AMP_CACHE_PATH.match(path)
    if not wrapped or not HOST.match(wrapped[2].lower()):
        return scheme, host, path
    return "https" if wrapped[1] else "http", wrapped[2].lower(), wrapped[3] or "/"
