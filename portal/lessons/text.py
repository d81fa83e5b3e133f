"""The text of a lesson: Markdown in, clean markup out; nothing typed becomes markup by itself.

Tags that somebody types are shown as text. What the renderer makes is cleaned once more, so
that a fault in it opens nothing. Links lead to http, https and the portal's own pages;
pictures come from the portal alone (the page's policy would refuse all others anyway).
"""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as usual_emphasis
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markupsafe import Markup

from portal.people.characters import is_han

# The page's title is its only h1: what is written with one mark begins at h2.
HIGHEST, LOWEST = 2, 6
_OWN_PAGE = re.compile(r"/(?![/\\])[^\s\\]*")
_WEB_PAGE = re.compile(r"https?://[^\s/\\][^\s]*", re.IGNORECASE)
_CHINESE_MARK = re.compile("[\u3000-\u303f\uff00-\uffef\u2018-\u201d\u2014\u2026\u00b7]")
_OWN_PICTURE = re.compile(r"/materials/[0-9]{1,9}(?:/[a-z0-9_-][a-z0-9_.-]*)*", re.IGNORECASE)

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


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Let stars open and close beside Chinese too: 错。**一个字**也不行.

    The usual rule takes 。 or ” for the edge of a word, as in writing with spaces between
    words, and leaves the stars standing. Here only punctuation that is not Chinese counts.
    """
    if silent or state.src[state.pos] != "*":
        return usual_emphasis(state, silent)
    start, end = state.pos, state.pos
    while end < state.posMax and state.src[end] == "*":
        end += 1
    before = state.src[start - 1] if start else " "
    behind = state.src[end] if end < state.posMax else " "
    opens = _is_edge(behind, before)
    closes = _is_edge(before, behind)
    for _ in range(end - start):
        state.push("text", "", 0).content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"),
                length=end - start,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    state.pos = end
    return True


def _is_edge(inner: str, outer: str) -> bool:
    """Return whether emphasis may begin (or end) between these two characters."""
    if isWhiteSpace(ord(inner)):
        return False
    outside = isWhiteSpace(ord(outer)) or _is_foreign_mark(outer) or _is_chinese(outer)
    return not _is_foreign_mark(inner) or outside


def _is_foreign_mark(character: str) -> bool:
    is_mark = isMdAsciiPunct(ord(character)) or isPunctChar(character)
    return is_mark and not _is_chinese(character)


def _is_chinese(character: str) -> bool:
    return is_han(character) or bool(_CHINESE_MARK.fullmatch(character))


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    reader.enable(["table", "strikethrough"])
    reader.inline.ruler.at("emphasis", _emphasis)
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


def pictures(source: str) -> list[int]:
    """Return the ids of the materials that the text shows, in their order."""
    found: dict[int, None] = {}
    for token in _READER.parse(source):
        for child in token.children or []:
            address = str(child.attrs.get("src", "")) if child.type == "image" else ""
            if may_show(address):
                found[int(address.split("/")[2])] = None
    return list(found)


@lru_cache(maxsize=256)
def plain(source: str) -> str:
    """Return the words of a text without its marks: for searching and for short extracts."""
    found: list[str] = []
    for token in tokens(source):
        found.append(words(token))
        if token.type in {"fence", "code_block"}:
            found.append(token.content)
        if token.block and token.nesting < 1:
            found.append("\n")
    return "".join(found).strip()


def tokens(source: str) -> list[Token]:
    """Return the text as the reader takes it apart, for whoever puts it on paper."""
    return _READER.parse(source)


def words(token: Token) -> str:
    """Return the words of a token's line: a break is a new line, a picture what it shows."""
    return "".join(
        "\n" if child.type in {"softbreak", "hardbreak"} else child.content
        for child in token.children or []
    )
