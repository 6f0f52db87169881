"""Readers of mails in files: every mail once, byte for byte, in order, however big the file is."""

from __future__ import annotations

import io
import mailbox
import os
import sys
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.errors import UsageError
from helpdesk.inbox import files, mbox
from helpdesk.inbox.files import BATCH_BYTES, BATCH_MAILS, Found, batches, read_all

POSTMARK = b"From eva@kunde.example Mon Mar  2 09:00:00 2026\n"
DELIVERED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def mail(number: int, body: bytes = b"Hello.\n") -> bytes:
    """A mail with line ends as files have them."""
    return b"From: eva@kunde.example\nSubject: %d\n\n" % number + body


def written(path: Path, content: bytes) -> str:
    """A file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return str(path)


def read(*paths: Path | str) -> list[tuple[str, bytes]]:
    """Sources and bytes of what is found."""
    return [(found.source, found.raw) for found in read_all(map(str, paths))]


def refused(paths: Iterable[str]) -> tuple[list[Found], str]:
    """What is found before the complaint, and the complaint."""
    found: list[Found] = []
    with pytest.raises(UsageError) as complaint:
        found.extend(read_all(paths))
    return found, str(complaint.value)


@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff\r\rno mail", mail(1), mail(1).replace(b"\n", b"\r\n"), POSTMARK + mail(1)]
)
def test_an_eml_file_is_one_mail_byte_for_byte(tmp_path: Path, raw: bytes) -> None:
    """Whatever is in it; what is no mail is found out later."""
    path = written(tmp_path / "a.eml", raw)
    assert read(path) == [(path, raw)]


def test_paths_come_in_the_order_given_and_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also ``./b.eml``, and a file that is named twice."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.eml", "b.eml"):
        written(tmp_path / name, mail(1))
    assert [source for source, _ in read("./b.eml", "a.eml", "./b.eml")] == ["./b.eml", "a.eml", "./b.eml"]


def test_a_folder_gives_its_mails_by_name_and_nothing_else(tmp_path: Path) -> None:
    """With the folders in it; notes, hidden files and links that lead round in a circle are left out."""
    names = ["1", "a.eml", "b/c.EML", "b/d/e.eml", "z.eml"]
    for name in (*names, "a.toml", "README", ".hidden.eml", ".git/x.eml"):
        written(tmp_path / name, mail(1))
    (tmp_path / "b" / "round").symlink_to(tmp_path)
    assert [source for source, _ in read(f"{tmp_path}/")] == [f"{tmp_path}/{name}" for name in names]


def test_names_that_are_no_letters_are_read(tmp_path: Path) -> None:
    """File names are bytes; old archives have names in Latin-2."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/k\xe9p.eml")
    written(Path(path), mail(1))
    assert read(tmp_path) == [(path, mail(1))]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_an_mbox_gives_each_mail_as_it_was(tmp_path: Path, end: bytes) -> None:
    """With a number behind the name, and the time of delivery; the empty line behind a mail is the mbox's own."""
    mails = [mail(number).replace(b"\n", end) for number in (1, 2, 3)]
    path = written(tmp_path / "old", b"".join(POSTMARK.replace(b"\n", end) + each + end for each in mails))
    found = list(read_all([path]))
    assert [(each.source, each.raw) for each in found] == [(f"{path}#{n}", raw) for n, raw in enumerate(mails, 1)]
    assert {each.received for each in found} == {DELIVERED}


@pytest.mark.parametrize(
    ("inside", "original"),
    [
        (b">From here on it works.\n", b"From here on it works.\n"),
        (b">>From here on it works.\n", b">From here on it works.\n"),
        (b"> From here on it works.\n", b"> From here on it works.\n"),
        (b"\nFrom Monday on at 10:00 it works.\n", b"\nFrom Monday on at 10:00 it works.\n"),
        (b"x" * 3_000_000 + b">From x\n", b"x" * 3_000_000 + b">From x\n"),
    ],
    ids=["quoted", "quoted twice", "a reply", "not quoted", "a long line"],
)
def test_words_of_a_mail_are_no_separator(tmp_path: Path, inside: bytes, original: bytes) -> None:
    """Quoting is undone by one level (mboxrd); a line without a date begins no mail."""
    path = written(tmp_path / "a.mbox", POSTMARK + mail(1, inside) + b"\n" + POSTMARK + mail(2) + b"\n")
    assert read(path) == [(f"{path}#1", mail(1, original)), (f"{path}#2", mail(2))]


