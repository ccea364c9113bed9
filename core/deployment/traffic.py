"""What an endpoint has answered, from its log: how much a day, how fast, and how often a shadow agreed."""

from dataclasses import dataclass

import polars as pl

from core.deployment.held import Held, held_lately

COLUMNS = (
    *("day", "request_id", "row", "model_version_id", "variant", "predicted", "latency_ms"),
    *("contract_version", "broken_rules"),
)
"""What is read of the log for it."""

MOST_DAYS = 120
"""Days that are looked back on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTraffic:
    """What one version scored. ``agreement`` is the share of its rows in which it decided as the champion did.

    ``agreement`` is ``None`` where it was the champion itself, or where it predicts values, which never quite agree.
    """

    version_id: str
    rows: int
    agreement: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """An endpoint's log, summed up.

    ``days`` has a line a day: ``day, requests, rows, p95_ms``. ``p95_ms`` is that of all requests, in milliseconds.
    ``held`` is how the rows kept the contract lately, ``None`` where there was none to keep.
    """

    days: pl.DataFrame
    requests: int
    rows: int
    p95_ms: float | None
    versions: tuple[VersionTraffic, ...]
    held: Held | None = None

    def of(self, version_id: str) -> VersionTraffic:
        """Return what a version scored, nothing where it logged nothing."""
        found = (version for version in self.versions if version.version_id == version_id)
        return next(found, VersionTraffic(version_id=version_id, rows=0))


def traffic(log: pl.DataFrame) -> Traffic:
    """Sum up logged rows (``COLUMNS``): a request counts once, whatever the number of its rows and of listeners."""
    answered = log.filter(pl.col("variant") == "champion")
    requests = answered.unique("request_id", keep="first", maintain_order=True)
    by_day = requests.group_by("day").agg(
        requests=pl.len(), p95_ms=pl.col("latency_ms").quantile(0.95, interpolation="higher")
    )
    days = answered.group_by("day").agg(rows=pl.len()).join(by_day, on="day").sort("day")
    return Traffic(
        days=days.select("day", "requests", "rows", "p95_ms"),
        requests=requests.height,
        rows=answered.height,
        p95_ms=requests["latency_ms"].quantile(0.95, interpolation="higher"),
        versions=_versions(log, answered),
        held=held_lately(answered),
    )


def _versions(log: pl.DataFrame, answered: pl.DataFrame) -> tuple[VersionTraffic, ...]:
    counted = log.group_by("model_version_id", maintain_order=True).agg(rows=pl.len())
    said = answered.select("request_id", "row", champion="predicted")
    listened = log.filter(pl.col("variant") != "champion").join(said, on=["request_id", "row"])
    agreeing = listened.group_by("model_version_id").agg(agreement=(pl.col("predicted") == pl.col("champion")).mean())
    both = counted.join(agreeing, on="model_version_id", how="left", maintain_order="left")
    return tuple(
        VersionTraffic(version_id=str(version), rows=rows, agreement=agreement)
        for version, rows, agreement in both.iter_rows()
    )
