"""Pure numerics on arrays and counts."""
