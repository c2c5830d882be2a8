"""What the DNS says of our mail: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

LookUp = Callable[[str], list[str]]
"""The text records of a name, none if there are none. Raises OSError when nobody answers."""

PATIENCE = 3.0
"""Seconds for one look-up."""


@dataclass(frozen=True, slots=True)
class Found:
    """One record: ``mend`` is empty when it is as it should be."""

    what: str
    found: str
    mend: str = ""


def check(domain: str, selector: str, look_up: LookUp, *, signs: bool) -> Iterator[Found]:
    """What stands for a domain and a key; ``signs`` says whether we sign mails ourselves."""
    relay = f"add a TXT record at {domain} that names the relay"
    yield _one("SPF", domain, "v=spf1", look_up, relay)
    name = f"{selector}._domainkey.{domain}"
    if signs:
        yield _one("DKIM", name, "", look_up, f"publish the public key in a TXT record at {name}")
    policy = f"_dmarc.{domain}"
    yield _one("DMARC", policy, "v=DMARC1", look_up, f"add a TXT record at {policy}")


def look_up_in_dns(servers: tuple[str, ...] = (), port: int = 53) -> LookUp | None:
    """Asks the DNS, the system's servers or these; None when dnspython is missing."""
    if find_spec("dns") is None:
        return None
    import dns.exception
    import dns.resolver

    resolver = dns.resolver.Resolver(configure=not servers)
    if servers:
        resolver.nameservers, resolver.port = list(servers), port
    resolver.lifetime = PATIENCE

    def look_up(name: str) -> list[str]:
        try:
            answer = resolver.resolve(name, "TXT")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise OSError(f"the DNS does not answer ({type(error).__name__})") from error
        return ["".join(part.decode("utf-8", "replace") for part in one.strings) for one in answer]

    return look_up


def _one(what: str, name: str, begins: str, look_up: LookUp, mend: str) -> Found:
    texts = [text for text in look_up(name) if text.lower().startswith(begins.lower())]
    if not texts:
        return Found(what, f"no record at {name}", mend)
    if len(texts) > 1:
        return Found(what, f"{len(texts)} records at {name}: receivers ignore all", "keep one")
    return Found(what, texts[0][:80])
