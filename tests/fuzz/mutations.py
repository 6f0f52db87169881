"""Ways to spoil a mail as attackers, broken programs and bad lines do; each makes another mail of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parents[1] / "corpus"
Way = Callable[[bytes, Random], bytes]
CORPUS: Sequence[bytes] = [
    file.read_bytes() for file in (*sorted(FOLDER.glob("*.eml")), *sorted(FOLDER.glob("hostile/*.eml")))
]
LARGEST = 60_000  # bytes; larger ones cost time and show nothing new, what is large has cases of its own
FLOODS = (2_000, 10_000, LARGEST)  # bytes of one line again and again
WAYS_A_MAIL = 4
REPEATS = (2, 5, 50, 600)  # of a piece: around the limits of depth and parts

PIECES = (
    *(b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\n\n", b"\xff", b"\x80", b"\xed\xa0\x80", b"\xef\xbf\xbf"),
    *(b"\x1b[2J", b"\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"=", b"=?", b"?=", b"=?utf-8?b?"),
    *(b"=?utf-8?q?=00?=", b"=\r\n", b"=00", b"%00", b"\t", b" ", b"--", b"--seam\r\n", b"--b1--\r\n"),
    *(b"Content-Type: ", b"Content-Type: text/html\r\n\r\n", b"multipart/mixed; boundary=", b"boundary="),
    *(b"message/rfc822", b"message/delivery-status", b"multipart/report", b"text/calendar; method=REQUEST"),
    *(b"charset=", b"; name*0*=", b"filename*=", b"<", b">", b"<>", b"(", b")", b'"', b"\\", b",", b";", b":"),
    *(b"@", b"@@", b"From: ", b"From ", b"> ", b"-- \r\n", b"wrote:\r\n> "),
    *(b"On Mon, 2 Mar 2026, Eva wrote:\r\n", b"-----Original Message-----\r\n", b"[HD-1042]"),
    *(b"[HD-99999999999]", b"#close\r\n", b"<t.1042.abcd@x>", b"<div>", b"<!--", b"-->", b"<blockquote>"),
    *(b"</html>", b"&#0;", b"&#xd800;", b"&nbsp;", b"<style>", b"<![CDATA[", b"begin 644 a\r\n"),
)  # fmt: skip
CHARSETS = (
    *("utf-8", "utf-7", "utf-16", "utf-16-le", "utf-32", "iso-2022-jp", "iso-2022-kr", "hz", "big5", "gb18030"),
    *("koi8-r", "cp1250", "iso-8859-2", "us-ascii", "x-foo", "", "idna", "punycode", "rot13", "hex"),
    *("undefined", "unicode_escape", "raw_unicode_escape", "utf-8\0", "mbcs", "base64", "utf_8_sig", '"utf-8'),
    *("utf-8;", "=?utf-8?q?utf-8?=", "unknown-8bit"),
)  # fmt: skip
ENCODINGS = ("7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "binary", "x-foo", "", "base64;", '"base64"')
TYPES = (
    *("text/plain", "text/html", "multipart/mixed; boundary=seam", "multipart/alternative; boundary=seam"),
    *("multipart/related", "multipart/digest; boundary=seam"),
    *("multipart/report; report-type=delivery-status; boundary=seam", "message/rfc822"),
    *("message/delivery-status", "message/partial", "message/external-body", "text/calendar; method=REPLY"),
    *("application/ms-tnef", "multipart/signed; boundary=seam", "text/rfc822-headers", "image/png", "", "/"),
    *("text", "TEXT/PLAIN; CHARSET=UTF-8"),
)  # fmt: skip
WRAPPERS = ("mixed", "alternative", "related", "digest", "report; report-type=delivery-status", "signed")
BOUNDARIES = (b"", b"b", b"seam", b"--", b'"', b"seam2", b"x" * 80, b"\xff", b"=", b"(a)", b"a b", b" ")

_BOUNDARY = re.compile(rb'boundary="?[^\r\n";]*"?', re.IGNORECASE)
_CHARSET = re.compile(rb'charset="?[^\r\n";]*"?', re.IGNORECASE)
_ENCODING = re.compile(rb"(?<=\nContent-Transfer-Encoding:)[^\r\n]*", re.IGNORECASE)
_TYPE = re.compile(rb"(?<=\nContent-Type:)[^\r\n;]*", re.IGNORECASE)
_SEAM = re.compile(rb"^--[^\r\n]*\r?\n", re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")


def mutated(raw: bytes, ways: Sequence[tuple[Way, int]]) -> bytes:
    """The mail after these ways, one after another, each with a number that decides where and how."""
    for way, seed in ways:
        raw = way(raw, Random(seed))[:LARGEST]
    return raw


def at_random(raw: bytes, random: Random) -> bytes:
    """The same with some ways at random."""
    return mutated(raw, [(random.choice(WAYS), random.getrandbits(32)) for _ in range(random.randint(1, WAYS_A_MAIL))])


def overwrite(raw: bytes, random: Random) -> bytes:
    """Some bytes become others, or a piece of some mail."""
    at, length = _place(raw, random), random.randint(0, 12)
    return raw[:at] + _piece(random) + raw[at + length :]


def cut_out(raw: bytes, random: Random) -> bytes:
    """A stretch is missing."""
    start, end = sorted((_place(raw, random), _place(raw, random)))
    return raw[:start] + raw[end:]


def truncate(raw: bytes, random: Random) -> bytes:
    """The rest never came."""
    return raw[: _place(raw, random)]


def repeat(raw: bytes, random: Random) -> bytes:
    """A stretch comes again and again."""
    at = _place(raw, random)
    end = min(len(raw), at + random.randint(1, 400))
    return raw[:at] + raw[at:end] * random.choice(REPEATS) + raw[end:]


def flood(raw: bytes, random: Random) -> bytes:
    """Nothing but one line of it, with a piece in front or behind."""
    head, body = _halves(raw)
    line = random.choice(body.splitlines() or [b"x"])[:300]
    line = random.choice(
        (line, _piece(random) + line, line + _piece(random), _piece(random) * random.randint(1, 60) + line)
    )
    return head + b"\r\n\r\n" + (line + b"\r\n") * (random.choice(FLOODS) // (len(line) + 2))


def bad_bytes(raw: bytes, random: Random) -> bytes:
    """NUL, bare CR or eight bits here and there."""
    for _ in range(random.randint(1, 5)):
        at = _place(raw, random)
        raw = raw[:at] + random.choice((b"\0", b"\r", b"\n", b"\xff", b"\x9b", b"\xc3")) + raw[at:]
    return raw


def line_ends(raw: bytes, random: Random) -> bytes:
    """All of one kind, or no end behind the header."""
    ends = random.choice((b"\n", b"\r", b"\r\n", b"\n\r", b"\r\r\n"))
    return raw.replace(b"\r\n", b"\n").replace(b"\n", ends)


def field_twice(raw: bytes, random: Random) -> bytes:
    """A field of the header, or of another mail's, stands there once more."""
    return _with_fields(
        raw, lambda fields: fields.insert(_index(fields, random), random.choice(_any_fields(fields, random)))
    )


