"""Cases that were there before the marks get them by the upgrade."""

import importlib.util
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from portal.cases import queries, services
from portal.cases.marks import marks_of
from portal.cases.models import Openness
from portal.cli import MIGRATIONS
from portal.database import db
from portal.search.models import SearchEntry
from tests import factories
from tests.factories import Street

FILE = Path(MIGRATIONS) / "versions" / "0200_cases_walked_in_order.py"


@pytest.mark.postgresql
def test_the_upgrade_marks_what_is_there(app: Flask, any_database: str) -> None:
    street = Street()
    one, two, far = street.branch_one, street.branch_two, street.branch_far
    plain = factories.case(one, street.branch)
    led = factories.case(one, street.branch, lead=two, lead_person_id=street.a.id)
    helped = factories.case(one, street.branch, helpers=(two, far))
    services.open_up(case=led, openness=Openness.MEMBERS, actor=street.secretary)
    services.open_up(case=helped, openness=Openness.COMMUNITY, actor=street.secretary)
    services.void(case=plain, words="重复", actor=street.secretary)
    factories.commit()
    numbers = [case.id for case in (plain, led, helped)]
    db.session.execute(
        update(SearchEntry).where(SearchEntry.kind == "case").values(tokens="k12 h00697c")
    )
    spec = importlib.util.spec_from_file_location("marked", FILE)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    joined = "group_concat" if any_database == "sqlite" else "string_agg"
    db.session.execute(text(migration._MARKED.format(joined=joined)))
    kept = select(SearchEntry.object_id, SearchEntry.tokens).where(SearchEntry.kind == "case")
    tokens = {number: words.split() for number, words in db.session.execute(kept).all()}
    for number in numbers:
        own = sorted(f"m{mark}" for mark in marks_of(queries.case(number)))
        assert sorted(tokens[number][2:]) == own
