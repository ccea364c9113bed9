"""The kinds of scoping documents, in the order in which a project writes them."""

from collections.abc import Mapping

from core.scoping.document_kind import DocumentKind
from core.scoping.documents.canvas import CANVAS
from core.scoping.documents.data_definition import DATA_DEFINITION
from core.scoping.documents.goals import GOALS

DOCUMENT_KINDS: Mapping[str, DocumentKind] = {kind.key: kind for kind in (GOALS, CANVAS, DATA_DEFINITION)}
