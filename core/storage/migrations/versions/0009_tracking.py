"""What training code logs: experiments, runs, metrics, parameters, tags, and what went in and came out."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0009_tracking"
down_revision = "0008_silence"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    experiment = op.create_table(
        "experiment",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lifecycle", sa.String(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_experiment_project_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_experiment")),
        sa.UniqueConstraint("name", name=op.f("uq_experiment_name")),
    )
    op.create_index(op.f("ix_experiment_project_id"), "experiment", ["project_id"], unique=False)
    op.create_table(
        "experiment_tag",
        sa.Column("experiment", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["experiment"], ["experiment.number"], name=op.f("fk_experiment_tag_experiment")),
        sa.PrimaryKeyConstraint("experiment", "key", name=op.f("pk_experiment_tag")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "input_dataset",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("experiment", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("source_type", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("schema", sa.String(), nullable=True),
        sa.Column("profile", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["experiment"], ["experiment.number"], name=op.f("fk_input_dataset_experiment")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_input_dataset")),
        sa.UniqueConstraint("experiment", "name", "digest", name=op.f("uq_input_dataset_experiment_name_digest")),
    )
    op.create_table(
        "logged_run",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("experiment", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("lifecycle", sa.String(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["experiment"], ["experiment.number"], name=op.f("fk_logged_run_experiment")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_logged_run")),
        sa.UniqueConstraint("id", name=op.f("uq_logged_run_id")),
    )
    op.create_index(
        op.f("ix_logged_run_experiment_lifecycle_started_ms_id"),
        "logged_run",
        ["experiment", "lifecycle", "started_ms", "id"],
        unique=False,
    )
    op.create_table(
        "run_input",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dataset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("context", sa.String(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["dataset"], ["input_dataset.number"], name=op.f("fk_run_input_dataset")),
        sa.ForeignKeyConstraint(["run"], ["logged_run.number"], name=op.f("fk_run_input_run")),
        sa.PrimaryKeyConstraint("run", "dataset", name=op.f("pk_run_input")),
    )
    op.create_index(op.f("ix_run_input_dataset"), "run_input", ["dataset"], unique=False)
    op.create_table(
        "run_latest_metric",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("is_nan", sa.SmallInteger(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["logged_run.number"], name=op.f("fk_run_latest_metric_run")),
        sa.PrimaryKeyConstraint("run", "key", name=op.f("pk_run_latest_metric")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_run_latest_metric_key_is_nan_value_run"),
        "run_latest_metric",
        ["key", "is_nan", "value", "run"],
        unique=False,
    )
    op.create_table(
        "run_metric",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), autoincrement=False, nullable=False),
        sa.Column("timestamp", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("step", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("is_nan", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["logged_run.number"], name=op.f("fk_run_metric_run")),
        sa.PrimaryKeyConstraint("run", "key", "timestamp", "step", "value", "is_nan", name=op.f("pk_run_metric")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_model_link",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.String(), autoincrement=False, nullable=False),
        sa.Column("model_id", sa.String(), autoincrement=False, nullable=False),
        sa.Column("step", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["logged_run.number"], name=op.f("fk_run_model_link_run")),
        sa.PrimaryKeyConstraint("run", "direction", "model_id", "step", name=op.f("pk_run_model_link")),
    )
    op.create_index(op.f("ix_run_model_link_model_id"), "run_model_link", ["model_id"], unique=False)
    op.create_table(
        "run_param",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("rest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["logged_run.number"], name=op.f("fk_run_param_run")),
        sa.PrimaryKeyConstraint("run", "key", name=op.f("pk_run_param")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_run_param_key_head_run"), "run_param", ["key", "head", "run"], unique=False)
    op.create_table(
        "run_tag",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("rest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["logged_run.number"], name=op.f("fk_run_tag_run")),
        sa.PrimaryKeyConstraint("run", "key", name=op.f("pk_run_tag")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_run_tag_key_head_run"), "run_tag", ["key", "head", "run"], unique=False)
    now_ms = time.time_ns() // 1_000_000
    default = {"number": 0, "name": "Default", "lifecycle": "active", "created_ms": now_ms, "updated_ms": now_ms}
    op.bulk_insert(experiment, [default])
