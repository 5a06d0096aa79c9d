"""People who sign in: customers and staff, known by their e-mail address."""
