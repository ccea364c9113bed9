"""A run keeps which settings a search tried for it."""

import sqlalchemy as sa
from alembic import op

revision = "0018_search"
down_revision = "0017_error_review"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("search", sa.JSON(), nullable=True))
