"""The small world of the room's tests."""

import io
from collections.abc import Callable

import pytest
from flask import Flask

from portal.database import db
from portal.materials import queries, services
from portal.materials.models import Material
from portal.people.models import Organisation, Person
from tests.factories import Street
from tests.materials import samples


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


Put = Callable[..., Material]


@pytest.fixture
def put(street: Street) -> Put:
    """Put a file into the library: by the secretary of 汕头路 unless somebody else is named."""

    def kept(
        content: bytes | None = None,
        name: str = "讲稿.pdf",
        *,
        owner: Organisation | None = None,
        actor: Person | None = None,
        title: str = "",
    ) -> Material:
        material = services.keep(
            stream=io.BytesIO(samples.pdf() if content is None else content),
            filename=name,
            owner=owner or street.shantou,
            actor=actor or street.secretary,
            title=title,
        )
        db.session.commit()
        return queries.material(material.id)

    return kept
