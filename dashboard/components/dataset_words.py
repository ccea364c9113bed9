"""A dataset version in words: its name, its one sentence, what was found in it."""

from core.data.dataset import DatasetState, DatasetVersion
from core.data.finding import Severity
from core.scoping.project import Project
from dashboard import formats
from dashboard.components.signed import signature
from dashboard.formats import escape

OPENED = "open"  # the name of the finding that a file leaves which could not be opened


def name_of(version: DatasetVersion) -> str:
    """Return what a version goes by: ``flights v1``."""
    return f"{version.name} v{version.number}"


def dataset_sentence(version: DatasetVersion, project: Project) -> str:
    """Return a version in one sentence: its size, what was found, and who decided what on it."""
    name = escape(name_of(version))
    if version.state is DatasetState.CHECKING:
        return f"{name}: **{escape(version.file_name)} is being checked**. Its findings appear here."
    if unreadable(version):
        return f"{name}: **{escape(version.file_name)} could not be opened**. Drop another file."
    errors, warnings = len(version.found(Severity.ERROR)), len(version.found(Severity.WARNING))
    found = f"**{formats.plural(errors, 'error')}, {formats.plural(warnings, 'warning')}**"
    size = f"{formats.plural(version.rows, 'row')}, {formats.plural(len(version.columns), 'column')}"
    if version.state is DatasetState.WAITING:
        return f"{name}: {size}. {found}. Accept it to train on it, or reject it."
    did = "accepted" if version.state is DatasetState.ACCEPTED else "rejected"
    return f"{name}: {size}. {found}; {signature(did, version.decided_by, version.decided_on, project.zone)}."


def unreadable(version: DatasetVersion) -> bool:
    """Tell whether a version's file could not be opened as a table."""
    return any(finding.check == OPENED for finding in version.findings)


def found_words(version: DatasetVersion) -> str:
    """Return how much was found: ``1 error, 2 warnings``."""
    if not version.findings:
        return formats.NOTHING
    errors, warnings = len(version.found(Severity.ERROR)), len(version.found(Severity.WARNING))
    return f"{formats.plural(errors, 'error')}, {formats.plural(warnings, 'warning')}"
