"""What changed in a text: removed words struck through, added ones underlined; colour says nothing."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from core.scoping.changes import AnswerChange, Change, Piece

_TAGS: Mapping[Change, tuple[str, str]] = {
    Change.SAME: ("", ""),
    Change.ADDED: ('<ins style="text-decoration:underline;text-underline-offset:3px;font-weight:600">', "</ins>"),
    Change.REMOVED: ('<del style="opacity:.6">', "</del>"),
}


def changes(found: Sequence[AnswerChange]) -> None:
    """Show every answer that reads differently now."""
    if not found:
        st.markdown(":gray[Not one word.]")
    for change in found:
        st.markdown(f"**{change.question}**")
        st.html(marked(change.pieces))


def marked(pieces: Sequence[Piece]) -> str:
    """Return a changed text as HTML; whatever people typed is escaped."""
    return "".join(f"{_TAGS[p.change][0]}{escape(p.text)}{_TAGS[p.change][1]}" for p in pieces).replace("\n", "<br>")
