"""What our own server found out about the sender (RFC 8601), read so that comments and quotes cannot fool us."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Result = Literal["pass", "none", "fail"]

FIELD_CHARACTERS = 32_768  # as many as the header block keeps of a field

_TOKEN = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<sign>[()";=\\])|(?P<word>[^\s"();=\\]+)', re.DOTALL)
_ORDER: tuple[Result, ...] = ("pass", "none", "fail")
# Not temperror, the DNS did not answer, nor permerror, the record cannot be read: such a record is no policy, and where
# there is none DMARC is not applied (RFC 7489 6.6.3).
_FAILED = {"fail", "softfail", "reject", "quarantine", "policy", "hardfail"}
# What else proves a domain, and which property names it; of several the first that is there.
_PROOFS = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
_END = ("sign", "")
_LITERAL = re.compile(r"\[(?:ipv6:)?([0-9a-f:.]{2,45})\]", re.IGNORECASE)
_LOCAL_PROTOCOL = re.compile(r"\swith\s(?:lmtps?|lmtpsa?|local)\b", re.IGNORECASE)
# Addresses that are used inside a house only (RFC 1918, RFC 4193, RFC 6598), and the machine itself.
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
_BY = re.compile(r"(?:^|\s)by\s", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """``name=value``; ``bare`` when the value is one word, with nothing glued to it."""

    name: str
    value: str
    bare: bool


def verdict(fields: Sequence[str], zone: int, authserv_id: str, from_domain: str, *, tampered: bool) -> Result:
    """What our server says of the domain in From; "none" when it says nothing that can be trusted.

    ``fields`` are all Authentication-Results, topmost first, ``zone`` is how many of them only our servers can have
    written. A field in our name below that is a forgery: nothing is believed then. A pass is believed only of a mail
    with one author (``from_domain`` is "" otherwise).

    The worst DMARC verdict counts, a pass only for the author's very domain. Where DMARC neither passed nor failed, an
    aligned DKIM or SPF pass is one, and several signatures need one that is aligned. Aligned is the domain in From
    itself or one that it lies in, never one inside it: without a list of public suffixes nobody can tell how far two
    domains below a common one belong together (RFC 7489 3.1 would need it).
    """
    mine = stamped_by(fields, authserv_id)
    if tampered or any(number >= zone for number in mine):
        return "fail"
    said = [statement for number in mine for statement in statements(fields[number]) if statement]
    found = [_dmarc(statement, from_domain) for statement in said if statement[0].name == "dmarc"]
    if {"pass", "fail"} & set(found):
        return max(found, key=_ORDER.index)
    domain = _ascii(from_domain)
    return "pass" if domain and any(_aligned(statement, domain) for statement in said) else "none"


def stamped_by(fields: Sequence[str], authserv_id: str) -> list[int]:
    """The numbers of the fields that bear the name of a server, whoever wrote them."""
    return [number for number, field in enumerate(fields) if server(field) == _ascii(authserv_id)]


def zone(names: Iterable[tuple[str, str]]) -> int:
    """How many Authentication-Results stand where only our own servers write; ``names`` are all fields, topmost first.

    Our servers write above the first Received that another one wrote: some above the border's own Received, some right
    below it. The border is the topmost hop that came from outside, that is, from a public address.
    """
    count, border = 0, False
    for name, value in names:
        if name == "received":
            if border:
                break
            border = not _internal(value)
        count += name == "authentication-results"
    return count


def _internal(received: str) -> bool:
    """Whether one of our servers handed the mail to another: without a network, by LMTP, or from a private address.

    Words in the field may be the sender's (the name in HELO), so one public address anywhere makes it a hop from
    outside; a private address that the sender invents stands beside his real one.
    """
    line = " ".join(received.split())
    said = _BY.search(line)
    if not line.lower().startswith("from "):
        return True
    addresses = [_private(match[1]) for match in _LITERAL.finditer(line[: said.start()] if said else line)]
    if not addresses:
        return _LOCAL_PROTOCOL.search(line) is not None
    return all(addresses)


def _private(literal: str) -> bool:
    try:
        address = ipaddress.ip_address(literal)
    except ValueError:
        return False
    return any(address in network for network in _PRIVATE if network.version == address.version)


def server(field: str) -> str:
    """The authserv-id: the first word outside comments; a version number may follow it."""
    kind, word = next(_outside_comments(field), ("sign", ""))
    return _ascii(word) if kind != "sign" else ""


def statements(field: str) -> Iterator[list[Pair]]:
    """What is said between the semicolons behind the server's name, the method and its result first."""
    tokens: list[tuple[str, str]] = []
    begun = False
    for kind, token in (*_outside_comments(field), ("sign", ";")):
        if (kind, token) != ("sign", ";"):
            tokens.append((kind, token.lower()))
            continue
        if begun:
            yield list(_pairs(tokens))
        tokens, begun = [], True


