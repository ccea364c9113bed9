"""A drop zone that streams files to the server's disk, whatever their size, and goes on where a connection broke."""

from pathlib import Path
from typing import Any, cast

import streamlit as st
from streamlit.components.v2 import component

from core.errors import NotFound
from core.service.token import page_token
from core.service.upload import MAX_UPLOAD_BYTES, Upload, uploaded
from dashboard import session

FORMATS = "CSV, Excel, Parquet, Arrow or JSON"
SIZE = f"up to {MAX_UPLOAD_BYTES // 2**30} GB"

_HTML = """
<label class="zone"><input type="file"><span class="icon" aria-hidden="true">upload_file</span>
<span class="words"><b></b><span></span></span></label><div class="files" role="status"></div>
"""
_HERE = Path(__file__).parent
_ZONE: Any = component(
    "fullcircle_uploader",
    html=_HTML,
    css=(_HERE / "uploader.css").read_text(encoding="utf-8"),
    js=(_HERE / "uploader.js").read_text(encoding="utf-8"),
)


def uploader(key: str, *, files: int = 1, label: str = "", hint: str = "") -> list[Upload]:
    """Show a drop zone for up to ``files`` files and return the ones that have arrived, all together.

    The list is empty until every chosen file has arrived, in the order in which they were chosen. Dropping again
    replaces it.
    """
    state = cast("dict[str, Any]", st.session_state.get(key) or {})
    done = _here(state.get("files"))
    result = _ZONE(
        key=key,
        data={
            "token": page_token(),
            "most": files,
            "done": [{"name": upload.name, "bytes": upload.bytes} for upload in done],
            "label": label or ("Drop a file here, or choose one" if files == 1 else "Drop one file or two, or choose"),
            "hint": hint or f"{FORMATS}, {SIZE}",
        },
        on_files_change=lambda: None,
    )
    return _here(result.files)


def _here(ids: Any) -> list[Upload]:
    """Return the files that the browser says have arrived; none where one of them is gone since."""
    settings = session.workspace().settings
    try:
        return [uploaded(settings, str(upload_id)) for upload_id in cast("list[object]", ids or [])]
    except NotFound:
        return []
