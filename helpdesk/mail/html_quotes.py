"""The new words of a mail that is HTML only: what the writer's program marked as quoted is taken out of the tree."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from helpdesk.mail import html, introductions, quotes, text
from helpdesk.mail.phrases import attributions

STAND_IN = ">"

# Containers of the mail that is answered, by class, by id, by name.
_CLASSES = {
    *("gmail_quote", "gmail_quote_container", "gmail_extra", "yahoo_quoted", "protonmail_quote", "zmail_extra"),
    *(
        "tutanota_quote",
        "ntes-mailmaster-quote",
        "OutlookMessageHeader",
        "moz-forward-container",
        "mail_quote",
        "yahoo-quoted",
        "zimbraQuote",
    ),
    *("email_quote", "ms-outlook-mobile-reference-message", "mail-quote", "hmmessage-quote", "yj6qo", "rps_quoted"),
}
_IDS = {
    *("isReplyContent", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container", "reply-intro", "replysplit"),
    *("yahoo_quoted", "oriMsgHtmlSeperator", "isForwardContent", "reply_head"),
}
_NAMES = {"quote", "messageReplySection"}
# Marks behind which everything is history, wherever they stand.
_ALL_BELOW = {
    *("divRplyFwdMsg", "appendonsend", "ms-outlook-mobile-body-separator-line", "stopSpelling", "x_divRplyFwdMsg"),
    *("x_appendonsend", "mail-editor-reference-message-separator"),
}
_ATTRIBUTION_CLASSES = {"gmail_attr", "moz-cite-prefix", "protonmail_quote-header", "moz-email-headers-table"}
_SIGNATURE_CLASSES = {"gmail_signature", "moz-signature", "protonmail_signature_block", "x_gmail_signature"}
_SIGNATURE_IDS = {
    "Signature",
    "ms-outlook-mobile-signature",
    "ymail_android_signature",
    "x_Signature",
    "AppleMailSignature",
    "ntes-pcmac-signature",
}


def new_words(whole: str, read: HtmlElement | None, *, answers: bool = False) -> str:
    """What the person wrote now; "" when it cannot be told from the mail that is answered.

    ``answers`` says that it answers one: then a plain quotation at the end is that mail.
    ``whole`` is everything as text, ``read`` the tree that it was made of (`html.reading`), which is left as it is.
    """
    if read is None:
        return quotes.new_words(whole)
    for words in _readings(whole, copy.deepcopy(read), answers=answers):
        if text.visible(new := _without_stand_ins(quotes.new_words(words))):
            return new
    return ""


def signatures(read: HtmlElement) -> list[str]:
    """The words that the writer's program marked as his signature, without those of mails that he quotes."""
    own = copy.deepcopy(read)
    _cut_quotations(own, answers=True)
    found = _found(own, _is_signature)
    for element in found:
        element.tail = None
    return [html.text_of(element) for element in found]


def _readings(whole: str, read: HtmlElement, *, answers: bool) -> Iterator[str]:
    """The words without quotations and signature, then with more of both; each is made only when it is wanted."""
    with_signature = html.text_of(read) if _cut_quotations(read, answers=answers) else whole
    signatures = _found(read, _is_signature)
    for element in signatures:
        html.drop(element)
    if signatures:
        yield html.text_of(read)
    yield with_signature
    yield whole


def _cut_quotations(read: HtmlElement, *, answers: bool) -> bool:
    """Take out of the tree what is marked as quoted; whether there was anything."""
    cuts = (
        (_is_separator, _cut_below),
        (_is_container, _take_out),
        (_is_attribution, html.drop),
        (_is_cited, _stand_in),
        (_is_last if answers else _is_introduced, _stand_in),
    )
    some = False
    for wanted, cut in cuts:
        for element in _found(read, wanted):
            some = True
            cut(element)
    return some


