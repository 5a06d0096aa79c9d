"""Django's PostgreSQL, for `DATABASES["…"]["ENGINE"]`, with a cheaper look at a connection that was kept."""
