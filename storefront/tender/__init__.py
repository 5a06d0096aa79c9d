"""Money that is not a card: gift cards and store credit, each with a ledger that is never negative."""
