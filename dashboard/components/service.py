"""What the endpoint did beside a criterion: three small charts over the same windows, shown on request."""

import polars as pl
import streamlit as st

from core.lifecycle.life import Life
from core.scoping.criterion import Criterion
from dashboard import session
from dashboard.charts.service import Served, latency, requests, rows_of, without_score
from dashboard.components.chart import behind, chart

_HEIGHT = 110
_CHARTS = {
    "requests": ("Requests", requests),
    "latency": ("Response time, median and p95", latency),
    "without-score": ("Rows without a score", without_score),
}
_METHOD = """
From the log of answered requests, whichever version was the champion; the rows of one request were answered together,
so **response times** count it once: from its arrival until it was scored. **Without a score** is the share of answered
rows whose score is missing or no number. A window is drawn at its end, and neighbours share requests where windows
overlap.

Requests that were refused or failed leave no row in the log, so there is no course of them: *Deployment status* counts
them since the scorer started. Windows that an earlier release measured kept nothing of this.
"""


def service(life: Life, criterion: Criterion) -> None:
    """Show what the endpoint did in the windows of a criterion; where no request was logged, say so."""
    windows = [window for window, _ in life.judgements(criterion)]
    served = Served(windows=windows, marks=[d.on for d in life.deployments], zone=life.project.zone)
    if not served.known:
        st.markdown(":gray[No window kept what the endpoint did: windows measured from now on do.]")
        return
    for column, (key, (title, draw)) in zip(st.columns(3, gap="medium"), _CHARTS.items(), strict=True):
        with column:
            st.markdown(f":small[:gray[{title}]]")
            chart(draw(served, session.theme()), key=f"service-{key}", alt=f"{title} by window", height=_HEIGHT)
    behind("service", "What the endpoint did by window", pl.DataFrame(rows_of(served)), _METHOD)
