"""How an endpoint's rows kept the contract lately, from the marks that the scorer left in its log."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

LATELY_DAYS = 7
"""Days that are looked back on, the newest one with rows included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule of version ``number`` of the contract, by its key, and the rows that broke it."""

    number: int
    key: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The rows that were held to a contract on the last ``LATELY_DAYS`` days up to ``until``.

    ``broken`` of the ``rows`` rows broke a rule, each counted once; ``rules`` are those broken, the most rows first.
    """

    until: date
    rows: int
    broken: int
    rules: tuple[BrokenRule, ...]


def held_lately(answered: pl.DataFrame) -> Held | None:
    """Sum up the champion's logged rows (``day, contract_version, broken_rules``); ``None`` where none was held."""
    held = answered.filter(pl.col("contract_version").is_not_null())
    if held.is_empty():
        return None
    until = date.fromisoformat(str(held["day"].max()))
    recent = held.filter(pl.col("day") > str(until - timedelta(days=LATELY_DAYS)))
    broken = recent.filter(pl.col("broken_rules").list.len() > 0)
    rules = (
        broken.select("contract_version", key="broken_rules")
        .explode("key")
        .group_by("contract_version", "key")
        .len()
        .sort("len", "contract_version", "key", descending=[True, True, False])
    )
    return Held(
        until=until,
        rows=recent.height,
        broken=broken.height,
        rules=tuple(BrokenRule(number=number, key=key, rows=rows) for number, key, rows in rules.iter_rows()),
    )
