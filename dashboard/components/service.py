"""What the endpoint did beside a criterion: small charts over the same windows, shown on request."""

import polars as pl
import streamlit as st

from core.lifecycle.life import Life
from core.scoping.criterion import Criterion
from dashboard import session
from dashboard.charts.service import Served, latency, requests, rows_of, unanswered, without_score
from dashboard.components.chart import behind, chart

_HEIGHT = 110
_CHARTS = {
    "requests": ("Requests", requests),
    "unanswered": ("Failed, and dotted refused", unanswered),
    "latency": ("Response time, median and p95", latency),
    "without-score": ("Rows without a score", without_score),
}
_METHOD = """
From the log of requests, whichever version was the champion. **Failed** are those that the endpoint could not answer
(HTTP 5xx: the model broke on the rows, or the log took no record), **refused** those that no model could have answered
(4xx: the body is no request, or does not fit the inputs); both are shares of all requests, by the minute of their
arrival. A file of answered rows is no request.

The rows of one request were answered together, so **response times** count it once: from its arrival until it was
scored. **Without a score** is the share of answered rows whose score is missing or no number. A window is drawn at its
end, and neighbours share requests where windows overlap.

Windows that an earlier release measured kept nothing of this, or nothing of what failed or was refused.
"""


def service(life: Life, criterion: Criterion) -> None:
    """Show what the endpoint did in the windows of a criterion; where no request was logged, say so."""
    windows = [window for window, _ in life.judgements(criterion)]
    served = Served(windows=windows, marks=[d.on for d in life.deployments], zone=life.project.zone)
    if not served.known:
        st.markdown(":gray[No window kept what the endpoint did: windows measured from now on do.]")
        return
    for column, (key, (title, draw)) in zip(st.columns(len(_CHARTS), gap="small"), _CHARTS.items(), strict=True):
        with column:
            st.markdown(f":small[:gray[{title}]]")
            chart(draw(served, session.theme()), key=f"service-{key}", alt=f"{title} by window", height=_HEIGHT)
    behind("service", "What the endpoint did by window", pl.DataFrame(rows_of(served)), _METHOD)
