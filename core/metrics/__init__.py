"""The metric catalogue: outcomes in, estimates out."""
