"""The table of cases in the documentation names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "reference" / "payment-cases.md").read_text()
ROWS = re.findall(r"^\| (\d+) \|[^|]+\|([^|]+)\|$", TABLE, flags=re.MULTILINE)
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TABLE)


def test_table_has_all_37_cases_each_with_a_test_or_a_line_of_the_checklist():
    assert [int(number) for number, _tests in ROWS] == list(range(1, 38))
    for number, tests in ROWS:
        assert "`tests/" in tests or tests.strip() == "T", f"case {number} has no test"


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_named_test_exists(file, name):
    tree = ast.parse((ROOT / file).read_text())
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
