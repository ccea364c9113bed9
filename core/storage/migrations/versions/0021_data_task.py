"""A data task is a record of its own, open until it is done; those that reviews kept are moved."""

import sqlalchemy as sa
from alembic import op

from core.ids import derived_id

revision = "0021_data_task"
down_revision = "0020_left_out"
branch_labels = None
depends_on = None


def upgrade() -> None:
    task = op.create_table(
        "data_task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("dataset_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_data_task_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_task")),
    )
    op.create_index(op.f("ix_data_task_project_id_created_at"), "data_task", ["project_id", "created_at"])
    _move(task)
    with op.batch_alter_table("error_review") as table:
        table.drop_column("tasks")


def _move(task: sa.Table) -> None:
    names = ("id", "project_id", "run_id", "created_at", "created_on")
    review = sa.table("error_review", *[sa.column(name, task.c[name].type) for name in names], _TASKS)
    for row in op.get_bind().execute(sa.select(review)).mappings().all():
        for kept in row["tasks"]:
            op.get_bind().execute(
                task.insert().values(
                    id=derived_id(row["id"], kept["tag"]),
                    review_id=row["id"],
                    **{name: row[name] for name in names[1:]},
                    **{name: kept[name] for name in ("tag", "text", "created_by")},
                    rows=[],
                    figures={},
                    state="open",
                    reason="",
                )
            )


_TASKS = sa.column("tasks", sa.JSON())
