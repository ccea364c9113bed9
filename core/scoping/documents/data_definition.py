"""Data definition: what a row is, what is predicted from what."""

from core.scoping.document_kind import DocumentKind, Question

DATA_DEFINITION = DocumentKind(
    key="data_definition",
    title="Data definition",
    purpose="What one row is, which column is predicted, and what is known when.",
    questions=(
        Question(key="row", text="What is one row?", hint="One flight, one customer and month, one image."),
        Question(
            key="target", text="What exactly is the target?", hint="The rule that makes the label, with its unit."
        ),
        Question(key="known", text="What is known when the prediction is made?", hint="And what is not."),
        Question(key="block", text="Which rows are not independent?", hint="Rows of one day, one user, one machine."),
        Question(
            key="quality", text="Which values are known to be wrong or missing?", hint="Codes, outages, new categories."
        ),
    ),
)
