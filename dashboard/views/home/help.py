"""Help: the words of the product, and twenty answers."""

import streamlit as st

from dashboard.components.answers import ANSWERS
from dashboard.components.glossary import found
from dashboard.components.header import page_header
from dashboard.vocabulary import GLOSSARY


def render() -> None:
    """Show the view."""
    page_header("Help", f"**{len(GLOSSARY)} terms** and **{len(ANSWERS)} answers**; nothing here needs a network.")
    query = st.text_input(
        "Search the help",
        type="search",
        live=True,
        key="help-query",
        placeholder="recall, window, undecided ...",
        label_visibility="collapsed",
        bind="query-params",
    )
    answers, terms = st.tabs(["Answers", "Glossary"])
    with answers:
        _answers(query or "")
    with terms:
        rows = found(query) if query else GLOSSARY
        if not rows:
            st.markdown(":gray[No term contains that.]")
        for word, text in rows.items():
            st.markdown(f"**{word}**  \n{text}")


def _answers(query: str) -> None:
    wanted = query.casefold().strip()
    shown = {q: a for q, a in ANSWERS.items() if wanted in f"{q} {a}".casefold()}
    if not shown:
        st.markdown(":gray[No answer contains that. Look into the glossary.]")
    for question, answer in shown.items():
        with st.expander(question):
            st.markdown(answer)
