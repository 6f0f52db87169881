"""HTML of strangers: made harmless for showing, and made text for reading."""

from __future__ import annotations

import re
from html import unescape

import inscriptis
import lxml.html
import nh3
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError

from helpdesk.mail import text

DEPTH = 200  # nested elements above which libxml2 and inscriptis give up
_KEPT = {"class", "id", "style", "type", "hidden", "href", "src", "alt"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$)|max-height\s*:\s*0", re.IGNORECASE)
# What mail programs put around the mail that is answered.
_QUOTE_CLASSES = ("gmail_quote", "gmail_extra", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix", "zmail_extra", "tutanota_quote", "OutlookMessageHeader")
_QUOTE_IDS = ("divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container", "isReplyContent", "replysplit", "ms-outlook-mobile-body-separator-line")
_AND_ALL_BELOW = ("divRplyFwdMsg", "appendonsend", "ms-outlook-mobile-body-separator-line")
_BLOCK = re.compile(r"</?(?:p|div|br|tr|li|ul|ol|table|h[1-6]|blockquote|pre|hr|section|article)\b[^>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,20000}>")
_UNSEEN = re.compile(r"<(script|style|head|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLANKS = re.compile(r"\n{3,}")


def sanitised(markup: str) -> str:
    """HTML that does nothing: no scripts, handlers, styles, frames, forms, nor anything that is loaded from elsewhere."""
    return text.clean(nh3.clean(markup, tags=nh3.ALLOWED_TAGS - {"img", "map", "area"}, link_rel="noopener noreferrer nofollow"))


def to_text(markup: str) -> str:
    """What a person would read, with line ends where the eye sees them; hidden elements are left out."""
    if not markup.strip():
        return ""
    tree = _tree(markup)
    words = ""
    if tree is not None:
        _drop(tree, _is_hidden)
        try:
            words = inscriptis.Inscriptis(tree, ParserConfig(display_links=False)).get_text()
        except (LxmlError, ValueError, RecursionError, AttributeError, TypeError):
            words = ""
    if not text.visible(words):
        words = _bare(markup)
    lines = [line.rstrip().replace("\xa0", " ") for line in text.clean(words).split("\n")]
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")


def without_quotes(markup: str) -> str:
    """The HTML without the mail that is answered, where the writer's program has marked it."""
    tree = _tree(markup) if markup.strip() else None
    if tree is None:
        return markup
    _drop(tree, _is_quote)
    for mark in [element for element in tree.iter() if element.get("id") in _AND_ALL_BELOW]:
        _cut_below(mark)
    _drop(tree, lambda element: element.get("id") in _QUOTE_IDS)
    return str(lxml.html.tostring(tree, encoding="unicode"))


def _tree(markup: str) -> lxml.html.HtmlElement | None:
    cleaned = nh3.clean(markup, attributes={"*": _KEPT}, strip_comments=True, link_rel=None)
    if not cleaned.strip() or cleaned.count("<") > 50_000 or _too_deep(cleaned):
        return None
    try:
        return lxml.html.fromstring(f"<div>{cleaned}</div>")
    except (LxmlError, ValueError, RecursionError, AssertionError):
        return None


def _too_deep(markup: str) -> bool:
    depth = deepest = 0
    for match in re.finditer(r"<(/?)(?:div|blockquote|table|tr|td|ul|ol|li|span|font|b|i|p|em|strong)\b", markup):
        depth += -1 if match[1] else 1
        deepest = max(deepest, depth)
    return deepest > DEPTH


def _drop(tree: lxml.html.HtmlElement, unwanted: object) -> None:
    assert callable(unwanted)
    for element in [each for each in tree.iter() if isinstance(each.tag, str) and unwanted(each)]:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _is_quote(element: lxml.html.HtmlElement) -> bool:
    classes = (element.get("class") or "").split()
    cited = element.tag == "blockquote" and (element.get("type") or "").lower() == "cite"
    return cited or any(name in _QUOTE_CLASSES for name in classes)


def _cut_below(mark: lxml.html.HtmlElement) -> None:
    """Everything behind an element, also behind its ancestors, belongs to the history."""
    current = mark
    while current is not None and current.getparent() is not None:
        for later in list(current.itersiblings()):
            later.drop_tree()
        current.tail = None
        current = current.getparent()


def _bare(markup: str) -> str:
    without = _UNSEEN.sub(" ", markup)
    return unescape(_TAG.sub("", _BLOCK.sub("\n", without)))
