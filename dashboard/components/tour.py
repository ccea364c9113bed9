"""The walk round in five minutes: two sentences a view, on the project at hand."""

import streamlit as st

from dashboard import session

STEPS: tuple[tuple[str, str, str], ...] = (
    (
        "overview",
        "The circle",
        "Six phases, and the figure that each of them stands on. Below, the dotted line is what was agreed, and "
        "each dot is where production stands.",
    ),
    (
        "documents",
        "What was agreed",
        "Before any model there were signed goals, and criteria such as: recall of late flights at least 0.30. They "
        "judge everything that follows.",
    ),
    (
        "datasets",
        "The data",
        "Every file is checked before a person accepts it. Only what deviates is listed; what is fine is one line.",
    ),
    (
        "runs",
        "The runs",
        "Each run stands against the criteria with its interval. Two models whose difference may be chance are called "
        "that: no difference shown.",
    ),
    (
        "release",
        "The gate",
        "A version goes live when no criterion is not met and a person approves. The approval freezes the criteria as "
        "they were.",
    ),
    (
        "deployment",
        "What is serving",
        "Every answer is on disk before it is given. Here stands which version answers, how fast, and by whose word.",
    ),
    (
        "drift",
        "What moved",
        "Later days are compared with the training rows, column by column. Drift alone is amber: a reason to look, "
        "none to act.",
    ),
    (
        "performance",
        "Does it still hold?",
        "The criterion from scoping runs through production as a line. Where its whole interval lies on the wrong side,"
        " an alert is raised.",
    ),
    (
        "cases",
        "What to do about it",
        "An alert opens a case, and the options in it are tried on held-back weeks first. A decision always gets a "
        "post-check.",
    ),
    (
        "thread",
        "How we got here",
        "One path leads from the criterion to the post-check. Every step of it is in a ledger that shows when somebody "
        "changes the past.",
    ),
    (
        "check",
        "Your own file",
        "Drop a file and read what is wrong with it; drop two and read what moved. A project can begin from either.",
    ),
)


def begin() -> None:
    """Begin the tour at its first view."""
    session.walk_tour(0)
    session.go(STEPS[0][0])


def card() -> None:
    """Show the step that is being walked, above the view; nothing where nobody walks."""
    step = session.tour_step()
    if step is None:
        return
    _, title, text = STEPS[step]
    with st.container(border=True, key="tour", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f":material/explore: **{title}** :gray[:small[{step + 1} of {len(STEPS)}]]", width="stretch")
            back = st.button("Back", type="tertiary", key="tour-back", disabled=step == 0)
            last = step + 1 == len(STEPS)
            forward = st.button("Finish" if last else "Next", key="tour-next", icon=":material/arrow_forward:")
            st.button(
                ":material/close:",
                type="tertiary",
                key="tour-end",
                help="End the tour",
                on_click=session.walk_tour,
                args=(None,),
            )
        st.markdown(text)
    if back or forward:
        _move(step + (1 if forward else -1))


def _move(step: int) -> None:
    if step >= len(STEPS):
        session.walk_tour(None)
        session.go("overview")
    session.walk_tour(step)
    session.go(STEPS[step][0])
