"""HTML of strangers: made harmless for showing, and made text for reading."""

from __future__ import annotations

import re
from html import unescape

import nh3
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError
from lxml.html import HtmlElement, fromstring

from helpdesk.mail import text

DEPTH = 200  # nested elements above which libxml2 and inscriptis give up
CLEANED_DEPTH = 1_000  # of HTML that is cleaned at all: that takes quadratic time in the depth
ELEMENTS = 50_000  # of one mail; a tree of more costs seconds
PLACES = 300  # cells of a row, or columns of a table, beyond which drawing a table takes too long

# What a tree for reading needs to know of an element, to find quotations and hidden text.
_KEPT = {"class", "id", "style", "type", "hidden", "href", "alt", "name"}
_SHOWN_TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area"}
_UNREAD = {"script", "style", "title"}
STYLE = 2_000  # characters of a style that are looked at
_NOTHING = r"0?\.?0+(?:px|pt|r?em|%)?\s{0,3}(?:!\s?important\s?)?(?:;|$)"
_HIDDEN = re.compile(
    r"display\s?:\s?none|visibility\s?:\s?hidden|mso-hide\s?:\s?all"
    rf"|(?<![\w-])(?:max-height|opacity)\s?:\s?{_NOTHING}",
    re.IGNORECASE,
)
# The size of letters, also where all of a font is set at once; of a size relative to nothing there is nothing left.
_SIZE = re.compile(
    r"(?<![\w-])font(?:-size\s?:\s?|\s?:[^;]{0,80}?(?<![\w.#-])(?=[\d.]{1,8}[a-z%]|0[\s/]))([\d.]{1,8})([a-z%]{0,4})",
    re.IGNORECASE,
)
_NAMED_SIZE = re.compile(r"(?<![\w-])font-size\s?:\s?(?:x{0,3}-?small|medium|x{0,3}-?large)\b", re.IGNORECASE)
_RELATIVE = ("em", "%", "ex", "ch")
_MARK = re.compile(r"<(/?)([a-z][a-z0-9:-]{0,20})", re.IGNORECASE)
# Elements that hold nothing, or that the next of their kind closes.
_UNNESTED = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
    *("p", "li", "td", "th", "tr", "dd", "dt", "option", "tbody", "thead"),
}
_BLOCK = re.compile(
    r"</?(?:p|div|br|tr|li|ul|ol|table|h[1-6]|blockquote|pre|hr|section|article)\b[^<>]{0,2000}>", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]{1,5000}>")
_UNSEEN_TAGS = re.compile(r"<(/?)(script|style|head|title)\b[^<>]{0,2000}>", re.IGNORECASE)
_BLANKS = re.compile(r"\n{3,}")
_UNREADABLE = (LxmlError, ValueError, RecursionError, AssertionError, AttributeError, TypeError, IndexError)


def sanitised(markup: str) -> str:
    """HTML that does nothing: no scripts, handlers, styles, frames, forms, nothing that is loaded from elsewhere.

    "" for HTML that nobody wrote to be read: nested so deep that cleaning it would take minutes.
    """
    if _too_deep(markup, CLEANED_DEPTH):
        return ""
    return text.clean(nh3.clean(markup, tags=_SHOWN_TAGS, link_rel="noopener noreferrer nofollow"))


def to_text(markup: str) -> str:
    """What a person would read, with line ends where the eye sees them; hidden elements are left out."""
    return reading(markup)[0]


def reading(markup: str) -> tuple[str, HtmlElement | None]:
    """The same with the tree that it was made of, None where there is none; both are dear, so that they are kept."""
    if not markup.strip():
        return "", None
    read = tree(markup)
    words = _of_tree(read) if read is not None else ""
    return _tidy(words if text.visible(words) else _bare(markup)), read


