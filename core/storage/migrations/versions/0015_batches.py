"""A window may be named after the batch whose rows it covers; windows measured earlier have no name."""

import sqlalchemy as sa
from alembic import op

revision = "0015_batches"
down_revision = "0014_brought"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("window", sa.Column("name", sa.String(), nullable=False, server_default=""))
