"""`python -m storefront.locale update|compile`: what `make messages` and `make compile-messages` run."""

import argparse
import sys

from storefront.locale import catalogs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m storefront.locale", description=__doc__)
    parser.add_argument("step", choices=["update", "compile"])
    if parser.parse_args().step == "update":
        update()
    compile_all()
    return 0


def update() -> None:
    """Give every catalogue the sentences of the sources, and say how many want a translation."""
    template = catalogs.extract_messages()
    for language in catalogs.LANGUAGES:
        catalog = catalogs.update_catalog(language, template)
        path = catalogs.po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(catalogs.po_text(catalog))
        found = catalogs.sentences(catalog)
        missing = sum(not catalogs.is_translated(message) for message in found)
        print(f"{language}: {len(found)} sentences, {missing} to translate")  # noqa: T201 - a command


def compile_all() -> None:
    """Compile every catalogue."""
    for language in catalogs.LANGUAGES:
        catalogs.mo_file(language).write_bytes(catalogs.mo_bytes(catalogs.read_catalog(language)))


if __name__ == "__main__":
    sys.exit(main())
