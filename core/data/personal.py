"""Values that identify people: how they are recognised, and how they are hidden where they would be shown."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

_SAMPLE = 2_000
_SHARE = 0.01
_IBAN_LETTERS = {chr(letter): str(letter - 55) for letter in range(65, 91)}
_BYTE = r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """A kind of values that identify people: the form, the check digits, and the share of values from which it is so.

    ``secret`` values are hidden wherever they stand, even alone among others.
    """

    words: str
    form: str
    agrees: Callable[[str], bool] | None = None
    share: float = _SHARE
    secret: bool = True

    def fits(self, text: str) -> bool:
        """Tell whether one text is such a value."""
        return bool(re.fullmatch(self.form, text)) and (self.agrees is None or self.agrees(text))


def _card(text: str) -> bool:
    """Tell whether the digits are a payment card's: 13 to 19 of them, a known first digit, Luhn's sum."""
    digits = [int(c) for c in text if c.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) < 2:
        return False
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _iban(text: str) -> bool:
    plain = text.replace(" ", "").upper()
    moved = "".join(_IBAN_LETTERS.get(c, c) for c in plain[4:] + plain[:4])
    return moved.isdigit() and int(moved) % 97 == 1


CARDS = Personal(words="payment card numbers", form=r"\s*[0-9][0-9 -]{11,22}[0-9]\s*", agrees=_card, share=0.5)
KINDS = (
    Personal(words="e-mail addresses", form=r"\s*[\w.+%-]{1,64}@[\w-]+(\.[\w-]+)+\s*"),
    CARDS,  # one number in ten passes by chance, so half of them must
    Personal(
        words="bank account numbers", form=r"\s*[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 ]{11,34}\s*", agrees=_iban, share=0.05
    ),
    Personal(
        words="phone numbers", form=r"\s*(\+[0-9]{1,3}[ .-]?)(\(?[0-9]{1,4}\)?[ .-]?){2,5}[0-9]{2,4}\s*", share=0.5
    ),
    Personal(words="social security numbers", form=r"\s*[0-9]{3}-[0-9]{2}-[0-9]{4}\s*", share=0.5),
    Personal(words="internet addresses", form=rf"\s*{_BYTE}(\.{_BYTE}){{3}}\s*", share=0.5, secret=False),
)


def personal_kind(levels: pl.DataFrame, *, numbers: bool = False) -> Personal | None:
    """Return what the most frequent values (``value``, ``count``) are, if they identify people."""
    most = [(str(value), int(count)) for value, count in levels.head(_SAMPLE).iter_rows()]
    total = sum(count for _, count in most)
    for kind in (CARDS,) if numbers else KINDS:
        hits = sum(count for text, count in most if kind.fits(text))
        if hits and hits >= kind.share * total:
            return kind
    return None


def values_of(kind: Personal, levels: pl.DataFrame) -> pl.Series:
    """Return all values of a kind among ``levels``."""
    text = levels["value"].cast(pl.String)
    fits = text.str.contains(f"^(?:{kind.form})$")
    if kind.agrees is not None:
        agreed = [text[int(i)] for i in fits.arg_true() if kind.agrees(text[int(i)])]
        fits = text.is_in(agreed)
    return levels["value"].filter(fits)


def hidden(text: str) -> str:
    """Return the first sign and the shape of a text: what is shown must not spread what it warns about."""
    return text[:1] + re.sub(r"\w", "•", text[1:])


def discreet(text: str) -> str:
    """Return a text as it is, or hidden where it identifies a person by itself."""
    long = len(text) > 120
    return text if long or not any(kind.secret and kind.fits(text) for kind in KINDS) else hidden(text)
