"""How a site receives visits: set by its keeper, followed by what is offered."""

from sqlalchemy import select

from portal.database import db
from portal.sites.uses.models import VisitRules
from tests.bookings import worlds
from tests.bookings.conftest import Scene, SignedIn


def test_the_keeper_sets_slots_cap_and_rest_days(scene: Scene, signed_in: SignedIn) -> None:
    keeper = signed_in("keeper")
    path = f"/sites/{scene.site_id}/bookings/rules"
    form = keeper.get(path).form("/rules")
    assert form.fields["slot_minutes"] == "60"
    page = keeper.submit(form, slot_minutes="120", weekly_visits="1", rest_weekdays=["0", "6"])
    assert page.status == 200
    assert "接待设置已保存" in page.text
    db.session.rollback()
    rules = db.session.scalars(select(VisitRules)).one()
    assert (rules.slot_minutes, rules.rest_weekdays, rules.weekly_visits) == (120, "06", 1)
    # The form that was opened before is told.
    stale = keeper.submit(form, slot_minutes="30")
    assert stale.status == 409
    keeper.submit(keeper.get(path).form("/rules"), takes_visits=[])
    page = signed_in("d").get(scene.new, date=str(worlds.coming_day()))
    assert "目前不接受参观预约" in page.text


def test_a_site_without_rules_of_its_own_gets_them(scene: Scene, signed_in: SignedIn) -> None:
    db.session.execute(db.delete(VisitRules))
    db.session.commit()
    keeper = signed_in("keeper")
    path = f"/sites/{scene.site_id}/bookings/rules"
    form = keeper.get(path).form("/rules")
    assert form.fields["slot_minutes"] == "90"
    assert keeper.submit(form, answer_days="5").status == 200
    db.session.rollback()
    assert db.session.scalars(select(VisitRules.answer_days)).one() == 5


def test_figures_that_cannot_be_are_refused(scene: Scene, signed_in: SignedIn) -> None:
    keeper = signed_in("keeper")
    path = f"/sites/{scene.site_id}/bookings/rules"
    form = keeper.get(path).form("/rules")
    for name, value in (
        ("slot_minutes", "5"),
        ("weekly_visits", "0"),
        ("answer_days", "99"),
        ("days_ahead", "x"),
        ("rest_weekdays", "9"),
    ):
        page = keeper.post(path, {**form.fields, name: value})
        assert page.status == 422, name
