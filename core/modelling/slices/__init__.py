"""Slices of rows: how they are formed, what each brings to a metric, and which of them are weak."""
