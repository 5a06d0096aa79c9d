"""Money in several markets, through the pages a shopper sees: prices, baskets, checkout, orders."""
