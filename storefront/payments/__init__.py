"""Taking money: the order first, then the payment intent, then one settle()."""
