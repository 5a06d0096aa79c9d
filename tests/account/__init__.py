"""Tests of the customer's account."""
