"""What the shop answers to reviews."""
