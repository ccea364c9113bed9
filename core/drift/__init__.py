"""Two summaries in, one comparison out."""
