"""What a visitor agrees to beyond what the shop needs, and the proof of it."""
