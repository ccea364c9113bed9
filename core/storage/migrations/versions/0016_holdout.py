"""A run knows which rows it held out."""

import sqlalchemy as sa
from alembic import op

revision = "0016_holdout"
down_revision = "0015_batches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("holdout_hash", sa.String(), nullable=True))
