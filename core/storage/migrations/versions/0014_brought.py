"""A run says which logged run it was brought from."""

import sqlalchemy as sa
from alembic import op

revision = "0014_brought"
down_revision = "0013_service"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("origin", sa.JSON(), nullable=True))
