"""Tables of any size: open a file, summarise columns, slice rows."""
