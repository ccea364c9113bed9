"""A criterion may count the predictions of its windows; windows measured earlier were of days, or of a batch."""

import sqlalchemy as sa
from alembic import op

revision = "0022_counted"
down_revision = "0021_data_task"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("criterion", sa.Column("window_rows", sa.Integer(), nullable=True))
    op.add_column("criterion", sa.Column("every_rows", sa.Integer(), nullable=True))
    with op.batch_alter_table("window") as table:
        table.add_column(sa.Column("counted", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint(op.f("uq_window_project_id_endpoint_starts_ends"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_window_project_id_endpoint_starts_ends_counted"),
            ["project_id", "endpoint", "starts", "ends", "counted"],
        )
