"""Plain Python shared by every app: errors and money. Nothing here knows Django."""