def _pairs(tokens: Sequence[tuple[str, str]]) -> Iterator[Pair]:
    """``name=value``; what is quoted can be a value, never a name."""
    padded = [*tokens, _END, _END]
    windows = zip(padded, padded[1:], padded[2:], padded[3:], padded[4:], strict=False)
    for (kind, name), equals, (value_kind, value), following, sign in windows:
        if kind == "word" and equals == ("sign", "=") and value_kind != "sign":
            alone = following == _END or (following[0] == "word" and sign == ("sign", "="))
            yield Pair(name=name.partition("/")[0], value=value, bare=value_kind == "word" and alone)


def _outside_comments(field: str) -> Iterator[tuple[str, str]]:
    """The kind (quoted, sign or word) and the text of each token that is not in a comment, nested as they may be.

    A quote that is never closed ends the field: no server writes one, and nothing behind it can be trusted.
    """
    depth = position = 0
    line = field[:FIELD_CHARACTERS]
    while (match := _TOKEN.search(line, position)) is not None:
        token, position = match[0], match.end()
        if depth:
            # In a comment quotes mean nothing, and a backslash hides the next character.
            depth += {"(": 1, ")": -1}.get(token, 0)
            position = match.end() if match["word"] else match.start() + (2 if token == "\\" else 1)
        elif token == "(":
            depth = 1
        elif token == '"':
            return
        elif match["quoted"] is not None:
            yield "quoted", match["quoted"]
        else:
            yield match.lastgroup or "word", token


def _dmarc(statement: Sequence[Pair], from_domain: str) -> Result:
    """A pass counts only for the very domain that stands in From."""
    said = statement[0].value
    domains = {_ascii(pair.value) for pair in statement[1:] if pair.name == "header.from"}
    if said == "pass":
        return "pass" if from_domain and domains == {_ascii(from_domain)} else "fail"
    return "fail" if said in _FAILED else "none"


def _aligned(statement: Sequence[Pair], domain: str) -> bool:
    """Whether DKIM or SPF passed for the domain in From, or one that it lies in.

    The sender chooses what stands before the ``@``, and a server may write it as it is: of
    ``kunde.example=x@evil.example`` the first word must not pass. So only bare words count, and all of them must agree.
    """
    method = statement[0]
    if method.value != "pass":
        return False
    named = ([pair for pair in statement[1:] if pair.name == name] for name in _PROOFS.get(method.name, ()))
    proofs = next(filter(None, named), [])
    return bool(proofs) and all(pair.bare and _covers(pair.value, domain) for pair in proofs)


def _covers(proven: str, domain: str) -> bool:
    """Whether the proven address or domain stands for a domain; a top-level domain stands for nobody."""
    owner = _ascii(proven.strip("<>").rpartition("@")[2])
    return bool(owner) and (domain == owner or ("." in owner and domain.endswith(f".{owner}")))


def _ascii(domain: str) -> str:
    """Lower case, in the letters of the DNS, without a dot at the end."""
    bare = domain.strip().lower().rstrip(".")
    try:
        return bare.encode("idna").decode() if not bare.isascii() else bare
    except UnicodeError:
        return bare
