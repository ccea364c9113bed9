"""What the frame knows of a view."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """One entry of the navigation, or a record's page that is reached by a link (``listed=False``).

    ``key`` is the address, ``module`` the one under ``dashboard.views`` whose ``render`` shows it, ``question`` the one
    that the view answers.
    """

    key: str
    title: str
    icon: str
    module: str
    question: str
    phase: str = ""
    listed: bool = True
    needs_project: bool = True
