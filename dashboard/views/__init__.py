"""One folder a phase, one module a view: ``render()`` reads top to bottom."""
