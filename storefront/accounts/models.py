"""The one user model, in place before the first migration."""

from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    """A person with an e-mail address and a password; staff may enter the back office."""
