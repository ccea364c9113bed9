"""The cursor where a person will type: in the text box of the dialog that has just opened."""

from typing import Any

from streamlit.components.v2 import component

_JS = """
const done = new WeakSet();
export default function ({ parentElement }) {
  if (done.has(parentElement)) return;
  done.add(parentElement);
  const wait = tries => {
    const box = document.querySelector('[role=dialog] input');
    if (box) box.focus(); else if (tries) setTimeout(() => wait(tries - 1), 50);
  };
  wait(20);
}
"""
_FOCUS: Any = component("fullcircle_focus", html="<span></span>\n", js=_JS)


def focus_dialog(key: str) -> None:
    """Put the cursor into the first box of the dialog that is being shown; call it last in its body."""
    _FOCUS(key=key, height=1)
