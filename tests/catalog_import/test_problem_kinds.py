"""The reference page names every kind of problem, and no other."""

import re
from pathlib import Path

from catalog_import.listing import ProblemKind

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "import-json.md"


def test_the_reference_names_every_kind_of_problem():
    table = PAGE.read_text("utf-8").partition("| `kind` |")[2]
    documented = re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)

    assert sorted(documented) == sorted(kind.value for kind in ProblemKind)
