"""Models that clients log, with what they say and measured of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011_logged_models"
down_revision = "0010_logged_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logged_model",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("experiment", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("source_run_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("lifecycle", sa.String(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["experiment"], ["experiment.number"], name=op.f("fk_logged_model_experiment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logged_model")),
    )
    op.create_index(
        op.f("ix_logged_model_experiment_lifecycle_created_ms_id"),
        "logged_model",
        ["experiment", "lifecycle", "created_ms", "id"],
        unique=False,
    )
    for name in ("logged_model_param", "logged_model_tag"):
        op.create_table(
            name,
            sa.Column("owner", sa.String(), nullable=False),
            sa.Column("key", sa.String(), nullable=False),
            sa.Column("value", sa.String(), nullable=False),
            sa.ForeignKeyConstraint(["owner"], ["logged_model.id"], name=op.f(f"fk_{name}_owner")),
            sa.PrimaryKeyConstraint("owner", "key", name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "logged_model_metric",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("dataset_name", sa.String(), nullable=False),
        sa.Column("dataset_digest", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("is_nan", sa.SmallInteger(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["logged_model.id"], name=op.f("fk_logged_model_metric_owner")),
        sa.PrimaryKeyConstraint(
            "owner", "key", "run_id", "dataset_name", "dataset_digest", name=op.f("pk_logged_model_metric")
        ),
        sqlite_with_rowid=False,
    )
