"""Tests of the stand-in for Stripe, through the real Stripe client over HTTP."""
