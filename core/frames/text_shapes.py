"""The shape of a text: ``A`` for capital letters, ``a`` for small ones, ``9`` for digits; runs are one sign.

``20130101-UA1545-EWR`` is ``9-A9-A``. What lies beyond ASCII counts as a small letter, every blank as a space.
"""

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

PATTERNS = ((r"[^\x00-\x7F]+", "a"), (r"[a-z]+", "a"), (r"[A-Z]+", "A"), (r"[0-9]+", "9"), (r"[ \t-\r]+", " "))
"""The same as replacements by regular expressions, in this order, for engines that have nothing faster."""

_TOGETHER = 32_768  # texts at a time: what is made of them on the way stays in the processor's cache

_RUNS = np.zeros(256, dtype=bool)
_SIGNS = np.arange(256, dtype=np.uint8)
for _low, _high, _sign in (("a", "z", "a"), ("A", "Z", "A"), ("0", "9", "9"), ("\t", "\r", " "), (" ", " ", " ")):
    _SIGNS[ord(_low) : ord(_high) + 1] = ord(_sign)
    _RUNS[ord(_sign)] = True
_SIGNS[128:] = ord("a")


def shapes(texts: pl.Series) -> pl.Series:
    """Return the shape of every text (none of them missing), by its bytes: ten times faster than expressions."""
    parts = [_shapes(part) for part in texts.to_frame().cast(pl.String).iter_slices(_TOGETHER)]
    return pl.concat(parts) if parts else pl.Series("shape", [], dtype=pl.String)


def _shapes(part: pl.DataFrame) -> pl.Series:
    arrow = part.to_series().rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, places, letters = arrow.buffers()
    offsets = np.frombuffer(places, dtype=np.int64)[arrow.offset : arrow.offset + len(arrow) + 1]
    signs = _SIGNS[np.frombuffer(letters or b"", dtype=np.uint8)[offsets[0] : offsets[-1]]]
    return _texts(signs, offsets - offsets[0])


def _texts(signs: NDArray[np.uint8], offsets: NDArray[np.int64]) -> pl.Series:
    keep = np.ones(len(signs), dtype=bool)
    keep[1:] = (signs[1:] != signs[:-1]) | ~_RUNS[signs[1:]]
    keep[offsets[:-1][offsets[:-1] < len(signs)]] = True
    ends = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(keep, dtype=np.int64)])[offsets]
    made = pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(ends), pa.py_buffer(signs[keep]))
    return pl.Series("shape", made)
