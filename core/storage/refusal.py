"""What a database's refusal means, in a sentence."""

from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict, FullcircleError, InvalidInput, NotFound


def refusal(error: IntegrityError, table: Table, name: str) -> FullcircleError:
    """Return the error that tells why a record of ``table``, called ``name``, was refused."""
    text, state = str(error.orig), getattr(error.orig, "sqlstate", None)
    if state == "23505" or "UNIQUE constraint" in text:
        shared = _shared(error, table)
        same = f"the same {shared}" if shared else "the same name or number"
        return Conflict(f"There is a {name} with {same} already. Reload the page to see it, or choose another.")
    if state == "23503" or "FOREIGN KEY constraint" in text:
        return NotFound(f"The {name} belongs to a project that is not here. Reload the page and choose a project.")
    return InvalidInput(f"The {name} cannot be stored: a field is empty that must not be. Fill it in and try again.")


def _shared(error: IntegrityError, table: Table) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    broken = getattr(diagnosis, "constraint_name", None)
    if broken == table.primary_key.name or str(error.orig).endswith(f": {table.name}.id"):
        return "id"
    for constraint in table.constraints:
        columns = [c.name for c in constraint.columns] if isinstance(constraint, UniqueConstraint) else []
        told = f": {', '.join(f'{table.name}.{name}' for name in columns)}"
        if columns and (constraint.name == broken or str(error.orig).endswith(told)):
            return " and ".join(name.replace("_", " ") for name in columns if name != "project_id")
    return ""
