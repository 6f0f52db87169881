"""A mail that somebody passed on: who wrote it, when, about what, and what the forwarder says; inline or attached."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from helpdesk.mail import addresses, charsets, dates, html, introductions, quotes, shown_dates, structure, text
from helpdesk.mail.headers import Fields
from helpdesk.mail.message import Address, Forwarded
from helpdesk.mail.phrases import attributions, fields, separators
from helpdesk.mail.phrases.footers import PHONE, RULE
from helpdesk.mail.structure import Node, Part

READ = 200_000  # characters that are looked through for a forwarded mail
HEAD_LINES = 24  # of the forwarded header; more is body
BLANKS = 4  # blank lines that programs leave between the separator and the header
NAME_CHARACTERS = 120

# A field that nobody needs, as programs show them that show all: ``X-Mailer: Mutt``.
_OTHER_FIELD = re.compile(r"[A-Z][A-Za-z0-9]{0,20}(?:-[A-Za-z0-9]{1,20}){1,5}: \S")
_QUOTE = re.compile(r"(?:>\s?)+|\s{4}")
_SHOWN_ADDRESS = re.compile(r"[\[<(]\s?(?:mailto:)?([^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]{1,255})[\]>)]", re.IGNORECASE)
_QUOTED_NAME = re.compile(r"[\"„“«]([^\"“”«»]{1,100})[\"“”»]\s?\(?$")
_AROUND_NAME = " \"'„“”«»*("
_LINKED = re.compile(r"<mailto:[^<>]{0,300}>", re.IGNORECASE)
# Fields that stand behind each other on one line when a program makes text of its HTML. Without a space between them
# only a capital letter begins one: "Asunto:" is not the end of "Asun" and "to:".
_NAMES = "|".join(sorted(map(re.escape, fields.names()), key=lambda name: (-len(name), name)))
_CAPITAL = "|".join(
    re.escape(name[0].upper() + name[1:]) for name in sorted(fields.names(), key=lambda n: (-len(n), n))
)
_GLUED = re.compile(rf"(?<=\S)(?:\s+(?=(?i:{_NAMES})\s?:\s)|(?=(?:{_CAPITAL})\s?:\s))")


def read(subject: str, full: str, parts: Sequence[Part]) -> Forwarded | None:
    """The forwarded mail, None when nothing was forwarded."""
    lines = full[:READ].split("\n")
    said = separators.FORWARD_SUBJECT.match(subject) is not None and not _finnish_answer(subject, full)
    start = _separator(lines)
    if start is not None and (found := _inline(lines, start, start + 1) or _attributed(lines, start)) is not None:
        return found
    if said and (found := _by_headers(lines) or _by_attribution(lines)) is not None:
        return found
    return _attached(full, parts) if said or not text.visible(full) else None


def _finnish_answer(subject: str, full: str) -> bool:
    """``VS:`` stands before a forwarded mail in Danish and Norwegian, and before an answer in Finnish."""
    return separators.AMBIGUOUS.match(subject) is not None and separators.FINNISH.search(full[:READ]) is not None


def _separator(lines: Sequence[str]) -> int | None:
    """The first line that says so, unless the history of an answer begins above it."""
    for number, line in enumerate(lines):
        if not separators.may_separate(line) or len(line) > quotes.LINE_CHARACTERS:
            continue
        if separators.forwards(line) and not _reply_above(lines, number):
            return number
    return None


def _reply_above(lines: Sequence[str], number: int) -> bool:
    above = quotes.history(lines[:number])
    return above.kind is not quotes.Kind.NONE or any(
        introductions.quoted(line) for line in lines[max(0, number - 3) : number]
    )


def _by_headers(lines: Sequence[str]) -> Forwarded | None:
    for number, line in enumerate(lines):
        if line.strip() and (separators.separates(line) or quotes.header_block(lines, number)):
            return _inline(lines, number, number + 1 if separators.separates(line) else number)
    return None


def _by_attribution(lines: Sequence[str]) -> Forwarded | None:
    """Some programs write ``On Monday, Éva <eva@kunde.example> wrote:`` above what they forward."""
    found = quotes.history(lines)
    if found.kind is not quotes.Kind.ATTRIBUTION:
        return None
    return _introduced(lines, found.start, found.start, found.end)


def _attributed(lines: Sequence[str], start: int) -> Forwarded | None:
    """A separator at ``start`` with an attribution below it in the place of fields."""
    first = next((number for number in range(start + 1, len(lines)) if lines[number].strip()), len(lines))
    end = introductions.attribution(lines, first, introductions.ends(lines[: first + introductions.ATTRIBUTION_LINES]))
    return _introduced(lines, start, first, end) if end is not None else None


def _introduced(lines: Sequence[str], start: int, first: int, end: int) -> Forwarded | None:
    """A mail that begins at ``start`` and whose attribution stands from ``first`` to ``end``."""
    line = " ".join(lines[first:end])
    address = _SHOWN_ADDRESS.search(line)
    if address is None:
        return None
    name = _shown_name(line[: address.start()])
    return Forwarded(
        sender=Address(name=text.one_line(name) or None, address=address[1]),
        date=shown_dates.read(line),
        subject="",
        text=_body(lines[end:]),
        comment=_comment(lines[:start]),
    )


def _shown_name(before: str) -> str:
    """The name in ``Am 2.3.2026, 9:00 schrieb "Éva Kis" <``, without the words around it."""
    if quoted_name := _QUOTED_NAME.search(before):
        return quoted_name[1]
    last = re.split(r"[,:„\"«]|\s{2,}", before)[-1]
    dated = re.sub(r"^.*?\d[\d.:]*\s+(?:\w{1,14}\s)?(?=\D{2,60}$)", "", last)
    return attributions.without_verb(dated).strip(" \"'”»,(")


def _inline(lines: Sequence[str], start: int, head: int) -> Forwarded | None:
    """What stands below a separator at ``start``, with the header from ``head`` on."""
    separator = separators.forwards(lines[start])
    glued = separator["rest"].strip(" -_=*\u2010\u2011\u2013\u2014") if separator and separator["rest"] else ""
    expanded = [*([glued] if ":" in glued else []), *lines[head:]]
    first = 0
    while first < len(expanded) and first <= BLANKS and not expanded[first].strip("> \t"):
        first += 1
    split = _unglued(expanded[first]) if first < len(expanded) else []
    values, body = _head([*split, *expanded[first + 1 :]])
    if not {"from", "subject"} & values.keys():
        return None
    return Forwarded(
        sender=_sender(values.get("from", "")),
        date=shown_dates.read(values.get("date", "")),
        subject=text.one_line(values.get("subject", "")),
        text=_body(body),
        comment=_comment(lines[: quotes.with_rule(lines, start)]),
    )


def _unglued(line: str) -> list[str]:
    """``From: a To: b Subject: c`` as three lines, when one line has three fields."""
    split = _GLUED.split(line[: quotes.LINE_CHARACTERS]) if line.count(":") >= 3 else [line]
    return split if len(split) >= 3 else [line]


def _head(lines: Sequence[str]) -> tuple[dict[str, str], Sequence[str]]:
    """The fields by meaning, and the lines below them."""
    values: dict[str, str] = {}
    last = ""
    for number, line in enumerate(lines[:HEAD_LINES]):
        bare = line.strip("> \t\xa0")
        shown = fields.shown(line)
        if shown is not None or (values and _OTHER_FIELD.match(bare)):
            last, value = shown or ("other", "")
            values.setdefault(last, value)
        elif not bare:
            if _complete(values) or not _field_follows(lines, number):
                return values, lines[number + 1 :]
        elif last and (not values[last] or _goes_on(last, bare, lines[number + 1 : number + 2])):
            values[last] = f"{values[last]} {bare}".strip()
        else:
            return values, lines[number:]
    return values, lines[HEAD_LINES:]


def _complete(values: Mapping[str, str]) -> bool:
    return {"from", "subject", "to"} <= values.keys() and all(values.values())


def _field_follows(lines: Sequence[str], number: int) -> bool:
    following = next((line for line in lines[number : number + 3] if line.strip("> \t")), "")
    return fields.shown(following) is not None


def _goes_on(last: str, bare: str, following: Sequence[str]) -> bool:
    """Whether a line without a name belongs to the field above it: more recipients, the rest of a long subject."""
    if last == "subject":
        return any(fields.shown(line) is not None for line in following)
    return last in ("to", "cc", "from") and ("@" in bare or bare.endswith((";", ",")))


def _body(lines: Sequence[str]) -> str:
    """The forwarded words, without the quote marks before them; a mailer may have broken long lines without a mark."""
    lines = _without_end(lines)
    said = [line for line in lines if line.strip()]
    marked = sum(_QUOTE.match(line) is not None for line in said)
    if said and _QUOTE.match(said[0]) and marked * 2 >= len(said):
        lines = [line[match.end() :] if (match := _QUOTE.match(line)) else line for line in lines]
    return "\n".join(lines).strip()


def _without_end(lines: Sequence[str]) -> Sequence[str]:
    """Some programs write below the forwarded mail that it ends here, or draw a line."""
    last = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), None)
    ends = last is not None and (separators.FORWARD_ENDS.match(lines[last]) or RULE.match(lines[last]))
    return lines[:last] if ends else lines


def _comment(lines: Sequence[str]) -> str:
    """What the forwarder says; a telephone's own line alone is nothing."""
    above = "\n".join(lines).strip()
    return quotes.new_words(above) if above and not PHONE.match(above) else ""


