"""How a dataset version was read, what it follows, who dropped it."""

import sqlalchemy as sa
from alembic import op

revision = "0002_how_read"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dataset_version", sa.Column("read", sa.JSON(), nullable=True))
    op.add_column("dataset_version", sa.Column("parent_id", sa.String(), nullable=True))
    op.add_column("dataset_version", sa.Column("split", sa.String(), nullable=True))
    op.add_column("dataset_version", sa.Column("created_by", sa.String(), nullable=True))
