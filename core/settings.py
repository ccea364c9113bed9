"""What the environment may set, and where a workspace keeps its things."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one process, read from ``FULLCIRCLE_*`` variables.

    ``database_url`` is a PostgreSQL address; without it the records are an SQLite file in ``home``. ``sources`` are the
    folders that a person may name files of (parted as in ``PATH``), ``source_addresses`` those of object stores
    (``s3://bucket/prefix``, parted by blanks). ``outgoing_allowed`` names hosts and networks (``10.0.0.0/8``, parted by
    blanks) that a webhook may reach though they are not public. ``public_address`` is where people reach the dashboard:
    messages link to it. ``smtp_*`` is the mail server that takes alerts.
    """

    model_config = SettingsConfigDict(env_prefix="FULLCIRCLE_")

    home: Path = Path.home() / ".fullcircle"
    database_url: str | None = None
    sources: str = ""
    source_addresses: str = ""
    outgoing_allowed: str = ""
    public_address: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = "fullcircle@localhost"
    web_port: int = 8501
    scorer_port: int = 8502

    @property
    def scorer_url(self) -> str:
        """Return the address at which this machine's scorer listens."""
        return f"http://127.0.0.1:{self.scorer_port}"

    @property
    def records_file(self) -> Path:
        """Return the SQLite file of the records."""
        return self.home / "records.db"

    @property
    def jobs_file(self) -> Path:
        """Return the SQLite file of the durable jobs."""
        return self.home / "jobs.db"

    @property
    def artifacts(self) -> Path:
        """Return the folder of content-addressed files."""
        return self.home / "artifacts"

    @property
    def predictions(self) -> Path:
        """Return the folder of the Delta tables, two an endpoint."""
        return self.home / "predictions"

    @property
    def serving(self) -> Path:
        """Return the folder of what each endpoint serves: one JSON file an endpoint."""
        return self.home / "serving"

    @property
    def spool(self) -> Path:
        """Return the folder of the scorer's logs that are not shipped yet."""
        return self.home / "spool"

    @property
    def uploads(self) -> Path:
        """Return the folder of files that people dropped and no record names yet."""
        return self.home / "uploads"
