"""What the endpoint did in a window is kept with it; windows measured earlier have none."""

import sqlalchemy as sa
from alembic import op

revision = "0013_service"
down_revision = "0012_registry"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("window", sa.Column("service", sa.JSON(), nullable=True))
