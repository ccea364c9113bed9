"""Who sees to an alert, until when it is muted and why, and what was noted when it was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0006_alert_owner"
down_revision = "0005_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert", sa.Column("owner", sa.String(), nullable=True))
    op.add_column("alert", sa.Column("muted_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alert", sa.Column("mute_reason", sa.String(), nullable=False, server_default=""))
    op.add_column("alert", sa.Column("note", sa.String(), nullable=False, server_default=""))
