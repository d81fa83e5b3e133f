"""Files that wait: one owner, one claim, one hour."""

from pathlib import Path

import pytest

from portal.errors import ConflictError, NotFoundError
from portal.people.imports.services import file_facts
from portal.people.imports.waiting import Report, Upload, WaitingRoom


@pytest.fixture
def room(tmp_path: Path) -> WaitingRoom:
    return WaitingRoom(tmp_path / "imports")


def kept(room: WaitingRoom) -> str:
    return room.keep(Upload(7, "people", file_facts("花名册.xlsx", b"a\nb"), b"a\nb"))


def test_a_file_comes_back_as_it_was(room: WaitingRoom) -> None:
    upload = room.upload(kept(room), account_id=7, kind="people")
    assert upload is not None
    assert (upload.content, upload.file.name) == (b"a\nb", "花名册.xlsx")


@pytest.mark.parametrize(("account_id", "kind"), [(8, "people"), (7, "organisations")])
def test_for_others_it_is_not_there(room: WaitingRoom, account_id: int, kind: str) -> None:
    token = kept(room)
    with pytest.raises(NotFoundError):
        room.upload(token, account_id=account_id, kind=kind)
    room.finish(token, Report(7, "people", file_facts("", b""), {}, []))
    with pytest.raises(NotFoundError):
        room.report(token, account_id=account_id, kind=kind)


def test_a_file_is_claimed_once(room: WaitingRoom) -> None:
    token = kept(room)
    with room.claimed(token), pytest.raises(ConflictError, match="已经在导入"), room.claimed(token):
        pass
    assert room.upload(token, account_id=7, kind="people") is None


def test_a_claim_that_fails_lets_the_file_wait_on(room: WaitingRoom) -> None:
    token = kept(room)
    with pytest.raises(ZeroDivisionError), room.claimed(token):
        raise ZeroDivisionError
    assert room.upload(token, account_id=7, kind="people") is not None


def test_the_folder_does_not_tell_the_token(room: WaitingRoom, tmp_path: Path) -> None:
    token = kept(room)
    assert not [path for path in (tmp_path / "imports").iterdir() if token in path.name]
