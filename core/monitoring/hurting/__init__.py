"""Why a metric changed between two sets of labelled rows: which slices it hurts, and which part of the world moved."""
