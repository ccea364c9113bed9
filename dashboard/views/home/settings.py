"""Settings: where everything is kept, and who is using it."""

from importlib.metadata import version
from pathlib import Path

import streamlit as st

from dashboard import formats, session
from dashboard.components.header import page_header
from dashboard.components.table import listing


def render() -> None:
    """Show the view."""
    settings = session.workspace().settings
    parts = {
        "Records": settings.records_file,
        "Tables, models, documents": settings.artifacts,
        "Predictions": settings.predictions,
        "Answers on their way": settings.spool,
        "Dropped files": settings.uploads,
    }
    used = {name: _bytes(path) for name, path in parts.items()}
    page_header(
        "Settings", f"Fullcircle {version('fullcircle')} keeps **{formats.size(sum(used.values()))}** on this machine."
    )
    st.markdown("## Where everything is kept")
    st.code(str(settings.home), language=None)
    listing(
        [
            {"What": name, "Where": formats.escape(path.relative_to(settings.home)), "Used": formats.size(used[name])}
            for name, path in parts.items()
        ],
        alt="Storage by kind",
    )
    if settings.database_url:
        st.markdown("The records are in a PostgreSQL database, not in the file above.")
    st.markdown("## Who is using it")
    actor = session.workspace().actor
    zone = st.context.timezone or "UTC"
    st.markdown(f"**{formats.escape(actor.name)}**, {actor.role}. Times of acts are shown in {formats.escape(zone)}.")
    st.markdown("## Look")
    st.markdown("Light or dark follows your system. Motion is left out where your system asks for that.")
    st.markdown("## Licences")
    st.markdown("Fullcircle: Apache 2.0. Typefaces: Instrument Sans and Geist Mono, SIL Open Font License 1.1.")


def _bytes(path: Path) -> int:
    if path.is_file():  # what a database has not folded into its file yet lies beside it
        return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
