"""Files are kept once, under their hash, outside of the web root; unused bytes are swept."""

import io
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.database import db, write_transaction
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import EventMaterial
from portal.materials import queries, services, settings
from portal.materials.judging import RefusedFileError
from portal.materials.models import Material, MaterialKind, StoredFile
from portal.people.models import Organisation, Person
from tests import factories
from tests.factories import Street
from tests.materials import samples
from tests.materials.conftest import Put


def stored(app: Flask) -> list[Path]:
    return sorted((Path(app.instance_path) / "files").glob("??/*"))


def test_a_file_lies_under_its_hash_and_nowhere_near_the_web(
    app: Flask, any_database: str, put: Put
) -> None:
    material = put()
    path = settings.files().path(material.file.digest)
    assert path.read_bytes() == samples.pdf()
    assert path.name == material.file.digest
    assert path.parent.name == material.file.digest[:2]
    assert Path(app.instance_path) in path.parents
    assert path.stat().st_mode & 0o111 == 0
    assert material.title == "讲稿"
    assert material.kind is MaterialKind.DOCUMENT


def test_the_same_bytes_are_stored_once_for_two_organisations(
    app: Flask, any_database: str, street: Street, put: Put
) -> None:
    ours = put()
    theirs = put(owner=street.haikou, actor=street.secretary2)
    assert ours.id != theirs.id
    assert ours.file_id == theirs.file_id
    assert len(stored(app)) == 1


def test_a_duplicate_is_the_material_that_is_there_already(
    app: Flask, any_database: str, street: Street, put: Put
) -> None:
    first = put()
    prepared = services.prepare(filename="别的名字.pdf", stream=io.BytesIO(samples.pdf()))
    kept = services.take_in(prepared=prepared, owner=street.shantou, actor=street.office)
    assert kept.was_known
    assert kept.material.id == first.id


def test_a_picture_is_known_by_what_was_uploaded(put: Put, street: Street) -> None:
    first = put(samples.photograph_with_position(), "照片.jpg")
    assert put(samples.photograph_with_position(), "照片.jpg").id == first.id


def test_what_was_archived_stands_in_the_library_again(street: Street, put: Put) -> None:
    material = put()
    services.archive(material=material, actor=street.secretary)
    db.session.commit()
    assert not put().is_archived


def test_two_who_upload_the_same_at_once_store_it_once(
    app: Flask, any_database: str, street: Street
) -> None:
    actor, owner = street.secretary.id, street.shantou.id
    barrier = threading.Barrier(4)
    made: list[int] = []

    def upload() -> None:
        with app.app_context():
            prepared = services.prepare(filename="x.pdf", stream=io.BytesIO(samples.pdf()))
            barrier.wait()
            with write_transaction():
                person = db.session.get_one(Person, actor)
                organisation = db.session.get_one(Organisation, owner)
                kept = services.take_in(prepared=prepared, owner=organisation, actor=person)
                made.append(kept.material.id)
            db.session.remove()

    db.session.commit()
    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert len(made) == 4
    assert db.session.query(StoredFile).count() == 1
    assert len(stored(app)) == 1


def test_a_refused_file_leaves_nothing(app: Flask, put: Put) -> None:
    with pytest.raises(RefusedFileError):
        put(samples.page(), "x.jpg")
    assert stored(app) == []
    assert list(settings.files().incoming.iterdir()) == []
    assert db.session.query(Material).count() == 0


def test_only_the_kinds_that_are_asked_for_are_taken(app: Flask) -> None:
    with pytest.raises(RefusedFileError, match="这里只收图片，这个文件是文档"):
        services.prepare(
            filename="x.jpg", stream=io.BytesIO(samples.pdf()), kinds={MaterialKind.PICTURE}
        )
    assert stored(app) == []


def test_a_stream_beyond_the_largest_size_is_cut_off(app: Flask) -> None:
    for name in ("PICTURE", "DOCUMENT", "AUDIO", "VIDEO"):
        app.config[f"PORTAL_MAX_{name}_MB"] = 1

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            assert self.given < 4 * 1024 * 1024, "read on and on"
            return b"x" * size

    with pytest.raises(InvalidInputError, match="最大 1 MB"):
        services.prepare(filename="x", stream=Endless())  # type: ignore[arg-type]
    assert list(settings.files().incoming.iterdir()) == []


# ---- removing


def test_what_is_used_is_never_removed(any_database: str, street: Street, put: Put) -> None:
    material = put()
    event = factories.event(street.shantou, street.secretary)
    db.session.add(EventMaterial(event_id=event.id, material_id=material.id))
    services.archive(material=material, actor=street.secretary)
    with pytest.raises(ConflictError, match="还有活动"):
        services.remove(material=material, actor=street.secretary)
    db.session.commit()
    assert queries.material(material.id).is_archived


def test_only_what_was_archived_is_removed(street: Street, put: Put) -> None:
    with pytest.raises(ConflictError, match="先归档"):
        services.remove(material=put(), actor=street.secretary)


def test_bytes_go_when_nobody_has_them_and_stay_as_long_as_somebody_does(
    app: Flask, any_database: str, street: Street, put: Put
) -> None:
    ours = put()
    theirs = put(owner=street.haikou, actor=street.secretary2)
    path = settings.files().path(ours.file.digest)
    (path.parent / f"{path.name}.320.webp").write_bytes(b"small")
    for gone, actor in ((ours, street.secretary), (theirs, street.secretary2)):
        services.archive(material=gone, actor=actor)
        services.remove(material=gone, actor=actor)
        db.session.commit()
        _age(path)
        services.sweep()
        assert path.exists() == (gone is ours)
    assert stored(app) == []


def test_bytes_that_have_just_arrived_are_not_swept(app: Flask) -> None:
    prepared = services.prepare(filename="x.pdf", stream=io.BytesIO(samples.pdf()))
    assert services.sweep().files == 0
    assert settings.files().path(prepared.digest).exists()


def _age(path: Path) -> None:
    long_ago = (clock.now() - timedelta(days=2)).timestamp()
    for file in path.parent.iterdir():
        os.utime(file, times=(long_ago, long_ago))


def test_the_operator_sweeps_by_one_command(app: Flask, put: Put) -> None:
    put()
    done = app.test_cli_runner().invoke(args=["sweep-files"])
    assert done.exit_code == 0
    assert "清理了 0 个没有传完的上传、0 个没有人用的文件" in done.output
