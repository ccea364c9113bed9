"""Performance without labels: what a metric can be expected to be, where the model's world only moved."""