def _sender(value: str) -> Address | None:
    """The author; where only a name is shown there is no address to be had."""
    line = _LINKED.sub("", value[: quotes.LINE_CHARACTERS]) if "<mailto:" in value and value.count("@") > 1 else value
    shown = _SHOWN_ADDRESS.search(line[: quotes.LINE_CHARACTERS])
    if shown is None:
        found = addresses.read([line], 1)
        return found[0] if found else None
    name = text.one_line(line[: shown.start()].strip(_AROUND_NAME)[:NAME_CHARACTERS])
    return Address(name=name if name and name.lower() != shown[1].lower() else None, address=shown[1])


def _attached(full: str, parts: Sequence[Part]) -> Forwarded | None:
    for part in parts:
        inner = structure.inside(part.message) if part.type in structure.MAILS else []
        if inner:
            return _of_message(inner[0], full)
    return None


def _of_message(message: Node, comment: str) -> Forwarded:
    values = Fields(message)
    found = addresses.read(values.raw("from"), 1)
    return Forwarded(
        sender=found[0] if found else None,
        date=dates.read(values.first("date")),
        subject=values.decoded("subject"),
        text=_words(message),
        comment=quotes.new_words(comment),
    )


def _words(message: Node) -> str:
    """The text of the attached mail; it is read, but never obeyed."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and not part.is_multipart():
            data = charsets.cut(structure.payload(part), READ)
            words = text.clean(charsets.decode(data, structure.parameter(part, "charset")))
            return (words if kind == "text/plain" else html.to_text(words)).strip()[:READ]
    return ""
