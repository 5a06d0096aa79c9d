"""First run: the database in a second, the demo shop, the first-run page."""
