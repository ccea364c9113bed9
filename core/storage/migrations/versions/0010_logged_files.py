"""Files that clients keep with runs and logged models."""

import sqlalchemy as sa
from alembic import op

revision = "0010_logged_files"
down_revision = "0009_tracking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logged_file",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "path", name=op.f("pk_logged_file")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_logged_file_sha256"), "logged_file", ["sha256"], unique=False)