def _is_introduced(element: HtmlElement) -> bool:
    """A plain blockquote, which may also be the writer's own, below an attribution or with one inside."""
    if element.tag != "blockquote":
        return False
    first = next((line for line in element.itertext() if line.strip()), "").strip()
    return any(attributions.attributes(line, quoted_below=True) for line in (_line_above(element), first))


def _is_last(element: HtmlElement) -> bool:
    """In an answer also one at the end of everything; what the writer announces with a colon is his."""
    if element.tag != "blockquote" or _is_introduced(element):
        return bool(element.tag == "blockquote")
    above = _line_above(element)
    ends = not any(map(text.visible, element.xpath("following::text()")))
    return ends and bool(above) and above[-1] not in ":\uff1a"


def _line_above(element: HtmlElement) -> str:
    return next((str(line) for line in reversed(element.xpath("preceding::text()")) if line.strip()), "").strip()


def _stand_in(quoted: HtmlElement) -> None:
    """A lone quote mark in the place of what was quoted: the rules for text find the line above it by that."""
    _replace(quoted, STAND_IN)


def _replace(element: HtmlElement, words: str) -> None:
    parent = element.getparent()
    if parent is not None:
        line = parent.makeelement("div")
        line.text, line.tail = words, element.tail
        parent.replace(element, line)


def _without_stand_ins(words: str) -> str:
    lines = [line for line in words.split("\n") if line.strip() != STAND_IN]
    return "\n".join(lines).strip("\n")


def _found(read: HtmlElement, wanted: object) -> list[HtmlElement]:
    assert callable(wanted)
    return [each for each in read.iter() if isinstance(each.tag, str) and wanted(each)]


def _classes(element: HtmlElement) -> Iterable[str]:
    return (element.get("class") or "")[:500].split()


def _is_separator(element: HtmlElement) -> bool:
    return element.get("id") in _ALL_BELOW


def _is_container(element: HtmlElement) -> bool:
    named = element.get("id") in _IDS or element.get("name") in _NAMES
    return named or not _CLASSES.isdisjoint(_classes(element))


def _is_cited(element: HtmlElement) -> bool:
    return element.tag == "blockquote" and (element.get("type") or "").lower() == "cite"


def _is_attribution(element: HtmlElement) -> bool:
    return not _ATTRIBUTION_CLASSES.isdisjoint(_classes(element))


def _is_signature(element: HtmlElement) -> bool:
    return element.get("id") in _SIGNATURE_IDS or not _SIGNATURE_CLASSES.isdisjoint(_classes(element))


def _take_out(container: HtmlElement) -> None:
    """The quotation goes; what was written between quoted paragraphs of it stays, as answers."""
    quoted = [each for each in container.iter("blockquote") if each is not container]
    if container.getparent() is None:
        return
    answers = "\n".join(_between(container)) if len(quoted) and container.tag != "blockquote" else ""
    parent, tail = container.getparent(), container.tail
    if not text.visible(answers):
        container.drop_tree()
        return
    kept = parent.makeelement("pre")
    kept.text, kept.tail = answers, tail
    parent.replace(container, kept)


def _between(container: HtmlElement) -> Iterator[str]:
    """The lines inside the container that are neither cited nor introduce a quotation."""
    for element in _found(container, _is_attribution):
        html.drop(element)
    for element in [each for each in container.iter("blockquote") if each is not container]:
        _stand_in(element)
    lines = html.text_of(container).split("\n")
    found = quotes.history(lines)
    own = lines[: found.start]
    if found.kind in (quotes.Kind.ATTRIBUTION, quotes.Kind.NONE):
        own += lines[found.end :]
    yield from (line for line in own if not introductions.quoted(line))


def _cut_below(mark: HtmlElement) -> None:
    """Everything behind an element, also behind its ancestors, belongs to the history."""
    current: HtmlElement | None = mark
    while current is not None and current.getparent() is not None:
        parent = current.getparent()
        for later in list(current.itersiblings()):
            parent.remove(later)
        current.tail = None
        current = parent
    html.drop(mark)
