"""From bytes to text when the declared character set may be missing, unknown or a lie; never raises."""

from __future__ import annotations

import codecs
import re

# Names that mailers write, and the codec that reads what they meant (WHATWG Encoding, and what is seen in mail).
_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-ir-6": "utf-8",
    "646": "utf-8",
    "7bit": "utf-8",
    "8bit": "utf-8",
    "binary": "utf-8",
    "default": "utf-8",
    "none": "utf-8",
    "unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "x-unknown": "utf-8",
    "default_charset": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode": "utf-16",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "8859_1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "x-ansi": "cp1252",
    "ansi": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "cn-big5": "cp950",
    "x-x-big5": "cp950",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc-jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-ce": "mac-latin2",
    "x-mac-centraleurroman": "mac-latin2",
    "x-mac-cyrillic": "mac-cyrillic",
    "koi8-ru": "koi8-u",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
}
# Python has these as text codecs, but they are tricks rather than character sets.
_TRICKS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}
_TRICKS |= {"rot13", "rot-13", "hex", "base64", "quopri", "uu", "zlib", "bz2"}
_WINDOWS_OF = {"iso8859-2": "cp1250", "iso8859-15": "cp1252", "iso8859-7": "cp1253", "iso8859-13": "cp1257"}
_WIN = re.compile(r"(?:x-)?(?:windows|win|cp|ibm)[-_]?([0-9]{3,4})")
# Bytes that are letters of Polish, Hungarian and their neighbours in windows-1250 and signs in windows-1252.
_CENTRAL = re.compile(rb"[\x8c\x8d\x8f\x9c\x9d\x9f\xa3\xa5\xaf\xb3\xb9\xbe\xbf\xd5\xdb\xf5\xfb]")
_WESTERN = re.compile(rb"[\xc3\xe3\xe5\xf1\xf8\xe6]")
_C1 = re.compile(rb"[\x80-\x9f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_ISO_2022_JP = "iso2022_jp_ext"
_JAPANESE = re.compile(rb"\x1b\$[@B](?:[\x21-\x7e]{2})+\x1b\([BJ]")
# Always ends, at the latest with the line, so that no text makes it begin again and again.
_BARE_JAPANESE = re.compile(
    rb"\$([@B])((?:[\x21-\x7e]{2})*?)(?:\([BJ]|(?=[^\x21-\x7e]|\Z)|([\x21-\x7e])(?=[^\x21-\x7e]|\Z))"
)
CHARACTER_BYTES = 4  # of the longest characters in UTF-8, UTF-16, UTF-32 and GB 18030
_SAMPLE = 20_000  # bytes looked at for a guess; more tell nothing new


def decode(data: bytes, declared: str | None, hint: str | None = None) -> str:
    """The text: as declared if that can be, else as UTF-8, else ``hint``, else by a guess; U+FFFD for the rest."""
    name = codec(declared)
    if b"$" in data and (text := _japanese(data, name)) is not None:
        return text
    high = not data.isascii()
    # UTF-8 is recognised beyond doubt; one-byte sets that hold it were declared by mistake.
    first = "utf-8" if high and (name is None or _single_byte(name)) else name
    if first and (text := _strict(data, first)) is not None:
        return text
    for candidate in (_windows(name, data) if high else name, "utf-8", codec(hint)):
        if candidate and (text := _strict(data, candidate)) is not None:
            return text
    if name and name != "utf-8":
        return _loose(data, name)
    return data.decode("utf-8", "replace") if _mostly_utf8(data) else _loose(data, guess(data))


def _japanese(data: bytes, name: str | None) -> str | None:
    """Text of ISO-2022-JP that is declared as nothing, or whose escape characters a server has taken away."""
    if name in (None, "utf-8") and _JAPANESE.search(data):
        return _strict(data, _ISO_2022_JP)
    if name == _ISO_2022_JP and b"\x1b" not in data and (b"(B" in data or b"(J" in data):
        return _strict(_BARE_JAPANESE.sub(b"\x1b$\\1\\2\x1b(B\\3", data), _ISO_2022_JP)
    return None


def cut(data: bytes, characters: int) -> bytes:
    """Bytes enough for so many characters of any set; no character of UTF-8 is cut, since that tells it from others."""
    end = characters * CHARACTER_BYTES
    if len(data) <= end:
        return data
    while end > characters * CHARACTER_BYTES - CHARACTER_BYTES and 0x80 <= data[end] < 0xC0:
        end -= 1
    return data[:end]


def codec(declared: str | None) -> str | None:
    """The Python codec for a declared character set; None when there is none that makes text."""
    if not declared:
        return None
    name = declared.strip(" \t\r\n\"'").lower()
    name = _ALIASES.get(name, name)
    if (match := _WIN.fullmatch(name)) is not None:
        name = f"cp{match[1]}"
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if found in _TRICKS else found


def _windows(name: str | None, data: bytes) -> str | None:
    """The Windows set when the declared ISO one has only control characters where the mail has bytes."""
    return _WINDOWS_OF.get(name, name) if name and _C1.search(data) else name


def guess(data: bytes) -> str:
    """The likeliest codec of eight-bit text that is no UTF-8."""
    sample = data[:_SAMPLE]
    high = _HIGH.findall(sample)
    if len(high) > len(_ASCII_LETTER.findall(sample)):
        # Mostly high bytes: Cyrillic. Small letters, the most, stand in the lower half of koi8-r's high bytes, in the
        # upper half of cp1251's.
        lower = sum(1 for byte in high if 0xC0 <= byte[0] <= 0xDF)
        return "koi8-r" if lower > len(high) * 0.6 else "cp1251"
    if len(_CENTRAL.findall(sample)) > len(_WESTERN.findall(sample)):
        return "cp1250"
    return "cp1252"


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, ValueError, LookupError):
        return None


def _loose(data: bytes, name: str) -> str:
    try:
        return data.decode(name, "replace")
    except (UnicodeError, ValueError, LookupError):
        return data.decode("latin-1")


def _single_byte(name: str) -> bool:
    """Whether each byte is a character (or none) by itself, so that a failure means a lie rather than a cut."""
    return name.startswith(("cp125", "iso8859", "koi8", "mac", "cp874", "cp85", "cp86", "cp437"))


def _mostly_utf8(data: bytes) -> bool:
    """Whether nearly all high bytes are UTF-8 sequences: UTF-8 that was cut or damaged at a few places."""
    text = data[:_SAMPLE].decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for character in text if character > "\x7f") - wrong
    return right > 2 * wrong
