"""A project says how many alarms of its drift may be false."""

import sqlalchemy as sa
from alembic import op

revision = "0023_alarm_budget"
down_revision = "0022_counted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("project") as table:
        table.add_column(
            sa.Column("alarm_budget", sa.String(), nullable=False, server_default="one false alarm in two years")
        )
