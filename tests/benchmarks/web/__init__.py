"""How fast the shop answers, beside a stock django-oscar with the same catalogue in the same run."""
