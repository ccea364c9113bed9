"""A button that copies the page's address."""

from typing import Any

from streamlit.components.v2 import component

_HTML = """
<button type="button" title="Copy the link to this view" aria-label="Copy the link to this view">
<svg viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" stroke-width="2"
 stroke-linecap="round" aria-hidden="true"><path d="M9.5 14.5a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7l-1.2 1.2"/>
<path d="M14.5 9.5a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.2-1.2"/></svg><span role="status"></span></button>
"""
_CSS = """
button{display:inline-flex;align-items:center;gap:6px;height:32px;padding:0 8px;border:0;background:none;cursor:pointer;
color:var(--st-gray-text-color);
font-family:var(--st-font);font-size:13px;
border-radius:var(--st-button-radius)}
button:hover{color:var(--st-primary-color);background:var(--st-secondary-background-color)}
button:focus-visible{outline:2px solid var(--st-primary-color);outline-offset:1px}
"""
_JS = """
export default function ({ parentElement }) {
  const button = parentElement.querySelector('button'), word = parentElement.querySelector('span');
  button.onclick = async () => {
    try { await navigator.clipboard.writeText(location.href); }
    catch {
      const field = document.createElement('textarea');
      field.value = location.href; document.body.append(field); field.select();
      document.execCommand('copy'); field.remove();
    }
    word.textContent = 'Copied';
    setTimeout(() => { word.textContent = ''; }, 1600);
  };
}
"""
_COPY: Any = component("fullcircle_copy_link", html=_HTML, css=_CSS, js=_JS)


def copy_link() -> None:
    """Show the button; it copies the address with project, record and selection."""
    _COPY(key="copy-link", width="content")
