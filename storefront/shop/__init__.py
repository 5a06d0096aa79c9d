"""Oscar apps we change: one folder per Oscar app, holding only what differs. Oscar finds them; nobody imports them."""
