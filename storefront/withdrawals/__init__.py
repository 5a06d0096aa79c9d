"""The function to withdraw from a contract (Directive 2011/83/EU, Art. 11a, as of 19 June 2026)."""
