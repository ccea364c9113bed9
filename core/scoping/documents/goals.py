"""Goals: what success means to the people who will use the model."""

from core.scoping.document_kind import DocumentKind, Question

GOALS = DocumentKind(
    key="goals",
    title="Goals",
    purpose="What success means, in the words of the people who will use it. Signing the goals signs the criteria.",
    questions=(
        Question(key="problem", text="Which problem do we solve, and for whom?", hint="One sentence; name the people."),
        Question(
            key="decision", text="Which decision will change because of the model?", hint="Who does what differently?"
        ),
        Question(key="without", text="What happens today, without a model?", hint="The rule of thumb to beat."),
        Question(
            key="cost",
            text="What does a miss cost, and what does a false alarm cost?",
            hint="In money, minutes or trust.",
        ),
        Question(key="stop", text="When would we stop?", hint="A result at which you would end the project."),
    ),
)
