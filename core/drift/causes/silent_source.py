"""One source that sent nothing for a day."""

from collections.abc import Iterable, Iterator

import polars as pl

from core.drift.cause import Cause, Told
from core.drift.sides import Tables
from core.frames.summary import kind_of

_DAYS, _SOURCES = 5, 60
_ROWS = 20  # where a source sends this many rows on most days, none at all is no chance
_FEW_DAYS = 0.1
_MOST_TOLD = 3


def _silent(tables: Tables) -> Iterable[Told]:
    time = next((n for n in tables.shared if kind_of(tables.current.schema[n]) == "time"), None)
    if time is None or tables.reference.schema[time] != tables.current.schema[time]:
        return
    for name in tables.shared:
        if tables.current.schema[name] == pl.String and 2 <= tables.current[name].n_unique() <= _SOURCES:
            before = dict(_silences(tables.reference, time, name))
            found = [(source, days) for source, days in _silences(tables.current, time, name) if source not in before]
            for source, days in found[:_MOST_TOLD]:
                when = " and ".join(f"{day:%d %b %Y}" for day in days[:2])
                yield Told(sentence=f"{source!r} has no row on {when}. Ask that source for it.", column=name)


def _silences(table: pl.DataFrame, time: str, name: str) -> Iterator[tuple[str, list[object]]]:
    """Yield each source that sends on nearly all days, and its days of silence while the others sent as ever."""
    day = pl.col(time).cast(pl.Date).alias("day")
    counts = table.select(day, pl.col(name).alias("source")).drop_nulls().group_by("day", "source").len("rows")
    days = counts.group_by("day").agg(pl.col("rows").sum())
    if days.height < _DAYS:
        return
    usual = days.filter(pl.col("rows") >= pl.col("rows").median() / 2).select("day").sort("day")
    for (source,), own in counts.group_by("source"):
        silent = usual.join(own, on="day", how="anti").sort("day")["day"].to_list()
        few = len(silent) <= max(1, _FEW_DAYS * usual.height)
        if silent and few and float(own["rows"].median() or 0) >= _ROWS:  # pyright: ignore[reportArgumentType]
            yield str(source), silent


SILENT_SOURCE = Cause(
    name="silent_source",
    title="A source silent for a day",
    help="A source that sends rows every day has none on a day, while the others sent as many as ever.",
    misleads="A holiday of one source looks the same; a source that rests every week is not named.",
    on_tables=_silent,
)
