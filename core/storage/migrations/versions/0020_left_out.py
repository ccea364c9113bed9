"""A run keeps which of its predictions could not be measured."""

import sqlalchemy as sa
from alembic import op

revision = "0020_left_out"
down_revision = "0019_saved_view"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("left_out", sa.JSON(), nullable=True))
