"""`make bench`, or a part: python -m tests.benchmarks [demo|pages|import|subsidies|checkout]; import has options."""

import sys

from tests.benchmarks import checkout_speed, demo_start, import_speed, page_queries, subsidy_figures

PARTS = {
    "demo": demo_start.main,
    "pages": page_queries.main,
    "import": lambda: import_speed.main(["--rows", "10000", "--database", "sqlite", "--no-workbook"]),
    "subsidies": subsidy_figures.main,
    "checkout": checkout_speed.main,
}


def main(names: list[str]) -> int:
    """Run the named parts, or all."""
    if names[:1] == ["import"]:
        import_speed.main(names[1:])
        return 0
    for name in names or PARTS:
        print(f"== {name}", flush=True)
        PARTS[name]()
    return 0


sys.exit(main(sys.argv[1:]))