def tree(markup: str) -> HtmlElement | None:
    """The elements that carry text, hidden ones left out; None for what is too large or broken to be read as a tree."""
    if _too_deep(markup, CLEANED_DEPTH):
        return None
    cleaned = nh3.clean(markup, attributes={"*": _KEPT}, strip_comments=True, link_rel=None, clean_content_tags=_UNREAD)
    # Control characters that were written as &#1; are read, but cannot be moved in the tree.
    cleaned = text.clean(cleaned)
    if not cleaned.strip() or cleaned.count("<") > ELEMENTS or _too_deep(cleaned, DEPTH):
        return None
    try:
        read = fromstring(f"<div>{cleaned}</div>")
    except _UNREADABLE:
        return None
    for element in [each for each in read.iter() if _is_hidden(each)]:
        drop(element)
    _drop_tiny(read)
    return read


def text_of(read: HtmlElement) -> str:
    """The words of a tree."""
    return _tidy(_of_tree(read))


def drop(element: HtmlElement) -> None:
    """Take an element with all that is in it out of its tree, but for the text behind it."""
    if element.getparent() is not None:
        element.drop_tree()


def _too_deep(markup: str, limit: int) -> bool:
    """Whether elements stand deeper inside each other; a closing tag counts where its element is open."""
    if markup.count("<") <= limit:
        return False
    opened: dict[str, int] = {}
    depth = 0
    for match in _MARK.finditer(markup):
        name = match[2].lower()
        if name in _UNNESTED:
            continue
        if not match[1]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
        elif opened.get(name, 0):
            opened[name] -= 1
            depth -= 1
        if depth > limit:
            return True
    return False


def _of_tree(read: HtmlElement) -> str:
    if any(len(row) > PLACES for row in read.iter("tr")):
        return str(read.text_content())
    try:
        return str(Inscriptis(read, ParserConfig(css=CSS_PROFILES["strict"], display_links=False)).get_text())
    except _UNREADABLE:
        return str(read.text_content())


def _is_hidden(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return False
    return element.get("hidden") is not None or bool(_HIDDEN.search((element.get("style") or "")[:STYLE]))


def _drop_tiny(read: HtmlElement) -> None:
    """Take out the words whose letters have no height.

    Newsletters set that on every cell, and the real size on what stands in it: so such an element stays, without its
    own words, where something in it has a size.
    """
    sizes = {element: size for element in read.iter() if (size := _has_size(element)) is not None}
    if all(sizes.values()):
        return
    around: set[HtmlElement] = set()
    for element in (element for element, sized in sizes.items() if sized):
        above = element.getparent()
        while above is not None and above not in around:
            around.add(above)
            above = above.getparent()
    tiny: set[HtmlElement] = set()
    for element in list(read.iter()):
        within = element.getparent() in tiny
        if sizes.get(element, not within):
            continue
        tiny.add(element)
        element.text = None
        for inner in element:
            inner.tail = None
    for element in tiny - around:
        drop(element)


def _has_size(element: HtmlElement) -> bool | None:
    """Whether it sets a size of its own that can be seen; None where that depends on what it stands in."""
    style = (element.get("style") or "")[:STYLE] if isinstance(element.tag, str) else ""
    if "font" not in style.lower():
        return None
    found = _SIZE.findall(style)
    if not found:
        return True if _NAMED_SIZE.search(style) else None
    number, unit = found[-1]
    if not number.strip("0."):
        return False
    return None if unit.lower() in _RELATIVE else True


def _tidy(words: str) -> str:
    lines = [line.rstrip() for line in text.clean(words).replace("\xa0", " ").split("\n")]
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")


def _bare(markup: str) -> str:
    """The text between the tags, for HTML that no tree can be made of."""
    seen: list[str] = []
    position, hidden = 0, ""
    for match in _UNSEEN_TAGS.finditer(markup):
        if not hidden:
            seen.append(markup[position : match.start()])
        name = match[2].lower()
        if not hidden and not match[1]:
            hidden = name
        elif hidden == name and match[1]:
            hidden = ""
        position = match.end()
    if not hidden:
        seen.append(markup[position:])
    return unescape(_TAG.sub("", _BLOCK.sub("\n", " ".join(seen))))
