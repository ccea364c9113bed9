"""The catalogue of mechanical causes; the first that fits a column names it, so the exact ones come first."""

from collections.abc import Mapping

from core.drift.cause import Cause
from core.drift.causes.clipped import CLIPPED
from core.drift.causes.clock_shift import CLOCK_SHIFT
from core.drift.causes.constant_added import CONSTANT_ADDED
from core.drift.causes.cut_off import CUT_OFF
from core.drift.causes.day_month import DAY_MONTH
from core.drift.causes.decimal_comma import DECIMAL_COMMA
from core.drift.causes.filled import FILLED
from core.drift.causes.level_merged import LEVEL_MERGED
from core.drift.causes.level_renamed import LEVEL_RENAMED
from core.drift.causes.level_split import LEVEL_SPLIT
from core.drift.causes.milliseconds import MILLISECONDS
from core.drift.causes.mojibake import MOJIBAKE
from core.drift.causes.multiplied import MULTIPLIED
from core.drift.causes.null_token import NULL_TOKEN
from core.drift.causes.renamed import RENAMED
from core.drift.causes.renumbered import RENUMBERED
from core.drift.causes.repeated_block import REPEATED_BLOCK
from core.drift.causes.rounded import ROUNDED
from core.drift.causes.shuffled import SHUFFLED
from core.drift.causes.sign import SIGN
from core.drift.causes.silent_source import SILENT_SOURCE
from core.drift.causes.spelling import SPELLING
from core.drift.causes.swapped_columns import SWAPPED_COLUMNS
from core.drift.causes.temperature import TEMPERATURE
from core.drift.causes.unit import UNIT

CAUSES: Mapping[str, Cause] = {
    "renamed": RENAMED,
    "swapped_columns": SWAPPED_COLUMNS,
    "repeated_block": REPEATED_BLOCK,
    "cut_off": CUT_OFF,
    "silent_source": SILENT_SOURCE,
    "milliseconds": MILLISECONDS,
    "clock_shift": CLOCK_SHIFT,
    "day_month": DAY_MONTH,
    "shuffled": SHUFFLED,
    "clipped": CLIPPED,
    "filled": FILLED,
    "sign": SIGN,
    "temperature": TEMPERATURE,
    "decimal_comma": DECIMAL_COMMA,
    "unit": UNIT,
    "constant_added": CONSTANT_ADDED,
    "rounded": ROUNDED,
    "multiplied": MULTIPLIED,
    "spelling": SPELLING,
    "mojibake": MOJIBAKE,
    "null_token": NULL_TOKEN,
    "renumbered": RENUMBERED,
    "level_renamed": LEVEL_RENAMED,
    "level_merged": LEVEL_MERGED,
    "level_split": LEVEL_SPLIT,
}
