"""Oscar's dashboard inside Wagtail's back office: one login, one menu, one look."""