@pytest.mark.parametrize(
    "postmark",
    [
        b"From - Mon Mar  2 09:00:00 2026\n",
        b"From 1790000000000@xxx Mon Mar 02 09:00:00 +0000 2026\n",
        b"From MAILER-DAEMON Mon Mar  2 10:00:00 2026 +0100\n",
        b"From eva@kunde.example Mon Mar  2 09:00 2026 remote from kunde\n",
    ],
)
def test_the_postmarks_of_many_programs_are_known(tmp_path: Path, postmark: bytes) -> None:
    """Thunderbird, Google, and what Unix has seen in forty years."""
    path = written(tmp_path / "a.mbox", (postmark + mail(1) + b"\n") * 2)
    found = list(read_all([path]))
    assert [(each.raw, each.received) for each in found] == [(mail(1), DELIVERED)] * 2


def test_a_mail_is_not_lost_where_the_empty_line_is_missing(tmp_path: Path) -> None:
    """A postmark before a header field begins a mail; before words it does so only behind an empty line."""
    path = written(tmp_path / "a.mbox", POSTMARK + mail(1) + POSTMARK + mail(2, b"He wrote:\n" + POSTMARK + b"words\n"))
    assert read(path) == [(f"{path}#1", mail(1)), (f"{path}#2", mail(2, b"He wrote:\n" + POSTMARK + b"words\n"))]


def test_what_the_standard_library_wrote_is_read(tmp_path: Path) -> None:
    """Another program's mbox, with a line that had to be quoted."""
    raws = [mail(number, b"From here\n") for number in range(5)]
    box = mailbox.mbox(tmp_path / "a.mbox")
    for raw in raws:
        box.add(raw)
    box.close()
    assert [raw for _, raw in read(tmp_path / "a.mbox")] == raws


def test_an_empty_mbox_holds_no_mail(tmp_path: Path) -> None:
    """Unlike an empty .eml file."""
    assert read(written(tmp_path / "a.mbox", b"")) == []


class Endless(io.RawIOBase):
    """An mbox without end, as long as somebody reads."""

    def __init__(self) -> None:
        self.lines = self._lines()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as io calls it
        line = next(self.lines)
        buffer[: len(line)] = line
        return len(line)

    @staticmethod
    def _lines() -> Iterator[bytes]:
        while True:
            yield POSTMARK
            yield from mail(1, b"x" * 70 + b"\n").splitlines(keepends=True)
            yield b"\n"


def test_a_large_mbox_is_never_in_memory() -> None:
    """Thousands of mails pass with the memory of some."""
    members = mbox.members(io.BufferedReader(Endless()))
    tracemalloc.start()
    for _ in range(3_000):
        next(members)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize("start", [b"", POSTMARK])
def test_something_too_large_for_a_mail_is_left_out_and_told(tmp_path: Path, start: bytes) -> None:
    """The rest is read."""
    large = written(tmp_path / "large", start + mail(1))
    os.truncate(large, mbox.LARGEST_BYTES + 1_000)
    small = written(tmp_path / "small.eml", mail(2))
    found, complaint = refused([large, small])
    assert [each.source for each in found] == [small]
    assert large in complaint
    assert "too large for a mail" in complaint


def test_a_maildir_gives_read_and_new_mails_by_time(tmp_path: Path) -> None:
    """With its sub-folders, named in the way of Maildir++ or lying inside each other; tmp is nobody's business."""
    names = [
        "cur/1772442000.M1P1.host:2,S",
        "new/1772442001.M1P1.host",
        "cur/1772442002.M1P1.host:2,",
        ".Archive.2025/cur/1700000000.M1P1.host:2,S",
        "Old/new/1600000000.M1P1.host",
    ]
    for folder in (".", ".Archive.2025", "Old"):
        for part in ("cur", "new", "tmp"):
            (tmp_path / folder / part).mkdir(parents=True, exist_ok=True)
    for name in (*names, "tmp/1772442003.M1P1.host", "dovecot.index", "Old/subscriptions"):
        written(tmp_path / name, mail(1))
    found = list(read_all([str(tmp_path)]))
    assert [each.source for each in found] == [f"{tmp_path}/{name}" for name in names]
    assert found[0].received == DELIVERED


