"""Studies of several annotators' labels."""

import sqlalchemy as sa
from alembic import op

revision = "0003_label_study"
down_revision = "0002_how_read"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "label_study",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("dataset_id", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_label_study_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_study")),
    )
    op.create_index(op.f("ix_label_study_project_id"), "label_study", ["project_id"], unique=False)
