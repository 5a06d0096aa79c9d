"""What reads markets, prices, texts and the tax setup, a constant number of queries for any number of products."""
