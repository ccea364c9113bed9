"""The canvas: a project on one page."""

from core.scoping.document_kind import DocumentKind, Question

CANVAS = DocumentKind(
    key="canvas",
    title="Canvas",
    purpose="The project on one page: whether it is worth doing, and what could go wrong.",
    questions=(
        Question(key="value", text="What is it worth?", hint="A figure a year, and how you got it."),
        Question(key="users", text="Who uses the prediction, and when?", hint="Role, place, minute of the day."),
        Question(key="prediction", text="What is predicted, how far ahead?", hint="Target, horizon, unit."),
        Question(key="data", text="Which data are known at that moment?", hint="Nothing from after the decision."),
        Question(key="labels", text="When and from where do labels come?", hint="Delay, share that never gets one."),
        Question(key="baseline", text="What would a simple rule reach?", hint="The baseline that a model must beat."),
        Question(key="risks", text="Who could be harmed, and how would we notice?", hint="Groups, slices, complaints."),
        Question(key="feasibility", text="Why do we believe that it can work?", hint="Evidence, not hope."),
        Question(key="operation", text="Who watches it after launch?", hint="A name and a rhythm."),
        Question(key="milestones", text="What happens by when?", hint="Three dates are enough."),
    ),
)
