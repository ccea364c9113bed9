"""Core results in, Plotly figures out."""
