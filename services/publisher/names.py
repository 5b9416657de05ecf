"""What the names of a domain say of its mail: SPF, DKIM, DMARC, and where bounces go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dns.exception import DNSException
from dns.rdatatype import RdataType
from dns.resolver import NXDOMAIN, NoAnswer, NoNameservers, NoResolverConfiguration, Resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Finding = tuple[str, bool, str]
    LookUp = Callable[[str, str], list[str]]

_SECONDS = 5.0
_POLICIES = ("none", "quarantine", "reject")


class AwayError(Exception):
    """No server of names can be asked."""


def look_up(name: str, kind: str, resolver: Resolver | None = None) -> list[str]:
    """The records of a name; none where there are none. Raises AwayError."""
    try:
        found = (resolver or Resolver()).resolve(name, RdataType.make(kind), lifetime=_SECONDS)
    except (NXDOMAIN, NoAnswer):
        return []
    except (NoNameservers, NoResolverConfiguration, DNSException, OSError) as error:
        raise AwayError(f"{type(error).__name__}: no server of names could be asked for {name}") from None
    if kind == "TXT":
        return [b"".join(each.strings).decode(errors="replace") for each in found]
    return [each.to_text() for each in found]


def of_domain(domain: str, bounces: str | None, selector: str | None, ask: LookUp) -> Iterator[Finding]:
    """What others will make of mail from a domain."""
    yield ("SPF", *_spf(domain, ask(domain, "TXT")))
    if selector is None:
        yield "DKIM", True, "not looked for: name the selector of your relay, --selector NAME"
    else:
        name = f"{selector}._domainkey.{domain}"
        yield ("DKIM", *_dkim(name, ask(name, "TXT")))
    yield ("DMARC", *_dmarc(domain, ask(f"_dmarc.{domain}", "TXT")))
    if bounces is not None:
        where = bounces.partition("@")[2]
        has = ask(where, "MX") or ask(where, "A") or ask(where, "AAAA")
        says = f"{where} takes mail" if has else f"nobody takes mail for {where}; give it an MX record"
        yield "Bounces", bool(has), says


def _spf(domain: str, records: list[str]) -> tuple[bool, str]:
    found = [each for each in records if each.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return False, f'{domain} has none; publish TXT "v=spf1 … -all" that names your relay'
    if len(found) > 1:
        return False, f"{domain} has {len(found)}, which counts as none; publish one"
    if "+all" in found[0].lower().split() or "all" in found[0].lower().split():
        return False, f"{found[0]} lets everybody send in your name; end it with -all"
    return True, found[0]


def _dkim(name: str, records: list[str]) -> tuple[bool, str]:
    keys = [each for each in records if "p=" in each.replace(" ", "")]
    if not keys:
        return False, f"there is no key at {name}; publish the one that your relay signs with"
    if any("p=" in part and not part.split("=", 1)[1].strip() for part in keys[0].split(";") if "p=" in part):
        return False, f"the key at {name} was revoked (p= is empty); publish the new one"
    return True, f"there is a key at {name}"


def _dmarc(domain: str, records: list[str]) -> tuple[bool, str]:
    found = [each for each in records if each.replace(" ", "").lower().startswith("v=dmarc1")]
    if len(found) != 1:
        many = "has none" if not found else f"has {len(found)}, which counts as none"
        return False, f'_dmarc.{domain} {many}; publish one, such as TXT "v=DMARC1; p=none; rua=mailto:…"'
    tags = dict(tag.strip().lower().partition("=")[::2] for tag in found[0].split(";") if "=" in tag)
    policy = tags.get("p", "").strip()
    if policy not in _POLICIES:
        return False, f"{found[0]} names no policy; write p= one of {', '.join(_POLICIES)}"
    return True, found[0]
