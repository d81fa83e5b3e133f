"""The page of a case asks little of the database, whatever its state and whatever hangs on it."""

from collections.abc import Callable

import pytest

from portal.cases import services
from portal.cases.models import (
    OVER,
    CallBackMethod,
    Case,
    CaseState,
    Openness,
    Satisfaction,
)
from portal.cases.services import Answer
from tests import factories
from tests.cases.conftest import SignedIn
from tests.factories import Street

CONTENT = Answer(CallBackMethod.PHONE, True, Satisfaction.SATISFIED, "好了")
NOT = Answer(CallBackMethod.PHONE, False, Satisfaction.NOT, "没好")


def brought_to(state: CaseState, case: Case, street: Street) -> None:
    by = street.branch
    match state:
        case CaseState.RETURNED:
            services.give_back(case=case, words="不归我们", actor=by)
        case CaseState.WORKING:
            services.accept(case=case, words="", has_contacted=True, actor=by)
            services.ask_extension(case=case, days=2, words="等配件", actor=by)
        case CaseState.VOID:
            services.void(case=case, words="重复", actor=by)
        case CaseState.EXPLAINED:
            services.accept(case=case, words="", has_contacted=True, actor=by)
            services.explain(case=case, words="规划未批", actor=by)
        case CaseState.SETTLED | CaseState.CLOSED | CaseState.REWORK:
            services.settle(case=case, words="好了", actor=by)
    if state is CaseState.CLOSED:
        services.close(case=case, answer=CONTENT, actor=by)
    if state is CaseState.REWORK:
        services.redo(case=case, answer=NOT, actor=by)
    assert case.state is state


@pytest.mark.parametrize("state", list(CaseState))
def test_the_page_takes_at_most_eight_statements(
    street: Street, as_: SignedIn, queries_of: Callable, state: CaseState
) -> None:
    case = factories.case(street.branch_one, street.branch, helpers=(street.branch_two,))
    others = [factories.case(street.branch_one, street.branch) for _ in range(4)]
    services.link(case=case, other=others[0], actor=street.branch)
    services.open_up(case=case, openness=Openness.COMMUNITY, actor=street.branch)
    brought_to(state, case, street)
    factories.commit()
    address = f"/cases/{case.id}"
    secretary = as_("secretary")
    page = secretary.get(address)
    assert "取消关联" in page.text
    assert state in OVER or "看起来相像" in page.text
    assert queries_of(lambda: secretary.get(address)) <= 8
