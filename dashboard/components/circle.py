"""The circle on the page: a click on a phase leads there."""

from collections.abc import Sequence
from typing import Any

from streamlit.components.v2 import component

from dashboard import session
from dashboard.charts.circle import Centre, Segment, circle_html

_CSS = """
.circle{display:grid;grid-template-columns:minmax(0,1fr) 330px minmax(0,1fr);grid-template-rows:repeat(3,100px);
grid-template-areas:"left-1 ring right-1" "left-2 ring right-2" "left-3 ring right-3";
font-family:var(--st-font);color:var(--st-text-color);font-size:14px}
.ring{grid-area:ring;position:relative}
.middle{position:absolute;inset:0;display:flex;flex-direction:column;align-items:center;justify-content:center;
text-align:center;pointer-events:none;padding:0 96px;line-height:1.3;font-size:13px;color:var(--st-gray-text-color)}
.middle b{font-size:30px;font-weight:600;line-height:1.25;color:var(--st-text-color);white-space:nowrap}
.middle b.long{font-size:22px;line-height:1.5}
.middle span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.middle b.red{color:var(--st-red-text-color)}.middle b.green{color:var(--st-green-text-color)}
.middle b.orange{color:var(--st-orange-text-color)}
.icon{font-family:"Material Symbols Rounded";font-weight:400;font-feature-settings:"liga";white-space:nowrap}
svg .icon{font-size:21px;text-anchor:middle;dominant-baseline:central;fill:var(--c);pointer-events:none}
.green{--c:var(--st-green-text-color);--b:var(--st-green-background-color);--l:var(--st-green-color)}
.blue{--c:var(--st-blue-text-color);--b:var(--st-blue-background-color);--l:var(--st-blue-color)}
.orange{--c:var(--st-orange-text-color);--b:var(--st-orange-background-color);--l:var(--st-orange-color)}
.red{--c:var(--st-red-text-color);--b:var(--st-red-background-color);--l:var(--st-red-color)}
.gray{--c:var(--st-gray-text-color);--b:var(--st-gray-background-color);--l:var(--st-border-color)}
.arc{cursor:pointer}
.band{fill:var(--b);stroke:var(--l);stroke-width:1.5;stroke-linejoin:round;transition:filter .12s}
.arc:hover .band,.arc.on .band{filter:saturate(1.5) brightness(.96)}
.lead{fill:none;stroke:var(--st-border-color);stroke-width:1}
.label{all:unset;box-sizing:border-box;align-self:center;cursor:pointer;display:flex;flex-direction:column;gap:2px;
padding:6px 12px;border-radius:var(--st-base-radius);line-height:1.35;min-width:0;overflow-wrap:anywhere}
.label.left{align-items:flex-end;text-align:right}.label.right{align-items:flex-start}
.label:hover,.label.on{background:var(--st-secondary-background-color)}
.label:focus-visible{outline:2px solid var(--st-primary-color)}
.name{font-weight:600;font-size:15px}
.state{color:var(--c);display:inline-flex;align-items:center;gap:4px;font-size:14px}
.state .icon{font-size:17px;line-height:1}
.figure{color:var(--st-gray-text-color);font-size:13px}.figure b{color:var(--st-text-color);font-weight:600}
@media (max-width:760px){.circle{grid-template-columns:1fr;grid-template-rows:none;justify-items:center;
grid-template-areas:"ring" "right-1" "right-2" "right-3" "left-3" "left-2" "left-1"}
.label,.label.left{width:100%;align-items:flex-start;text-align:left}.lead{display:none}}
@media (prefers-reduced-motion:reduce){.band{transition:none}}
"""
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('#root');
  if (root.dataset.html !== data.html) { root.innerHTML = data.html; root.dataset.html = data.html; }
  for (const part of root.querySelectorAll('[data-view]')) {
    const same = root.querySelectorAll(`[data-view="${part.dataset.view}"]`);
    part.onclick = () => setTriggerValue('opened', part.dataset.view);
    part.onpointerenter = () => same.forEach(other => other.classList.add('on'));
    part.onpointerleave = () => same.forEach(other => other.classList.remove('on'));
  }
}
"""
_CIRCLE: Any = component("fullcircle_circle", html="<div id='root'></div>", css=_CSS, js=_JS)


def circle(segments: Sequence[Segment], *, centre: Centre, alt: str, key: str = "circle") -> None:
    """Show the circle; a phase that is clicked opens its view."""
    result = _CIRCLE(key=key, data={"html": circle_html(segments, centre, alt=alt)}, on_opened_change=lambda: None)
    if result.opened:
        session.go(result.opened)
