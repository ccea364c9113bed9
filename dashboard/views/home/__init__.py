"""What belongs to no phase."""
