"""Stored files, materials, uploads under way, what is attached to events.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.create_table(
        "stored_file",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("extension", sa.String(length=8), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name="ck_stored_file_size_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_stored_file"),
        sa.UniqueConstraint("digest", name="uq_stored_file_digest"),
    )
    op.create_index("ix_stored_file_source_digest", "stored_file", ["source_digest"])
    op.create_table(
        "material",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", moment, nullable=False),
        sa.Column("poster_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", moment, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_material_file_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_material_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name="fk_material_uploaded_by_id"
        ),
        sa.ForeignKeyConstraint(["poster_id"], ["stored_file.id"], name="fk_material_poster_id"),
        sa.PrimaryKeyConstraint("id", name="pk_material"),
    )
    op.create_index(
        "uq_material", "material", ["organisation_id", "file_id", "uploaded_by_id"], unique=True
    )
    for column in ("file_id", "uploaded_by_id", "poster_id"):
        op.create_index(f"ix_material_{column}", "material", [column])
    op.create_table(
        "upload_under_way",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=True),
        sa.Column("was_known", sa.Boolean(), nullable=False),
        sa.Column("refusal", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length > 0", name="ck_upload_under_way_length_positive"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_upload_under_way_person_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_upload_under_way_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["material.id"],
            name="fk_upload_under_way_material_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_upload_under_way"),
        sa.UniqueConstraint("key_hash", name="uq_upload_under_way_key_hash"),
    )
    for column in ("person_id", "expires_at"):
        op.create_index(f"ix_upload_under_way_{column}", "upload_under_way", [column])
    op.create_table(
        "event_material",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_event_material_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name="fk_event_material_material_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_material"),
    )
    op.create_index("uq_event_material", "event_material", ["event_id", "material_id"], unique=True)
    op.create_index("ix_event_material_material_id", "event_material", ["material_id"])


def downgrade() -> None:
    for table in ("event_material", "upload_under_way", "material", "stored_file"):
        op.drop_table(table)
