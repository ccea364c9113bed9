"""Alerts of silence: of a window without predictions or labels there is no estimate."""

import sqlalchemy as sa
from alembic import op

revision = "0008_silence"
down_revision = "0007_routes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("alert") as table:
        table.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="criterion"))
        table.alter_column("estimate", existing_type=sa.JSON(), nullable=True)
