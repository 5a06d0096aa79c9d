"""A shop on the embedded defaults is installed without what only production needs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_WITHOUT = """
import sys
for name in ("psycopg", "redis", "gunicorn", "django_tasks_db"):
    sys.modules[name] = None  # as if it were not installed
import django
from django.core.management import call_command
django.setup()
call_command("check")
import storefront.urls
"""


def test_shop_starts_without_the_packages_of_production():
    subprocess.run([sys.executable, "-c", START_WITHOUT], cwd=ROOT, env=_embedded(), check=True)


def _embedded():
    """Return an environment that names no database, cache or other service."""
    return {
        "DJANGO_SETTINGS_MODULE": "storefront.settings.dev",
        "SQLITE_FILE": ":memory:",
        "PATH": "/usr/bin:/bin",
    }
