"""Defects of categories (appendix 2)."""

from collections.abc import Callable, Mapping

import polars as pl

from tests.core.data.mutations.defect import Defect, write, write_where

NEW = "Zanzibar"


def category(values: pl.Series) -> bool:
    """Tell whether a column holds a category in words."""
    return values.dtype == pl.String and 2 <= values.n_unique() <= 60 and _share(values, 1) > 0.02


def three(values: pl.Series) -> bool:
    """Tell whether three levels are frequent."""
    return category(values) and values.drop_nulls().n_unique() >= 3 and _share(values, 2) > 0.02


def with_letter_e(values: pl.Series) -> bool:
    """Tell whether frequent levels have an e to put an accent on."""
    return category(values) and bool(values.str.contains("e").mean() > 0.2)


def with_small_letters(values: pl.Series) -> bool:
    """Tell whether nearly every value has a small letter."""
    return category(values) and bool((values.str.to_uppercase() != values).mean() > 0.9)


def with_capitals(values: pl.Series) -> bool:
    """Tell whether nearly every value has a capital."""
    return category(values) and bool((values.str.to_lowercase() != values).mean() > 0.9)


def codes(values: pl.Series) -> bool:
    """Tell whether a column holds codes in digits or in words, at least three frequent ones."""
    few = values.dtype.is_integer() and 3 <= values.n_unique() <= 12
    return three(values) or (few and _share(values, 2) > 0.02)


def _share(values: pl.Series, rank: int) -> float:
    counts = values.drop_nulls().value_counts(sort=True, name="count")["count"]
    return counts[rank] / len(values) if len(counts) > rank else 0.0


def _level(values: pl.Series, rank: int) -> object:
    return values.drop_nulls().value_counts(sort=True, name="count").to_series(0)[rank]


def _in_level(rank: int, new: Callable[[pl.Series], object], share: float | None = None) -> Callable[..., pl.Series]:
    """Return a change of a level's cells; of a ``share`` of all rows, those cells only that come first."""

    def change(values: pl.Series, rows: pl.Series) -> pl.Series:
        chosen = (values == _level(values, rank)).fill_null(value=False)
        if share:
            chosen &= chosen.cum_sum() <= max(2, share * len(values))
        return pl.select(pl.when(chosen).then(pl.lit(new(values))).otherwise(values)).to_series()

    return change


def _split(values: pl.Series, rows: pl.Series) -> pl.Series:
    level = _level(values, 0)
    own = (values == level).fill_null(value=False)
    half = own.cum_sum() % 2 == 0
    first, second = pl.lit(f"{level} north"), pl.lit(f"{level} south")
    return pl.select(pl.when(own & half).then(first).when(own).then(second).otherwise(values)).to_series()


def _renumber(values: pl.Series, rows: pl.Series) -> pl.Series:
    levels = values.drop_nulls().unique().sort().to_list()
    return values.replace_strict(dict(zip(levels, [*levels[1:], levels[0]], strict=True)), default=None)


def _another(values: pl.Series) -> object:
    return f"the {_level(values, 0)}"


def _first(values: pl.Series) -> object:
    return _level(values, 0)


def _one_row(values: pl.Series, rows: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.int_range(len(values)) == 5).then(pl.lit(NEW)).otherwise(values)).to_series()


def _mojibake(values: pl.Series, rows: pl.Series) -> pl.Series:
    return pl.select(pl.when(rows).then(values.str.replace_all("e", "Ã©")).otherwise(values)).to_series()


CATEGORIES: Mapping[str, Defect] = {
    "case changed": Defect(
        put=write(lambda x: x.str.to_uppercase()), check="spelling_variants", fits=with_small_letters
    ),
    "case changed, beside": Defect(
        put=write(lambda x: x.str.to_lowercase()),
        check="mechanical_cause",
        cause="spelling",
        fits=with_capitals,
        beside=True,
    ),
    "trailing space": Defect(put=write(lambda x: x + " "), check="surrounding_blanks", fits=category),
    "trailing space, beside": Defect(
        put=write(lambda x: x + " "), check="mechanical_cause", cause="blanks", fits=category, beside=True
    ),
    "synonym": Defect(
        put=write_where(_in_level(0, _another)),
        check="mechanical_cause",
        cause="another name",
        fits=category,
        beside=True,
    ),
    "synonym in 1 %": Defect(
        put=write_where(_in_level(0, _another, 0.01)),
        check="mechanical_cause",
        cause="another name",
        fits=category,
        beside=True,
    ),
    "level merged": Defect(
        put=write_where(_in_level(1, _first)),
        check="mechanical_cause",
        cause="two levels made one",
        fits=three,
        beside=True,
    ),
    "level merged in 1 %": Defect(
        put=write_where(_in_level(1, _first, 0.01)),
        check="mechanical_cause",
        cause="two levels made one",
        fits=three,
        beside=True,
    ),
    "level split": Defect(
        put=write_where(_split), check="mechanical_cause", cause="one level made several", fits=category, beside=True
    ),
    "new level in one row": Defect(
        put=write_where(_one_row), check="new_values", cause=NEW, fits=category, beside=True
    ),
    "new level in 1 %": Defect(
        put=write(lambda _: pl.lit(NEW)), check="new_values", cause=NEW, fits=category, beside=True
    ),
    "new level in 10 %": Defect(
        put=write(lambda _: pl.lit(NEW)), check="new_values", cause=NEW, fits=category, beside=True, share=0.1
    ),
    "codes renumbered": Defect(
        put=write_where(_renumber), check="mechanical_cause", cause="code table", fits=codes, beside=True
    ),
    "broken letters": Defect(put=write_where(_mojibake), check="broken_characters", fits=with_letter_e, share=0.02),
}
