"""The words of generated mails, and the ways in which mail programs write them down."""

from __future__ import annotations

import base64
import html
import quopri
import random
from collections.abc import Sequence
from dataclasses import dataclass

LINE_WORDS = 11


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


HUNGARIAN = _words(
    "nyomtató számla lapot húzza kérem tegnap villog ügyfél szoftver mentés kábel újraindítás után sem működik győri "
    "telephelyünkön őszintén szólva hétfőtől előfizetés módosítása árvíztűrő tükörfúrógép köszönjük sürgős"
)
POLISH = _words(
    "drukarka faktura proszę wczoraj miga klient oprogramowanie kopia zapasowa kabel łączność źródło zażółć gęślą jaźń "
    "dziękuję pilne nie działa po ponownym uruchomieniu umowa księgowość"
)
RUSSIAN = _words(
    "принтер счёт просим вчера мигает клиент программа резервная копия кабель связь срочно спасибо не работает после "
    "перезагрузки договор бухгалтерия съешь ещё этих мягких французских булок"
)
ENGLISH = _words(
    "printer invoice paper please yesterday blinking customer software backup cable since monday urgent thanks does "
    "not work after restart contract accounting quick brown fox jumps over lazy dog"
)


@dataclass(frozen=True, kw_only=True)
class Script:
    """A language with the charset and transfer encoding that its mail programs use."""

    words: Sequence[str]
    charset: str
    encoding: str


SCRIPTS = (
    Script(words=HUNGARIAN, charset="utf-8", encoding="quoted-printable"),
    Script(words=ENGLISH, charset="us-ascii", encoding="7bit"),
    Script(words=POLISH, charset="iso-8859-2", encoding="8bit"),
    Script(words=HUNGARIAN, charset="utf-8", encoding="8bit"),
    Script(words=RUSSIAN, charset="koi8-r", encoding="8bit"),
    Script(words=RUSSIAN, charset="utf-8", encoding="base64"),
    Script(words=HUNGARIAN, charset="iso-8859-2", encoding="8bit"),
    Script(words=POLISH, charset="utf-8", encoding="quoted-printable"),
)


def prose(chance: random.Random, script: Script, characters: int) -> str:
    """About so many characters of text, in lines, with an empty line now and then."""
    found: list[str] = []
    size = 0
    while size < characters or not found:
        line = " ".join(chance.choices(script.words, k=LINE_WORDS)).capitalize() + "."
        found.append(line)
        size += len(line) + 1
        if len(found) % 6 == 0:
            found.append("")
    return "\n".join(found).strip()


def quoted(text: str) -> str:
    """The text of an earlier mail as a mail program quotes it."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def as_html(new: str, history: str) -> str:
    """The same words as a mail program's HTML, the quoted mail in its usual cage."""
    cage = '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc">{}</blockquote>'
    lines = "".join(
        f'<p style="margin:0;font-family:Calibri,sans-serif">{_line(line)}</p>\n' for line in new.split("\n")
    )
    old = cage.format("<br>\n".join(_line(line) for line in history.split("\n"))) if history else ""
    return f"<html><head><style>p {{margin:0}}</style></head><body>{lines}{old}</body></html>"


def _line(line: str) -> str:
    return html.escape(line, quote=False) or "&nbsp;"


def part(kind: str, text: str, script: Script, name: str | None = None) -> bytes:
    """One leaf of a mail: its header and its encoded bytes."""
    raw = text.replace("\n", "\r\n").encode(script.charset)
    if script.encoding == "quoted-printable":
        raw = quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    elif script.encoding == "base64":
        raw = base64.encodebytes(raw).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{kind}; charset={script.charset}\r\nContent-Transfer-Encoding: {script.encoding}\r\n"
    if name is not None:
        head += f'Content-Disposition: attachment; filename="{name}"\r\n'
    return head.encode() + b"\r\n" + raw + b"\r\n"


def attachment(chance: random.Random, number: int, size: int) -> bytes:
    """A file of so many bytes that nobody can compress."""
    head = (
        f'Content-Type: application/pdf; name="scan-{number}.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="scan-{number}.pdf"\r\n\r\n'
    )
    return head.encode() + base64.encodebytes(chance.randbytes(size)).replace(b"\n", b"\r\n")


def multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """Several parts as one."""
    opened = b"".join(b"--" + boundary.encode() + b"\r\n" + each + b"\r\n" for each in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    return head.encode() + opened + b"--" + boundary.encode() + b"--\r\n"
