"""What writes markets, prices and checks; one use case, one function."""
