"""A stock django-oscar project, as Oscar's own documentation sets one up: the baseline."""
