""".env.example names every value docker-compose.yml reads, with the same default, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()


def test_example_and_compose_file_agree_on_names_and_defaults():
    read = set(re.findall(r"(?<!\$)\$\{([A-Z_]+):-([^}]*)\}", COMPOSE)) - {("SHOP_DOMAIN", ":80")}
    offered = set(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert read == offered


def test_no_secret_stands_in_the_files():
    assert not re.search(r"^[A-Z_]*(SECRET|KEY|PASSWORD)[A-Z_]*=\S", EXAMPLE, re.MULTILINE)
    assert not re.search(r"(sk|pk)_(test|live)_\w|whsec_\w|PASSWORD: *\w", COMPOSE)
