"""A 接龙 pasted on a phone: matched, the doubtful asked about, confirmed; with scripts off too."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]

# Three members of 汕头路 are called so; nobody is called like the third line.
NAMESAKE, STRANGER = "张敏", "赵新来"


def _asked(template: Path) -> tuple[int, str]:
    """An event of 汕头路 that takes sign-ups, and a member whose name nobody else there has."""
    with closing(sqlite3.connect(template / "portal.sqlite")) as database:
        (event_id,) = database.execute(
            "SELECT id FROM event WHERE title LIKE '%第四讲%' ORDER BY starts_at"
        ).fetchone()
        (name,) = database.execute(
            """SELECT person.name FROM person
               JOIN membership ON membership.person_id = person.id
               JOIN organisation ON organisation.id = membership.organisation_id
               WHERE organisation.path LIKE '%/ZHL-01/%' AND membership.kind = 'primary'
               AND person.id NOT IN (SELECT person_id FROM signup WHERE event_id = ?)
               AND length(person.name) = 3
               GROUP BY person.name HAVING count(*) = 1 ORDER BY person.id""",
            [event_id],
        ).fetchone()
    return event_id, name


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_chain_pasted_on_a_phone_is_matched_asked_about_and_confirmed(
    own_demo: str, demo_template: Path, visit: Visit, scripts: bool
) -> None:
    event_id, known = _asked(demo_template)
    page = visit(own_demo, "secretary", size="phone", scripts=scripts)
    page.goto(f"/events/{event_id}/signups/add")
    page.get_by_role("link", name="粘贴名单或接龙").click()
    chain = f"#接龙\n第四讲报名\n1. {known} 🌹\n2、{NAMESAKE}\n3. {STRANGER}\n4. {known}\n谢谢大家"
    page.get_by_label("名单或接龙").fill(chain)
    page.get_by_role("button", name="核对名单").click()

    expect(page.get_by_role("heading", name="核对名单")).to_be_visible()
    expect(page.get_by_text("还没有报名。名册里对上 1 人")).to_be_visible()
    expect(page.locator("[data-verdict=certain] input")).to_be_checked()
    expect(page.get_by_text(f"{known}写了两次，只报一次")).to_be_visible()
    doubtful = page.locator("[data-verdict=doubtful]")
    expect(doubtful).to_have_count(1)
    expect(doubtful.get_by_role("radio", name="这一行先不报名")).to_be_checked()
    # Nothing is cut off or has to be pushed sideways, and everything can be hit by a thumb.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for choice in page.locator(".signup-list .choice").all():
        box = choice.bounding_box()
        assert box is not None
        assert box["height"] >= 44

    doubtful.get_by_role("radio", name=re.compile(f"^{NAMESAKE}.*第二党支部")).check()
    page.locator("[data-verdict=unknown]").get_by_role("checkbox").check()
    page.get_by_role("button", name="为选中的人报名").click()

    expect(page.get_by_role("heading", name="报名结果")).to_be_visible()
    expect(page.locator("[data-outcome]")).to_have_count(3)
    for name in (known, NAMESAKE, STRANGER):
        expect(page.locator("[data-outcome]").filter(has_text=name)).to_have_attribute(
            "data-outcome", re.compile("confirmed|waitlisted")
        )
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto(f"/events/{event_id}/signups/log")
    expect(page.locator("main")).to_contain_text(STRANGER)


@pytest.mark.parametrize(
    ("scripts", "answer"),
    [(True, "不能来"), (False, "不能来"), (True, "请人替会"), (False, "请人替会")],
)
def test_an_invitation_is_answered_on_the_home(
    own_demo: str, visit: Visit, scripts: bool, answer: str
) -> None:
    page = visit(own_demo, "member1", size="phone", scripts=scripts)
    page.goto("/")
    waiting = page.get_by_role("region", name="等您答复").get_by_role("listitem")
    asked = waiting.filter(has=page.get_by_role("button", name="不能来"))
    expect(asked.first).to_be_visible()
    before = asked.count()
    if answer == "不能来":
        asked.first.get_by_role("button", name=answer).tap()
        expect(page.get_by_text("已告诉主办方您不能来")).to_be_visible()
    else:
        asked.first.get_by_role("link", name=answer).tap()
        expect(page.get_by_role("heading", name="请本单位的人替会")).to_be_visible()
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="请这个人替会").tap()
        expect(page.get_by_text("已请人替会，名单上换成了对方")).to_be_visible()
    expect(page).to_have_url(f"{own_demo}/")
    expect(asked).to_have_count(before - 1)
