"""Orders, the institution's books, payouts, bank, parcels and customs side by side, every difference with its class."""
