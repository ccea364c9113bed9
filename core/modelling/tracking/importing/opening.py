"""Which reader reads what a person names: an address, a folder, or a file."""

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from core.errors import InvalidInput
from core.modelling.tracking.importing.database import MAGIC, Database
from core.modelling.tracking.importing.folder import Folder
from core.modelling.tracking.importing.local_files import opened
from core.modelling.tracking.importing.server import Server
from core.modelling.tracking.importing.source import Source


def open_source(named: str, environment: Mapping[str, str]) -> Source:
    """Return the reader of an existing MLflow; who asks a server stands in MLflow's own environment variables.

    Raises
    ------
    InvalidInput
        It is none: neither an address, nor a folder of runs, nor MLflow's SQLite file.
    """
    if named.lower().startswith(("http://", "https://")):
        return Server(named, _headers(environment))
    path = Path(named.removeprefix("sqlite:///")).expanduser()
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise InvalidInput(f"There is no file or folder {named[:200]!r}. Name an MLflow database, folder or address.")
    with opened(path.resolve()) as file:
        begins = file.read(len(MAGIC))
    if begins != MAGIC:
        raise InvalidInput(f"{path} is no SQLite file. Name MLflow's database, its mlruns folder or its address.")
    return Database(path)


def _headers(environment: Mapping[str, str]) -> dict[str, str]:
    if token := environment.get("MLFLOW_TRACKING_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    user, password = (environment.get(f"MLFLOW_TRACKING_{name}") for name in ("USERNAME", "PASSWORD"))
    if not user or not password:
        return {}
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}
