"""Files nobody can change afterwards, and a log of what happened that tells when it was changed."""
