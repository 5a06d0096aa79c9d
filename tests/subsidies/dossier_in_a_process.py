"""Write the index and workbook of a version that lies in a file, and print their hashes, in a process of its own."""

import hashlib
import io
import json
import sys
from pathlib import Path


def main(path: str) -> None:
    """Read the parts that a test wrote to `path`."""
    import django

    django.setup()
    from storefront.subsidies.dossier.contents import Contents
    from storefront.subsidies.dossier.index_pdf import write_index
    from storefront.subsidies.dossier.parts import Parts
    from storefront.subsidies.dossier.sheets import sheets_of
    from storefront.subsidies.dossier.workbook import write_workbook

    kept = json.loads(Path(path).read_text("utf-8"))
    contents = Contents(text=kept["text"], sha256=kept["sha256"], approved_by=kept["approved_by"])
    parts = Parts(contents, kept["figures"], kept["reconciliation"])
    index, workbook = io.BytesIO(), io.BytesIO()
    write_index(parts, index, with_customers_data=False)
    sheets = sheets_of(parts, with_customers_data=False)
    write_workbook(sheets, workbook, title=contents.name, dated=contents.frozen_at)
    print(*(hashlib.sha256(one.getvalue()).hexdigest() for one in (index, workbook)))


if __name__ == "__main__":
    main(sys.argv[1])
