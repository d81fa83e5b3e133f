"""The text of a lesson: Markdown in, clean markup out; nothing typed becomes markup by itself.

Tags that somebody types are shown as text. What the renderer makes is cleaned once more, so
that a fault in it opens nothing. Links lead to http, https and the portal's own pages;
pictures come from the portal alone (the page's policy would refuse all others anyway).
"""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# The page's title is its only h1: what is written with one mark begins at h2.
HIGHEST, LOWEST = 2, 6
_OWN_PAGE = re.compile(r"/(?![/\\])[^\s\\]*")
_WEB_PAGE = re.compile(r"https?://[^\s/\\][^\s]*", re.IGNORECASE)
_OWN_PICTURE = re.compile(r"/materials/[0-9]+(?:/[a-z0-9_-][a-z0-9_.-]*)*", re.IGNORECASE)

_TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "blockquote", "ul", "ol", "li", "a", "img"),
    *("h2", "h3", "h4", "h5", "h6", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}


def may_link_to(address: str) -> bool:
    """Return whether a text may lead there: the web by http(s), or a page of the portal."""
    return bool(_WEB_PAGE.fullmatch(address) or _OWN_PAGE.fullmatch(address))


def may_show(address: str) -> bool:
    """Return whether a text may show the picture: a material of the portal."""
    return bool(_OWN_PICTURE.fullmatch(address))


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    reader.enable(["table", "strikethrough"])
    reader.validateLink = may_link_to  # type: ignore[method-assign, assignment]
    return reader


_READER = _reader()


@lru_cache(maxsize=64)
def markup(source: str) -> Markup:
    """Return the markup of a text; the same text is put into words once."""
    tokens = _READER.parse(source)
    _set_headings_below_the_title(tokens)
    for token in tokens:
        token.children = [_shown(child) for child in token.children or []] or token.children
    made = _READER.renderer.render(tokens, _READER.options, {})
    cleaned = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    return Markup(cleaned)  # noqa: S704  cleaned by an allow-list one line above


def _set_headings_below_the_title(tokens: list[Token]) -> None:
    """Begin at h2, and never leave a level out, whatever marks were typed."""
    level = HIGHEST - 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) + HIGHEST - 1, level + 1, LOWEST)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}"


def _shown(token: Token) -> Token:
    """Keep a picture of the portal; any other is a text that says what it was."""
    if token.type != "image" or may_show(str(token.attrs.get("src", ""))):
        return token
    return Token("text", "", 0, content=f"［图片：{token.content or '没有说明'}］")


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("a", "href"):
        return value if may_link_to(value) else None
    if (tag, attribute) == ("img", "src"):
        return value if may_show(value) else None
    return value


def plain(source: str) -> str:
    """Return the words of a text without its marks: for searching and for short extracts."""
    words: list[str] = []
    for token in _READER.parse(source):
        for child in token.children or []:
            if child.type in {"softbreak", "hardbreak"}:
                words.append("\n")
            elif child.content:
                words.append(child.content)
        if token.type in {"fence", "code_block"}:
            words.append(token.content)
        if token.block and token.nesting < 1:
            words.append("\n")
    return "".join(words).strip()
