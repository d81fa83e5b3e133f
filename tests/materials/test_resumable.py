"""Uploads in pieces by the tus protocol: offsets, cuts, quotas, strangers, sweeping."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.database import db
from portal.materials import queries
from portal.materials import services as materials
from portal.materials.models import Material, UploadUnderWay
from portal.materials.services import uploads
from tests.factories import Street
from tests.materials import samples
from tests.materials.tus import Tus
from tests.page import Browser

FILM = samples.mp4(film=bytes(range(256)) * 40)


@pytest.fixture
def tus(browser: Browser, street: Street) -> Tus:
    return Tus(browser.sign_in("secretary"))


@pytest.fixture
def begun(tus: Tus, street: Street) -> str:
    """The address of an upload that has just begun."""
    return tus.begin(len(FILM), owner=street.shantou.id).headers["Location"]


def parts(app: Flask) -> list[Path]:
    return list((Path(app.instance_path) / "uploads").glob("*"))


def test_a_file_arrives_in_pieces_and_is_judged_when_it_is_whole(
    app: Flask, any_database: str, tus: Tus, begun: str
) -> None:
    assert tus.offset(begun) == 0
    for at in range(0, len(FILM), 4000):
        response = tus.piece(begun, at, FILM[at : at + 4000])
        assert response.status_code == 204
        assert response.headers["Tus-Resumable"] == "1.0.0"
        assert int(response.headers["Upload-Offset"]) == min(at + 4000, len(FILM))
    page = tus.outcome(begun)
    assert "已上传" in page.text
    material = db.session.scalars(db.select(Material)).one()
    assert page.by("data-material", str(material.id))
    assert queries.material(material.id).file.size == len(FILM)
    assert parts(app) == []
    assert tus.offset(begun) == len(FILM)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(cuts=st.lists(st.integers(0, len(FILM)), max_size=6))
def test_wherever_the_line_breaks_the_file_arrives_as_it_was(
    app: Flask, tus: Tus, street: Street, cuts: list[int]
) -> None:
    path = tus.begin(len(FILM), owner=street.shantou.id).headers["Location"]
    for end in [*sorted(cuts), len(FILM)]:
        at = tus.offset(path)
        tus.piece(path, at, FILM[at:end])
    assert tus.offset(path) == len(FILM)
    assert tus.outcome(path).by("data-material")


def test_what_came_before_the_line_broke_is_kept(app: Flask, tus: Tus, begun: str) -> None:
    upload = db.session.scalars(db.select(UploadUnderWay)).one()
    given = iter([FILM[:3000], FILM[3000:5000]])

    def breaks(_size: int) -> bytes:
        piece = next(given, None)
        if piece is None:
            raise ConnectionResetError
        return piece

    with pytest.raises(ConnectionResetError):
        uploads.append(key_hash=upload.key_hash, length=upload.length, at=0, read=breaks)
    assert tus.offset(begun) == 5000
    tus.piece(begun, 5000, FILM[5000:])
    assert tus.outcome(begun).by("data-material")


@pytest.mark.parametrize("at", [1, 500, 2**40])
def test_a_wrong_offset_is_a_conflict_and_changes_nothing(tus: Tus, begun: str, at: int) -> None:
    response = tus.piece(begun, at, b"x")
    assert response.status_code in {409, 422}
    assert tus.offset(begun) == 0


def test_the_same_piece_twice_counts_once(tus: Tus, begun: str) -> None:
    assert tus.piece(begun, 0, FILM[:1000]).status_code == 204
    assert tus.piece(begun, 0, FILM[:1000]).status_code == 409
    assert tus.offset(begun) == 1000


@pytest.mark.parametrize("offset", ["", "-1", "abc", "1e3", "９", "1" * 30])
def test_an_offset_that_is_none_is_refused(tus: Tus, begun: str, offset: str) -> None:
    response = tus.ask(
        "PATCH",
        begun,
        b"x",
        Upload_Offset=offset.encode().decode("latin-1"),
        Content_Type="application/offset+octet-stream",
    )
    assert response.status_code == 422
    assert tus.offset(begun) == 0


def test_more_than_was_said_is_refused(tus: Tus, begun: str) -> None:
    assert tus.piece(begun, 0, FILM + b"more").status_code == 422
    assert tus.offset(begun) == 0


def test_another_kind_of_body_is_refused(tus: Tus, begun: str) -> None:
    assert tus.piece(begun, 0, b"x", Content_Type="text/plain").status_code == 415


def test_another_version_of_the_protocol_is_refused(tus: Tus, begun: str) -> None:
    response = tus.ask("HEAD", begun, Tus_Resumable="0.2.0")
    assert response.status_code == 412
    assert response.headers["Tus-Version"] == "1.0.0"


def test_clients_are_told_what_is_spoken(tus: Tus) -> None:
    response = tus.ask("OPTIONS", "/materials/uploads")
    assert response.status_code == 204
    assert set(response.headers["Tus-Extension"].split(",")) == {
        *("creation", "expiration", "termination")
    }


def test_two_pieces_at_once_do_not_mix(tus: Tus, begun: str) -> None:
    upload = db.session.scalars(db.select(UploadUnderWay)).one()
    answers: list[int] = []

    def meanwhile(_size: int) -> bytes:
        if answers:
            return b""
        answers.append(tus.piece(begun, 0, b"y" * 10).status_code)
        return b"x" * 10

    key_hash, length = upload.key_hash, upload.length
    uploads.append(key_hash=key_hash, length=length, at=0, read=meanwhile)
    assert answers == [409]
    assert tus.offset(begun) == 10


def test_a_hostile_file_is_refused_once_it_is_here_and_the_answer_stays(
    app: Flask, tus: Tus, street: Street
) -> None:
    content = samples.page()
    path = tus.begin(len(content), "照片.jpg", street.shantou.id).headers["Location"]
    tus.piece(path, 0, content)
    for _ in range(2):
        page = tus.outcome(path)
        assert page.status == 422
        assert "网页" in page.alert
    assert parts(app) == []
    assert db.session.query(Material).count() == 0
    assert tus.piece(path, len(content), b"").status_code == 422


def test_the_outcome_of_half_a_file_is_a_conflict(tus: Tus, begun: str) -> None:
    tus.piece(begun, 0, FILM[:100])
    page = tus.outcome(begun)
    assert page.status == 409
    assert "还没有传完" in page.alert


def test_a_lost_answer_is_given_again(tus: Tus, begun: str) -> None:
    tus.piece(begun, 0, FILM)
    first, second = tus.outcome(begun), tus.outcome(begun)
    assert first.html == second.html
    assert db.session.query(Material).count() == 1


def test_a_duplicate_is_named_and_linked(tus: Tus, street: Street, begun: str) -> None:
    tus.piece(begun, 0, FILM)
    tus.outcome(begun)
    again = tus.begin(len(FILM), "又.mp4", street.shantou.id).headers["Location"]
    tus.piece(again, 0, FILM)
    page = tus.outcome(again)
    assert "已在资料库里" in page.text
    assert page.links()["录像"].startswith("/materials/")


# ---- strangers


def test_somebody_elses_upload_is_not_there(browser: Browser, tus: Tus, begun: str) -> None:
    tus.piece(begun, 0, FILM[:100])
    other = Tus(Browser(browser.app).sign_in("secretary2"))
    assert other.ask("HEAD", begun).status_code == 404
    assert other.piece(begun, 100, b"x").status_code == 404
    assert other.ask("POST", f"{begun}/outcome").status_code == 404
    assert other.ask("DELETE", begun).status_code == 404
    assert tus.offset(begun) == 100


def test_a_key_that_was_guessed_opens_nothing(tus: Tus) -> None:
    for key in ("x", "..", "%2e%2e%2fsecret_key", "a" * 500):
        assert tus.ask("HEAD", f"/materials/uploads/{key}").status_code in {404, 405}


def test_without_a_token_nothing_is_taken(tus: Tus, begun: str) -> None:
    tus.token = "wrong"
    assert tus.piece(begun, 0, FILM).status_code == 400
    assert tus.ask("DELETE", begun).status_code == 400
    assert tus.begin(10).status_code == 400


def test_nobody_uploads_for_another_part_of_the_tree(tus: Tus, street: Street) -> None:
    assert tus.begin(10, owner=street.haikou.id).status_code == 403
    assert tus.begin(10, owner=999_999).status_code == 403


@pytest.mark.parametrize("metadata", ["filename !!!", "filename /w==", "filename eC5wZGY=", ""])
def test_what_is_told_of_the_file_must_be_readable(tus: Tus, metadata: str) -> None:
    response = tus.ask("POST", "/materials/uploads", Upload_Length=5, Upload_Metadata=metadata)
    assert response.status_code == 422


# ---- limits


@pytest.mark.parametrize(("length", "status"), [(0, 422), (2**40, 422), (2**80, 422)])
def test_a_length_that_is_never_kept_is_refused_before_a_byte_is_sent(
    tus: Tus, street: Street, length: int, status: int
) -> None:
    assert tus.begin(length, owner=street.shantou.id).status_code == status


def test_only_so_many_are_under_way(
    app: Flask, any_database: str, tus: Tus, street: Street
) -> None:
    app.config["PORTAL_MAX_UPLOADS"] = 2
    owner = street.shantou.id
    first = tus.begin(100, owner=owner).headers["Location"]
    tus.begin(100, owner=owner)
    refused = tus.begin(100, owner=owner)
    assert refused.status_code == 409
    assert "同时最多上传 2 个" in refused.get_data(as_text=True)
    assert tus.ask("DELETE", first).status_code == 204
    assert tus.begin(100, owner=owner).status_code == 201


def test_what_is_kept_and_what_is_under_way_count_towards_the_quota(
    app: Flask, tus: Tus, street: Street, begun: str
) -> None:
    app.config["PORTAL_QUOTA_MB"] = 1
    tus.piece(begun, 0, FILM)
    tus.outcome(begun)
    owner, left = street.shantou.id, 1024 * 1024 - len(FILM)
    assert tus.begin(left + 1, owner=owner).status_code == 409
    assert tus.begin(left, owner=owner).status_code == 201
    assert tus.begin(1, owner=owner).status_code == 409


def test_an_upload_is_cancelled_with_all_that_has_arrived(app: Flask, tus: Tus, begun: str) -> None:
    tus.piece(begun, 0, FILM[:1000])
    assert len(parts(app)) == 1
    assert tus.ask("DELETE", begun).status_code == 204
    assert parts(app) == []
    assert tus.ask("HEAD", begun).status_code == 404


def test_what_is_not_finished_is_listed_and_thrown_away_without_scripts(
    app: Flask, browser: Browser, tus: Tus, begun: str
) -> None:
    tus.piece(begun, 0, FILM[:2048])
    page = browser.get("/materials/new")
    assert "没有传完的文件" in page.text
    assert "已收到 2 KB" in page.text
    page = browser.submit(page.form("/discard"))
    assert "已放弃" in page.text
    assert parts(app) == []
    assert db.session.query(UploadUnderWay).count() == 0


def test_what_nobody_finishes_is_swept(app: Flask, tus: Tus, begun: str) -> None:
    tus.piece(begun, 0, FILM[:1000])
    assert materials.sweep().uploads == 0
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert materials.sweep().uploads == 1
    assert parts(app) == []


def test_a_part_that_expired_is_not_taken_up_again(
    app: Flask, tus: Tus, street: Street, begun: str
) -> None:
    upload = db.session.scalars(db.select(UploadUnderWay)).one()
    upload.expires_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    assert tus.ask("HEAD", begun).status_code == 404
    tus.begin(100, owner=street.shantou.id)  # sweeps as it begins
    assert db.session.query(UploadUnderWay).count() == 1


def test_a_large_piece_is_written_without_being_held_in_memory(
    app: Flask, tus: Tus, begun: str
) -> None:
    upload = db.session.scalars(db.select(UploadUnderWay)).one()
    asked: list[int] = []

    def read(size: int) -> bytes:
        asked.append(size)
        return b"x" * size

    uploads.append(key_hash=upload.key_hash, length=upload.length, at=0, read=read)
    assert max(asked) <= 64 * 1024