def field_gone(raw: bytes, random: Random) -> bytes:
    """A field is missing."""
    return _with_fields(raw, lambda fields: fields.pop(_index(fields[1:], random)))


def fields_in_another_order(raw: bytes, random: Random) -> bytes:
    """As servers may write them."""
    return _with_fields(raw, random.shuffle)


def field_spoilt(raw: bytes, random: Random) -> bytes:
    """A value becomes something else, or ends early."""

    def spoil(fields: list[bytes]) -> None:
        number = _index(fields[1:], random)
        name, _, value = fields[number].partition(b":")
        at = _place(value, random)
        fields[number] = name + b":" + value[:at] + _piece(random) + random.choice((value[at:], b""))

    return _with_fields(raw, spoil)


def spliced(raw: bytes, random: Random) -> bytes:
    """The header of one mail, the body of another; or any two halves."""
    other = random.choice(CORPUS)
    if random.random() < 0.5:
        return _halves(raw)[0] + b"\r\n\r\n" + _halves(other)[1]
    return raw[: _place(raw, random)] + other[_place(other, random) :]


def other_boundary(raw: bytes, random: Random) -> bytes:
    """What was declared does not stand between the parts, or twice."""
    return _one(_BOUNDARY, b'boundary="' + random.choice(BOUNDARIES) + random.choice((b'"', b"")), raw, random)


