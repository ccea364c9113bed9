"""Registered models with their versions, tags and aliases."""

import sqlalchemy as sa
from alembic import op

revision = "0012_registry"
down_revision = "0011_logged_models"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "registered_model",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("last_version", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_registered_model")),
        sa.UniqueConstraint("name", name=op.f("uq_registered_model_name")),
    )
    op.create_table(
        "registered_model_alias",
        sa.Column("owner", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["registered_model.number"], name=op.f("fk_registered_model_alias_owner")),
        sa.PrimaryKeyConstraint("owner", "alias", name=op.f("pk_registered_model_alias")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "registered_version",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("model", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("stage", "description", "source", "storage", "run_id", "run_link", "model_id")
        ),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["model"], ["registered_model.number"], name=op.f("fk_registered_version_model")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_registered_version")),
        sa.UniqueConstraint("model", "version", name=op.f("uq_registered_version_model_version")),
    )
    op.create_index(op.f("ix_registered_version_run_id"), "registered_version", ["run_id"], unique=False)
    for name, owner in (("registered_model_tag", "registered_model"), ("registered_version_tag", "registered_version")):
        op.create_table(
            name,
            sa.Column("owner", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("key", sa.String(), nullable=False),
            sa.Column("value", sa.String(), nullable=False),
            sa.ForeignKeyConstraint(["owner"], [f"{owner}.number"], name=op.f(f"fk_{name}_owner")),
            sa.PrimaryKeyConstraint("owner", "key", name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
