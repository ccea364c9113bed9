"""A drop zone that streams files to the server's disk, whatever their size, and shows how far they have come."""

from dataclasses import dataclass
from typing import Any, cast

import streamlit as st
from streamlit.components.v2 import component

from core.ids import new_id
from core.service.token import upload_token

FORMATS = "CSV, Excel, Parquet, Arrow or JSON"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A file that has arrived: ``core.service.intake.uploaded(settings, id)`` finds it on disk."""

    id: str
    name: str
    bytes: int
    sha256: str


_HTML = """
<label class="zone"><input type="file"><span class="icon" aria-hidden="true">upload_file</span>
<span class="words"><b></b><span></span></span></label><div class="files" role="status"></div>
"""
_CSS = """
.zone{display:flex;align-items:center;gap:14px;min-height:76px;box-sizing:border-box;padding:12px 20px;cursor:pointer;
border:1.5px dashed var(--st-border-color);border-radius:var(--st-base-radius);font-family:var(--st-font);
background:var(--st-secondary-background-color);color:var(--st-text-color);font-size:14px;line-height:1.45}
.zone:hover,.zone.over{border-color:var(--st-primary-color)}.zone.over{border-style:solid}
.zone:focus-within{outline:2px solid var(--st-primary-color);outline-offset:1px}
.zone input{position:absolute;opacity:0;width:1px;height:1px}
.icon{font-family:"Material Symbols Rounded";font-size:28px;line-height:1;color:var(--st-primary-color);
font-feature-settings:"liga"}
.words{display:flex;flex-direction:column}.words b{font-weight:600}
.words span,.file span{color:var(--st-gray-text-color)}
.file{display:grid;grid-template-columns:minmax(0,1fr) auto auto;gap:4px 12px;align-items:center;padding:8px 2px 0;
font-family:var(--st-font);font-size:13px;color:var(--st-text-color)}
.file b{font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.file.failed span{color:var(--st-red-text-color)}.file.done span{color:var(--st-green-text-color)}
.file button{all:unset;cursor:pointer;padding:0 6px;color:var(--st-gray-text-color);border-radius:4px}
.file button:hover{color:var(--st-text-color)}.file button:focus-visible{outline:2px solid var(--st-primary-color)}
progress{grid-column:1/-1;width:100%;height:4px;appearance:none;border:0;border-radius:2px;overflow:hidden;
background:var(--st-border-color)}
progress::-webkit-progress-bar{background:var(--st-border-color)}
progress::-webkit-progress-value{background:var(--st-primary-color)}
progress::-moz-progress-bar{background:var(--st-primary-color)}
"""
_JS = """
const size = n => n < 1e3 ? `${n} B` : n < 1e6 ? `${(n / 1e3).toFixed(1)} kB`
  : n < 1e9 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e9).toFixed(2)} GB`;
const states = new WeakMap();

function row(box, name) {
  const line = document.createElement('div');
  line.className = 'file';
  line.append(document.createElement('b'), document.createElement('span'));
  line.firstChild.textContent = name;
  box.append(line);
  return line;
}

function send(file, slot, line, finished) {
  const request = new XMLHttpRequest(), began = performance.now();
  const word = line.querySelector('span');
  const bar = document.createElement('progress'), stop = document.createElement('button');
  stop.type = 'button'; stop.textContent = 'Cancel'; bar.max = 1; bar.value = 0;
  line.append(stop, bar);
  const end = (text, kind) => { word.textContent = text; line.classList.add(kind); bar.remove(); stop.remove(); };
  stop.onclick = () => request.abort();
  request.upload.onprogress = event => {
    const share = event.total ? event.loaded / event.total : 0;
    const rate = event.loaded / Math.max(0.05, (performance.now() - began) / 1000);
    bar.value = share;
    word.textContent = `${Math.floor(100 * share)} %, ${size(event.loaded)} of ${size(event.total)}, ${size(rate)}/s`;
  };
  request.onload = () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* not ours: a proxy answered */ }
    if (request.status === 200) { end(size(answer.bytes), 'done'); finished({ ...answer, name: file.name }); }
    else end(answer.error || `The server refused the file (${request.status}). Try again.`, 'failed');
  };
  request.onerror = () => end('The connection broke. Drop the file again.', 'failed');
  request.onabort = () => end('Cancelled.', 'failed');
  request.open('PUT', `/api/v1/uploads/${slot.id}?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader('x-upload-token', slot.token);
  request.send(file);
}

export default function ({ data, parentElement, setStateValue }) {
  const find = name => parentElement.querySelector(name);
  const zone = find('.zone'), input = find('input'), box = find('.files'), many = data.slots.length > 1;
  const state = states.get(parentElement) ?? { used: new Set(), done: [] };
  states.set(parentElement, state);
  input.multiple = many;
  input.setAttribute('aria-label', data.label);
  find('.words b').textContent = data.label;
  find('.words span').textContent = data.hint;
  if (!box.children.length) for (const file of data.done) {
    const line = row(box, file.name);
    line.classList.add('done'); line.querySelector('span').textContent = size(file.bytes);
  }
  const take = files => {
    const free = data.slots.filter(slot => !state.used.has(slot.id));
    const chosen = [...files].slice(0, free.length);
    if (!chosen.length) return;
    box.replaceChildren(); state.done = [];
    chosen.forEach((file, index) => {
      state.used.add(free[index].id);
      send(file, free[index], row(box, file.name), answer => {
        state.done[index] = answer;
        if (state.done.filter(Boolean).length === chosen.length) setStateValue('files', state.done);
      });
    });
  };
  input.onchange = () => { take(input.files); input.value = ''; };
  zone.ondragover = event => { event.preventDefault(); zone.classList.add('over'); };
  zone.ondragleave = () => zone.classList.remove('over');
  zone.ondrop = event => { event.preventDefault(); zone.classList.remove('over'); take(event.dataTransfer.files); };
}
"""
_ZONE: Any = component("fullcircle_uploader", html=_HTML, css=_CSS, js=_JS)


def uploader(key: str, *, files: int = 1, label: str = "", hint: str = "") -> list[Uploaded]:
    """Show a drop zone for up to ``files`` files and return the ones that have arrived, all together.

    The list is empty until every chosen file has arrived. Dropping again replaces it.
    """
    state = cast("dict[str, Any]", st.session_state.get(key) or {})
    done = cast("list[dict[str, Any]]", state.get("files") or [])
    slots = _slots(key, files, {file["id"] for file in done})
    result = _ZONE(
        key=key,
        data={
            "slots": [{"id": slot, "token": upload_token(slot)} for slot in slots],
            "done": done,
            "label": label or ("Drop a file here, or choose one" if files == 1 else "Drop one file or two, or choose"),
            "hint": hint or f"{FORMATS}, up to 2 GB",
        },
        on_files_change=lambda: None,
    )
    arrived = cast("list[dict[str, Any]]", result.files or [])
    return [Uploaded(id=f["id"], name=f["name"], bytes=f["bytes"], sha256=f["sha256"]) for f in arrived]


def _slots(key: str, files: int, used: set[str]) -> list[str]:
    """Return ids for the next files: kept over reruns, fresh ones once they were used."""
    name = f"{key}-slots"
    slots = cast("list[str]", st.session_state.get(name) or [])
    if len(slots) != files or used & set(slots):
        slots = [new_id() for _ in range(files)]
        st.session_state[name] = slots
    return slots
