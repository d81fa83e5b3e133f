"""Series and the inbox in a real browser, with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import my_signup

Visit = Callable[..., Page]

both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@both_ways
def test_a_lesson_is_repeated_monthly_and_one_of_it_changed(
    own_demo: str, visit: Visit, scripts: bool
) -> None:
    page = visit(own_demo, "secretary", scripts=scripts)
    page.goto("/events/?q=第四讲")
    page.get_by_role("link", name=re.compile("第四讲")).first.click()
    page.locator("main").get_by_text("更多", exact=True).click()
    page.get_by_role("link", name="重复举办").click()
    page.get_by_label("标题").fill("{月}月社区党课")
    page.get_by_label("一共几次").fill("3")
    page.get_by_role("button", name="看看是哪些日子").click()
    expect(page.get_by_role("heading", name="一共 3 次")).to_be_visible()
    page.get_by_role("button", name="都发布").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("系列：社区党课")
    rows = page.get_by_role("list", name="系列中的活动").get_by_role("listitem")
    expect(rows).to_have_count(3)
    rows.nth(1).get_by_role("link", name=re.compile("只改这一次")).click()
    page.get_by_label("地点", exact=False).first.fill("三楼会议室")
    page.get_by_role("button", name="保存修改").click()
    page.get_by_role("link", name="系列活动中的一次，看全部").click()
    expect(rows.nth(1)).to_contain_text("三楼会议室")
    expect(rows.nth(2)).not_to_contain_text("三楼会议室")


@both_ways
def test_who_signed_up_reads_in_the_inbox_that_it_is_called_off(
    own_demo: str, visit: Visit, scripts: bool
) -> None:
    member = visit(own_demo, "member9", size="phone", scripts=scripts)
    member.goto("/events/?q=党员志愿服务日")
    member.get_by_role("link", name=re.compile("党员志愿服务日")).first.click()
    my_signup(member).get_by_role("button", name="报名").click()
    expect(my_signup(member)).to_have_attribute("data-my-signup", "confirmed")
    host = visit(own_demo, "secretary", scripts=scripts)
    host.goto(re.sub(r"/signups$", "", member.url))
    host.get_by_text("取消活动", exact=True).click()
    host.get_by_label("原因").fill("当天有大风预警")
    host.get_by_role("button", name="确认取消").click()
    expect(host.get_by_text(re.compile("已通知 1 人")).first).to_be_visible()
    member.goto("/")
    member.get_by_role("link", name=re.compile("消息，.*未读")).click()
    member.get_by_role("link", name=re.compile("已取消：")).first.click()
    expect(member.get_by_text("当天有大风预警")).to_be_visible()
    member.get_by_role("link", name="去看看").click()
    expect(member.get_by_text("这次活动已取消")).to_be_visible()
