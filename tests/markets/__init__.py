"""Tests of markets, prices, texts and tax."""