def test_a_large_folder_is_read_in_order_a_part_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never are more names in memory than a part has; the order is that of all of them."""
    monkeypatch.setattr(files, "NAMES", 3)
    paths = [written(tmp_path / f"{number:02}.eml", mail(number)) for number in range(9)]
    assert [each.source for each in read_all([str(tmp_path)])] == paths
    (tmp_path / "09.eml").write_bytes(mail(9))
    assert len(list(read_all([str(tmp_path)]))) == 10


def test_what_cannot_be_read_is_told_when_it_is_met(tmp_path: Path) -> None:
    """To whoever wants to hear of it; then nothing is raised at the end."""
    (tmp_path / "a.eml").symlink_to("nowhere")
    written(tmp_path / "b.eml", mail(1))
    told: list[files.Problem] = []
    assert len(list(read_all([str(tmp_path)], told.append))) == 1
    assert [problem.source for problem in told] == [f"{tmp_path}/a.eml"]


def test_the_size_of_all_files_is_known_before(tmp_path: Path) -> None:
    """Of those that would be read."""
    (tmp_path / "notes.txt").write_bytes(b"x" * 1_000)
    paths = [written(tmp_path / name, mail(1)) for name in ("a.eml", "b.mbox")]
    assert files.size_of([str(tmp_path), paths[0], "-"]) == 3 * len(mail(1))


def test_one_half_of_a_maildir_can_be_named(tmp_path: Path) -> None:
    """``cur`` and ``new`` hold mails only, whatever their names."""
    path = written(tmp_path / "cur" / "1772442000.M1P1.host:2,S", mail(1))
    assert read(tmp_path / "cur") == [(path, mail(1))]


def test_standard_input_is_one_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the mail server puts a postmark before it, and the mail has lines that look like one."""
    raw = POSTMARK + mail(1, b"\n" + POSTMARK + b"X: y\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert read("-") == [("-", raw)]


def test_a_path_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    """All of them at once, each in a sentence."""
    there = written(tmp_path / "a.eml", mail(1))
    found, complaint = refused([there, f"{tmp_path}/b.eml", f"{tmp_path}/c"])
    assert found == []
    assert complaint.splitlines() == [
        f"{tmp_path}/b.eml cannot be read: No such file or directory.",
        f"{tmp_path}/c cannot be read: No such file or directory.",
    ]


def test_what_cannot_be_read_inside_a_folder_is_told_after_the_rest(tmp_path: Path) -> None:
    """Nothing is lost because of it."""
    (tmp_path / "a.eml").symlink_to(tmp_path / "gone")
    path = written(tmp_path / "b.eml", mail(1))
    found, complaint = refused([str(tmp_path)])
    assert [each.source for each in found] == [path]
    assert complaint == f"{tmp_path}/a.eml cannot be read: No such file or directory."


def test_a_folder_without_mail_is_told(tmp_path: Path) -> None:
    """It is probably another folder than the one that was meant."""
    written(tmp_path / "notes.txt", b"x")
    assert "holds no mail" in refused([str(tmp_path)])[1]


def test_batches_are_limited_by_count_and_size() -> None:
    """So that they are well kept in memory; a large mail goes alone."""
    small = [Found(source=str(number), raw=b"x") for number in range(BATCH_MAILS + 1)]
    large = [Found(source="large", raw=bytes(BATCH_BYTES))]
    assert [len(batch) for batch in batches(small + large + small[:1])] == [BATCH_MAILS, 1, 1, 1]


def test_the_last_batch_is_not_lost_when_something_cannot_be_read() -> None:
    """It comes before the complaint."""

    def broken() -> Iterator[Found]:
        yield Found(source="a", raw=b"x")
        raise UsageError

    given = batches(broken())
    assert [found.source for found in next(given)] == ["a"]
    with pytest.raises(UsageError):
        next(given)


@pytest.mark.parametrize(("sign", "what"), [(b"\x89PNG\r\n", "a picture"), (b"%PDF-1.7\n", "a PDF document")])
def test_what_is_no_mail_is_refused_in_a_sentence(tmp_path: Path, sign: bytes, what: str) -> None:
    """Somebody took the wrong file; nothing is made of it."""
    file = tmp_path / "picture.eml"
    file.write_bytes(sign + bytes(1000))
    with pytest.raises(UsageError, match=f"is no mail but {what}"):
        list(read_all([str(file)]))
