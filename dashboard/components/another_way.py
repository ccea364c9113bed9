"""Say how a file is to be read, where the guess is wrong: a dialog with what was guessed filled in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from core.data.dataset import HowRead
from core.frames.reading import Reading

_DELIMITERS = {",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |", " ": "Space"}
_ENCODINGS = ("utf-8", "cp1252", "iso8859-1", "iso8859-15", "cp1250", "cp1251", "utf-16", "shift_jis", "gb18030")
_HEADER = {True: "The first line names the columns", False: "There are no names"}


def another_way(read: HowRead, again: Callable[[Reading], None], *, key: str) -> None:
    """Ask how a file is to be read and read it again so."""

    @st.dialog("Read it another way", icon=":material/edit_note:")
    def ask() -> None:
        st.markdown(":gray[Filled in is how it was read; change what is wrong.]")
        known = {name: said for name, said in asdict(read.reading).items() if said is not None} | dict(read.dialect)
        ask_for = _workbook if known.get("format") == "excel" else _text
        reading = ask_for(known, key=f"{key}-way")
        if st.button("Read it again", type="primary", icon=":material/refresh:", key=f"{key}-way-act"):
            again(reading)

    ask()


def _text(known: Mapping[str, Any], *, key: str) -> Reading:
    delimiter = _choice("Delimiter", _DELIMITERS, known.get("delimiter"), key=f"{key}-delimiter")
    encoding = _choice("Encoding", dict.fromkeys(_ENCODINGS), known.get("encoding"), key=f"{key}-encoding")
    quote = known.get("quote")
    return Reading(delimiter=delimiter, encoding=encoding, quote=quote, **_lines(known, key=key))


def _workbook(known: Mapping[str, Any], *, key: str) -> Reading:
    sheets: Sequence[str] = known.get("sheets") or ()
    chosen = known.get("sheet")
    sheet = st.selectbox("Sheet", sheets, index=sheets.index(chosen) if chosen in sheets else None, key=f"{key}-sheet")
    return Reading(sheet=sheet, **_lines(known, key=key))


def _lines(known: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    said = known.get("header")
    header = st.selectbox(
        "Header",
        [True, False],
        index=None if said is None else 1 - int(said),
        format_func=lambda value: _HEADER[value],
        placeholder="Guess it",
        key=f"{key}-header",
    )
    above: int | None = known.get("skipped")
    skipped = st.number_input(
        "Lines to skip above it",
        min_value=0,
        max_value=1_000_000,
        value=above,
        placeholder="Guess it",
        key=f"{key}-skip",
    )
    return {"header": header, "skipped": None if skipped is None else int(skipped)}


def _choice(label: str, words: dict[str, Any], chosen: str | None, *, key: str) -> str | None:
    """Offer the usual ones and what was found; another can be typed."""
    options = [*words, *([chosen] if chosen and chosen not in words else [])]
    return st.selectbox(
        label,
        options,
        index=options.index(chosen) if chosen in options else None,
        format_func=lambda value: words.get(value) or value,
        accept_new_options=True,
        placeholder="Guess it, or type another",
        key=key,
    )
