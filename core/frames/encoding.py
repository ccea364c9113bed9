"""Which encoding a text is in that is not UTF-8: the one in which it is made of letters of one alphabet."""

import re
from collections.abc import Mapping

from charset_normalizer import from_bytes

_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿßšž"
_CENTRAL = "áâăäąćčçďđéëęěíîĺľłńňóôőöŕřśšşťţúůűüýźžżß"
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџѓќѕ"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
_TURKISH = "âçğıİîöşûü"
_HEBREW = "אבגדהוזחטיךכלםמןנסעףפץצקרשת"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤإئةپچژگ"
_THAI = "".join(map(chr, range(0xE01, 0xE5B)))
_SIGNS, _ODD_SIGNS = "“”‘’„–—…€°«»\u00a0№", "£§©®·¿¡ªº²³½¼¹µ"
_ALPHABETS: Mapping[str, str] = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "cp1251": _CYRILLIC,
    "koi8-r": _CYRILLIC,
    "cp866": _CYRILLIC,
    "cp1254": _TURKISH,
    "cp1253": _GREEK,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
    "cp874": _THAI,
}
"""Encodings of one byte a letter, the usual ones first, and the letters that are written in them."""

_COMMON: Mapping[str, tuple[range, ...]] = {
    "shift_jis": (range(0x81, 0x84), range(0x88, 0x99)),
    "euc_kr": (range(0xA1, 0xA4), range(0xB0, 0xC9)),
    "gb18030": (range(0xA1, 0xA4), range(0xB0, 0xD8)),
    "euc_jp": (range(0xA1, 0xA6), range(0xB0, 0xD0)),
    "big5": (range(0xA1, 0xA4), range(0xA4, 0xC7)),
}
"""First bytes of the signs in daily use: what each standard calls its first level, kana and punctuation."""

_TRAILS: Mapping[str, range] = {
    "shift_jis": range(0x40, 0xFD),
    "euc_kr": range(0xA1, 0xC0),
    "euc_jp": range(0xA1, 0xC0),
    "gb18030": range(0xA1, 0xC0),
    "big5": range(0x40, 0x7F),
}
"""Last bytes that some of a dozen signs have, and letters of one byte seldom are."""

_FEW = 6

_ENOUGH, _RARE, _USUAL = 0.7, 0.8, 0.04
_COMMONEST = frozenset("áâäåçèéêëíîñóôöøúûüýąćęłńśźżčďěňřšťůžőűоеаинтсрвлкмдпуαιοντεσρκπυηλμςıığşיולהאמרבשתاليمنتر")
"""Letters that make most of a text; others are as right, but too many of them are a sign of another encoding."""

_CASE_TURNED = re.compile(r"[а-яё][А-ЯЁ]|[α-ω][Α-Ω]")
_LATIN_RUN = re.compile(r"[^\x00-\x7f]{3,}")  # in Latin alphabets letters with marks stand among plain ones
_LATIN = frozenset((_WESTERN, _CENTRAL, _TURKISH))
_SAMPLE = 20_000


def wide_encoding(head: bytes) -> str | None:
    """Tell UTF-16 and UTF-32 without a mark: in the right one, zeros are gone and signs of every table appear."""
    sample = head[: 4_096 - len(head) % 4] if len(head) < 4_096 else head[:4_096]
    if b"\x00" not in sample:
        return None
    for encoding in _WIDE:
        text = sample[: len(sample) // 4 * 4].decode(encoding, errors="replace")
        plain = sum(" " <= sign <= "~" or sign in "\r\n\t" for sign in text)
        if text and "\x00" not in text and text.count("\ufffd") <= 1 and plain > 0.15 * len(text):
            return encoding
    return None


def guess_encoding(sample: bytes) -> str:
    """Guess how some lines with letters beyond ASCII are encoded; Windows-1252 is the usual answer."""
    lines = b"\n".join(line for line in re.split(rb"[\r\n]+", sample) if not line.isascii())[:_SAMPLE]
    if sum(byte > 0x7F for byte in lines) < _FEW:
        return "cp1252"
    scores = {encoding: _letters(lines, encoding) for encoding in _ALPHABETS}
    scores |= {encoding: _signs(lines, encoding) for encoding in _COMMON}
    scores["cp1252"] += _USUAL
    scores["cp874"] -= _USUAL  # any bytes are Thai letters
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= _ENOUGH:
        return best
    found = from_bytes(lines, cp_exclusion=["utf_7", *_MAINFRAME]).best()
    return "cp1252" if found is None or len(lines) < 200 else found.encoding


_MAINFRAME = ["cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"]


def _letters(lines: bytes, encoding: str) -> float:
    """Return the share of signs beyond ASCII that are letters of the alphabet, less what no writer mixes."""
    text, letters = lines.decode(encoding, errors="replace"), _ALPHABETS[encoding]
    beyond = [sign for sign in text if sign > "\x7f"]
    weights = dict.fromkeys(_ODD_SIGNS, 0.5) | dict.fromkeys(_SIGNS + letters + letters.upper(), _RARE)
    weights |= {sign: 1.0 for letter in letters if letter in _COMMONEST for sign in (letter, letter.upper())}
    good = sum(weights.get(sign, 0.0) for sign in beyond)
    mixed = 2 * len(_CASE_TURNED.findall(text))
    if letters in _LATIN:
        mixed += sum(map(len, _LATIN_RUN.findall(text)))
    return (good - mixed) / max(len(beyond), 1)


def _signs(lines: bytes, encoding: str) -> float:
    """Return the share of signs beyond ASCII that are in daily use, where all can be decoded."""
    try:
        text = lines.decode(encoding)
    except UnicodeDecodeError as problem:
        if problem.start < len(lines) - 4:
            return 0.0
        text = lines[: problem.start].decode(encoding)
    beyond = [sign.encode(encoding) for sign in text if sign > "\x7f"]
    if len(beyond) > _FEW and not any(sign[-1] in _TRAILS[encoding] for sign in beyond):
        return 0.0
    return sum(any(sign[0] in part for part in _COMMON[encoding]) for sign in beyond) / max(len(beyond), 1)
