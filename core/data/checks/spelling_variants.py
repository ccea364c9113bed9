"""One category in several spellings."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_LEVELS = 10_000


def _variants(column: Column) -> Found | None:
    if column.distinct > min(_LEVELS, 0.5 * column.present + 10):
        return None
    text = pl.col("value").str.normalize("NFKC").str.strip_chars()
    levels = column.said.with_columns(inner=text, plain=_plain(text))
    levels = levels.filter(pl.col("plain").str.contains(r"\pL")).with_columns(
        spellings=pl.col("inner").n_unique().over("plain"), most=pl.col("count").max().over("plain")
    )
    variants = levels.filter((pl.col("spellings") > 1) & (pl.col("count") < pl.col("most")))
    same = levels.filter(pl.col("spellings") > 1)
    if same.is_empty():
        return None
    rarer = variants if len(variants) else same.tail(len(same) // 2)
    count = int(rarer["count"].sum())
    pair = same.filter(pl.col("plain") == same["plain"][0])["value"]
    return Found(
        count=count,
        rows=column.where(rarer["value"]),
        message=f"`{column.name}` spells one value in several ways, like {shown(pair[0])} and {shown(pair[1])}, in "
        f"{rows_of(count)} ({percent(count / column.rows)}).",
    )


def _plain(text: pl.Expr) -> pl.Expr:
    """Return a text without case, and without signs that some leave out; points inside numbers stay."""
    spaced = text.str.to_lowercase().str.replace_all(r"[\s_\-]+", " ")
    return spaced.str.replace_all(r"(\D|^)[.,'’`\"]+", "$1").str.replace_all(r"[.,'’`\"]+(\D|$)", "$1")


CHECK = Check(
    name="spelling_variants",
    title="Every category has one spelling",
    severity=Severity.WARNING,
    help="Values that differ only in case, spaces, hyphens or Unicode form are counted as different.",
    misleads="Some codes differ by their case alone: units such as mS and MS.",
    default="Any two values that differ only in case, blanks, hyphens, points or Unicode form.",
    source="Deepchecks StringMismatch.",
    fix="Choose one spelling.",
    kinds=("text",),
    on_column=_variants,
)
