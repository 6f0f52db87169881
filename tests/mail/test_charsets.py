"""Bytes become the text that was meant, whatever the mail says of its character set."""

from __future__ import annotations

import pytest

from helpdesk.mail import charsets
from helpdesk.mail.charsets import codec, decode

HUNGARIAN = "Nem működik a nyomtató, őszintén kérem a segítségüket."
RUSSIAN = "Здравствуйте, принтер не работает уже второй день."


@pytest.mark.parametrize(
    ("words", "written", "declared"),
    [
        (HUNGARIAN, "utf-8", "utf-8"),
        (HUNGARIAN, "utf-8", "us-ascii"),
        (HUNGARIAN, "utf-8", "iso-8859-1"),
        (HUNGARIAN, "utf-8", "utf-7"),
        (HUNGARIAN, "utf-8", None),
        (HUNGARIAN, "cp1250", "windows-1250"),
        (HUNGARIAN, "cp1250", "x-cp1250"),
        (HUNGARIAN, "iso-8859-2", "iso-8859-2"),
        (HUNGARIAN, "cp1250", None),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "koi8-r", None),
        (RUSSIAN, "cp1251", None),
        (RUSSIAN, "cp1251", "utf-8"),
        ("“quoted” – text", "cp1252", "iso-8859-1"),
        ("プリンタ", "iso-2022-jp", "iso-2022-jp"),
        ("打印机", "gb18030", "gb2312"),
        ("打印机", "big5", "big5"),
    ],
)
def test_text_is_read_as_it_was_meant(words: str, written: str, declared: str | None) -> None:
    """Declared rightly, wrongly, or not at all."""
    if written == "big5":
        words = "印表機"
    assert decode(words.encode(written), declared) == words


@pytest.mark.parametrize("name", ["x-foo", "", "\0", "idna", "rot13", "undefined", "hex", "punycode", "a" * 5000, "é"])
def test_a_name_that_is_no_character_set_is_none(name: str) -> None:
    """Python knows some of these as codecs; none makes text of a mail, none may raise (C62)."""
    assert codec(name) is None
    assert decode("Éva".encode(), name) == "Éva"


@pytest.mark.parametrize("declared", ["utf-16", "utf-32", "iso-2022-jp", "hz", "utf-8", "cp932"])
def test_broken_bytes_are_replaced_not_refused(declared: str) -> None:
    """Something can always be shown."""
    assert isinstance(decode(b"\xff\xfe\x00\xd8 \x1b$B\xff", declared), str)


def test_the_hint_is_asked_before_a_guess() -> None:
    """A header with raw bytes is in the character set of its body."""
    assert decode("ő".encode("iso-8859-2"), None, "iso-8859-2") == "ő"


@pytest.mark.parametrize("word", ["árvíz", "漢字", "😀", "a", "aé漢😀"])
@pytest.mark.parametrize("characters", [1, 2, 3, 10])
def test_a_long_text_is_cut_between_characters(word: str, characters: int) -> None:
    """Half a character of UTF-8 would make it look like another set; enough is left."""
    assert (word * 99).startswith(cut := charsets.cut((word * 99).encode(), characters).decode())
    assert len(cut) >= characters
    assert charsets.cut(b"x" * 4 * characters, characters) == b"x" * 4 * characters


WORDS = "お世話になっております。($5)"


def test_iso_2022_jp_is_recognised_by_its_escapes() -> None:
    """Old programs declare nothing, or US-ASCII."""
    assert decode(WORDS.encode("iso-2022-jp"), None) == WORDS
    assert decode(WORDS.encode("iso-2022-jp"), "us-ascii") == WORDS


def test_iso_2022_jp_is_read_without_its_escape_characters() -> None:
    """Some servers take control characters out of a mail."""
    assert decode(WORDS.encode("iso-2022-jp").replace(b"\x1b", b""), "iso-2022-jp") == WORDS
    assert decode(b"a $Bill (B", "us-ascii") == "a $Bill (B"


@pytest.mark.parametrize("piece", ["$B", "$B$", "(B$B!", "$@a(J"])
def test_a_million_bytes_that_might_be_japanese_are_read_at_once(piece: str) -> None:
    """The time grows with the length and not faster."""
    assert decode((piece * 400_000).encode() + b"(B", "iso-2022-jp")
