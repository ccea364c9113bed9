"""How Alembic runs here: inside a transaction that the caller holds."""

from alembic import context

from core.storage import tables as tables  # the tables register themselves
from core.storage.row import Row
from core.storage.tracking.file_table import LOGGED_FILE as LOGGED_FILE
from core.storage.tracking.model_tables import LOGGED_MODEL as LOGGED_MODEL
from core.storage.tracking.registry_tables import REGISTERED_MODEL as REGISTERED_MODEL
from core.storage.tracking.tables import RUN as RUN

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
