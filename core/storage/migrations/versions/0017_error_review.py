"""Errors of runs that people looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0017_error_review"
down_revision = "0016_holdout"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "error_review",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("errors", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("efforts", sa.JSON(), nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_error_review_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_review")),
        sa.UniqueConstraint("run_id", name=op.f("uq_error_review_run_id")),
    )
    op.create_index(op.f("ix_error_review_project_id"), "error_review", ["project_id"], unique=False)
