"""The floor of a page switch: Streamlit alone, two views that show a text. Run by ``test_page_switch``."""

import streamlit as st


def one() -> None:
    st.title("One")
    st.write("A text.")


def two() -> None:
    st.title("Two")
    st.write("Another text.")


pages = [st.Page(one, title="One", default=True), st.Page(two, title="Two")]
chosen = st.navigation(pages, position="hidden")
with st.sidebar:
    for page in pages:
        st.page_link(page)
chosen.run()
