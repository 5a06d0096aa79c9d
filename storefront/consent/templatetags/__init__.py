"""What pages print of the choice."""