def other_seam(raw: bytes, random: Random) -> bytes:
    """A line between parts is missing, doubled, changed, or the last one comes early."""
    seams = [match.group() for match in _SEAM.finditer(raw)] or [b"--seam\r\n"]
    chosen = random.choice(seams)
    lines = (b"", chosen * 2, chosen.rstrip() + b"--\r\n", b"-" + chosen, random.choice(seams), chosen + b"\r\n")
    return _one(_SEAM, random.choice(lines), raw, random)


def other_charset(raw: bytes, random: Random) -> bytes:
    """Another character set is declared than was used."""
    return _one(_CHARSET, b"charset=" + random.choice(CHARSETS).encode(), raw, random)


def other_encoding(raw: bytes, random: Random) -> bytes:
    """Another transfer encoding."""
    return _one(_ENCODING, b" " + random.choice(ENCODINGS).encode(), raw, random)


def other_type(raw: bytes, random: Random) -> bytes:
    """A part calls itself something else."""
    return _one(_TYPE, b" " + random.choice(TYPES).encode(), raw, random)


def nested(raw: bytes, random: Random) -> bytes:
    """The mail inside others, as a part or attached, once or many times."""
    head = b"From: outer@x.example\r\nSubject: outer\r\nMIME-Version: 1.0\r\n"
    for level in range(random.choice((1, 1, 2, 3, 10, 35))):
        seam = b"seam%d" % random.choice((level, 0))
        kind = random.choice(WRAPPERS).encode()
        inner = raw if random.random() < 0.5 else b"Content-Type: message/rfc822\r\n\r\n" + raw
        outer = head + b"Content-Type: multipart/" + kind + b"; boundary=" + seam + b"\r\n\r\n"
        raw = outer + b"--" + seam + b"\r\n" + inner + b"\r\n--" + seam + b"--\r\n"
    return raw


WAYS: Sequence[Way] = (
    *(overwrite, overwrite, cut_out, truncate, repeat, flood, bad_bytes, line_ends),
    *(field_twice, field_gone, fields_in_another_order, field_spoilt, field_spoilt),
    *(spliced, other_boundary, other_seam, other_charset, other_encoding, other_type, nested),
)


def _place(raw: bytes, random: Random) -> int:
    return random.randint(0, len(raw))


def _piece(random: Random) -> bytes:
    return random.choice(PIECES)


def _index(values: Sequence[object], random: Random) -> int:
    return random.randint(0, len(values))


def _halves(raw: bytes) -> tuple[bytes, bytes]:
    """The header block and the body."""
    found = _END.search(raw)
    return (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")


def _any_fields(fields: Sequence[bytes], random: Random) -> Sequence[bytes]:
    return fields if random.random() < 0.5 else _halves(random.choice(CORPUS))[0].splitlines() or fields


def _with_fields(raw: bytes, change: Callable[[list[bytes]], object]) -> bytes:
    """The header with its lines changed; a folded line goes alone, as in a mail that was damaged."""
    head, body = _halves(raw)
    fields = head.splitlines() or [b"X: y"]
    change(fields)
    return b"\r\n".join(fields) + b"\r\n\r\n" + body


def _one(pattern: re.Pattern[bytes], words: bytes, raw: bytes, random: Random) -> bytes:
    """One of the places that fit becomes something else; without any nothing does."""
    found = list(pattern.finditer(raw))
    if not found:
        return raw
    match = random.choice(found)
    return raw[: match.start()] + words + raw[match.end() :]
