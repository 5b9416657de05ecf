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


class FailingError(AwayError):
    """None of them answers for one name; others may be known."""


def look_up(name: str, kind: str, resolver: Resolver | None = None) -> list[str]:
    """The records of a name; none where there are none. Raises AwayError, FailingError."""
    try:
        found = (resolver or Resolver()).resolve(name, RdataType.make(kind), lifetime=_SECONDS)
    except (NXDOMAIN, NoAnswer):
        return []
    except NoNameservers:
        raise FailingError(f"no server of names answers for {name}") from None
    except (NoResolverConfiguration, DNSException, OSError) as error:
        raise AwayError(f"{type(error).__name__}: no server of names could be asked for {name}") from None
    if kind == "TXT":
        return [b"".join(each.strings).decode(errors="replace") for each in found]
    return [each.to_text() for each in found]


def of_domain(domain: str, bounces: str | None, selector: str | None, ask: LookUp) -> Iterator[Finding]:
    """What others will make of mail from a domain."""
    checks: dict[str, Callable[[], tuple[bool, str]]] = {
        "SPF": lambda: _spf(domain, ask),
        "DKIM": lambda: _dkim(domain, selector, ask),
        "DMARC": lambda: _dmarc(domain, ask),
    }
    if bounces is not None:
        checks["Bounces"] = lambda: _bounces(bounces.partition("@")[2], ask)
    for name, check in checks.items():
        try:
            yield (name, *check())
        except FailingError as failing:
            yield name, True, f"not looked at: {failing}"


def _spf(domain: str, ask: LookUp) -> tuple[bool, str]:
    found = [each for each in ask(domain, "TXT") if each.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return False, f'{domain} has none; publish TXT "v=spf1 … -all" that names your relay'
    if len(found) > 1:
        return False, f"{domain} has {len(found)}, which counts as none; publish one"
    if "+all" in found[0].lower().split() or "all" in found[0].lower().split():
        return False, f"{found[0]} lets everybody send in your name; end it with -all"
    return True, found[0]


def _dkim(domain: str, selector: str | None, ask: LookUp) -> tuple[bool, str]:
    if selector is None:
        return True, "not looked for: name the selector of your relay, --selector NAME"
    name = f"{selector}._domainkey.{domain}"
    keys = [each for each in ask(name, "TXT") if "p=" in each.replace(" ", "")]
    if not keys:
        return False, f"there is no key at {name}; publish the one that your relay signs with"
    if any("p=" in part and not part.split("=", 1)[1].strip() for part in keys[0].split(";") if "p=" in part):
        return False, f"the key at {name} was revoked (p= is empty); publish the new one"
    return True, f"there is a key at {name}"


def _dmarc(domain: str, ask: LookUp) -> tuple[bool, str]:
    """The policy of the domain, or else of the next one above it that has one."""
    labels = domain.split(".")
    for above in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[above:])
        records = ask(name, "TXT")
        if found := [each for each in records if each.replace(" ", "").lower().startswith("v=dmarc1")]:
            ok, says = _policy(name, found)
            return ok, f"{name} holds for it: {says}" if ok and above else says
    return False, f'_dmarc.{domain} has none; publish one, such as TXT "v=DMARC1; p=none; rua=mailto:…"'


def _policy(name: str, found: list[str]) -> tuple[bool, str]:
    if len(found) > 1:
        return False, f"{name} has {len(found)}, which counts as none; publish one"
    tags = dict(tag.strip().lower().partition("=")[::2] for tag in found[0].split(";") if "=" in tag)
    if tags.get("p", "").strip() not in _POLICIES:
        return False, f"{found[0]} names no policy; write p= one of {', '.join(_POLICIES)}"
    return True, found[0]


def _bounces(domain: str, ask: LookUp) -> tuple[bool, str]:
    if ask(domain, "MX") or ask(domain, "A") or ask(domain, "AAAA"):
        return True, f"{domain} takes mail"
    return False, f"nobody takes mail for {domain}; give it an MX record"
