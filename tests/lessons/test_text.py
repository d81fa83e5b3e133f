"""The text of a lesson becomes markup that can do no harm, whatever was typed."""

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lessons.script import lines
from portal.lessons.text import markup, may_link_to, may_show, plain

ALLOWED = {
    *("p", "br", "hr", "strong", "em", "s", "blockquote", "ul", "ol", "li", "a", "img", "code"),
    *("pre", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("**重点**", "<p><strong>重点</strong></p>"),
        ("第一行\n第二行", "<p>第一行<br>\n第二行</p>"),
        ("# 标题", "<h2>标题</h2>"),
        ("- 一\n- 二", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
        ("> 引文", "<blockquote>\n<p>引文</p>\n</blockquote>"),
        ("<b>粗</b>", "<p>&lt;b&gt;粗&lt;/b&gt;</p>"),
        (
            "[主页](/lessons/)",
            '<p><a href="/lessons/" rel="noopener noreferrer">主页</a></p>',
        ),
        ("![合影](/materials/7/picture)", '<p><img src="/materials/7/picture" alt="合影"></p>'),
        ("![外面](https://example.org/a.png)", "<p>［图片：外面］</p>"),
        ("![](https://example.org/a.png)", "<p>［图片：没有说明］</p>"),
    ],
)
def test_marks_become_markup(source: str, wanted: str) -> None:
    assert markup(source).strip() == wanted


@pytest.mark.parametrize(
    ("source", "strong"),
    [
        ("一项一项录。**一个字也不能错。**看别人录很容易", "一个字也不能错。"),
        ("他说**“行了才算完”**才销号", "“行了才算完”"),
        ("请看**（附件）**再谈", "（附件）"),
        ("先画一张图**再说**", "再说"),
        ("a**b**c", "b"),
    ],
)
def test_stars_stand_beside_chinese_marks(source: str, strong: str) -> None:
    assert f"<strong>{strong}</strong>" in markup(source)


@pytest.mark.parametrize("source", ["2 * 3 * 4", "** 空 **", "一个*星", "a **(b)**c", "****"])
def test_stars_that_mark_nothing_stay(source: str) -> None:
    assert "<strong>" not in markup(source)
    assert "<em>" not in markup(source)


def test_headings_begin_below_the_title_and_leave_no_level_out() -> None:
    source = "### 先写三级\n\n# 一级\n\n#### 四级\n\n## 二级\n\n###### 六级"
    assert re.findall(r"<h(\d)>", markup(source)) == ["2", "2", "3", "3", "4"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//example.org/",
        "/\\example.org",
        "\\\\example.org",
        "https:///etc",
        "https://\\evil",
        "ftp://example.org/",
        "file:///etc/passwd",
        "mailto:a@example.org",
        "relative",
        "#top",
        "",
    ],
)
def test_links_lead_only_to_web_pages_and_own_pages(address: str) -> None:
    assert not may_link_to(address)
    assert not may_show(address)
    # The renderer writes a backslash as %5C: then it is a path of the portal like any other.
    assert re.findall('href="([^"]*)"', markup(f"[点我]({address})")) in ([], ["/%5Cexample.org"])
    assert "src" not in markup(f"![看我]({address})")


def test_pictures_are_those_of_the_portal() -> None:
    assert may_show("/materials/12/picture")
    assert may_show("/materials/12")
    for address in ("/materials/12/../../logout", "/events/1", "/materials/x", "/materials/1?x=1"):
        assert not may_show(address)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<svg/onload=alert(1)>",
        '[a](https://x "onmouseover=alert(1)")',
        '<https://x.example/"onclick=alert(1)>',
        '![a](/materials/1 "\\" onerror=alert(1)")',
        "```html\n<script>alert(1)</script>\n```",
        "[a]: javascript:alert(1)\n\n[a]",
        "&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e;",
    ],
)
def test_hostile_text_stays_text(source: str) -> None:
    assert_harmless(markup(source))


def assert_harmless(made: str) -> None:
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parseFragment(made, "div")
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in ALLOWED, element.tag
        assert set(element.attrib) <= {"href", "title", "rel", "src", "alt", "start"}
        assert may_link_to(element.get("href", "/"))
        assert element.tag != "img" or may_show(element.get("src", "/materials/1"))


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    *("<", ">", '"', "'", "[", "]", "(", ")", "!", "`", "*", "_", "\n", "&", "\\"),
                    *("<script>", "javascript:", "onerror=", "](", "![", "# ", "|", "---", "&#60;"),
                ]
            ),
            st.text(max_size=4),
        ),
        max_size=40,
    )
)
def test_whatever_is_typed_is_harmless(parts: list[str]) -> None:
    assert_harmless(markup("".join(parts)))
    plain("".join(parts))


def test_words_without_marks_are_found() -> None:
    source = "# 三方**联席**\n\n- 看 [台账](/sites/1)\n\n```\n原样\n```"
    words = plain(source)
    assert "三方联席" in words
    assert "看 台账" in words
    assert "原样" in words
    assert "**" not in words
    assert "/sites/1" not in words


def test_on_paper_every_paragraph_item_and_row_is_a_line() -> None:
    source = """# 一、来历

**第一段**，
另起一行。

3. 先看
4. 后谈
   - 谈什么

| 站点 | 分钟 |
|---|---|
| 书屋 | 20 |

![合影](/materials/7/content)

> 一句话

```
原样
```
"""
    found = [(line.words, line.is_heading) for line in lines(source)]
    assert found == [
        ("一、来历", True),
        ("第一段，", False),
        ("另起一行。", False),
        ("3. 先看", False),
        ("4. 后谈", False),
        ("· 谈什么", False),
        ("站点　｜　分钟", False),
        ("书屋　｜　20", False),
        ("合影", False),
        ("一句话", False),
        ("原样", False),
    ]
    assert lines("") == []


@given(st.text(alphabet="#*-1. |\n>`[]()!字a", max_size=60))
def test_no_text_is_too_odd_for_paper(source: str) -> None:
    for line in lines(source):
        assert line.words
        assert "\n" not in line.words
