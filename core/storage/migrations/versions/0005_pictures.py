"""What is drawn of a window's columns is kept as a file, named by its hash."""

import sqlalchemy as sa
from alembic import op

revision = "0005_pictures"
down_revision = "0004_contracts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("window", sa.Column("pictures", sa.String(), nullable=True))
