"""A file that the server or an object store has already: named instead of sent, where an operator allows it."""

import streamlit as st

from core.errors import FullcircleError
from core.frames.sources import Allowed, allowed_by
from core.service.upload import Upload, take
from dashboard import formats, session
from dashboard.components.empty import problem


def on_the_server(key: str) -> list[Upload]:
    """Offer to name a file, and return the copy of it once; nothing is offered where no place is allowed."""
    settings = session.workspace().settings
    allowed = allowed_by(settings)
    if not (allowed.folders or allowed.addresses):
        return []
    box = st.expander("A path or address on the server", icon=":material/dns:", key=f"{key}-server")
    with box, st.form(f"{key}-server-form", border=False):
        source = st.text_input("Path or address", placeholder=_example(allowed), key=f"{key}-server-source")
        st.markdown(f":gray[Files may be taken from {_places(allowed)}.]")
        asked = st.form_submit_button("Take it", icon=":material/download:", key=f"{key}-server-take")
    if not (asked and source.strip()):
        return []
    with box, st.spinner("Copying the file", show_time=True):
        try:
            return [take(settings, source)]
        except FullcircleError as error:
            problem(str(error))
            return []


def _example(allowed: Allowed) -> str:
    if allowed.folders:
        return f"{allowed.folders[0]}/table.csv"
    return f"{allowed.addresses[0].rstrip('/')}/table.parquet"


def _places(allowed: Allowed) -> str:
    return formats.sentence(formats.escape(place) for place in (*allowed.folders, *allowed.addresses))
