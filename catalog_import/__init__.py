"""Amazon exports become the shop's catalogue: read, plan, apply."""
