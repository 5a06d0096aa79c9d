"""Imports Amazon listings files from the command line."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog_import.errors import CatalogImportError, NotApplicable
from catalog_import.management.import_report import describe_file, write_files, write_report
from catalog_import.management.progress import ProgressBar
from catalog_import.models import ImportRun
from catalog_import.picture_sources import FolderPictures, PictureSource, WebPictures
from catalog_import.selectors import describe_run, list_runs
from catalog_import.services import ImportReport, apply_import, apply_run, plan_import, report_run, undo_run
from catalog_import.services.reports import NO_COUNTS

DONE, DONE_WITH_PROBLEMS, REFUSED = 0, 1, 2


class Command(BaseCommand):
    """Plans, applies and undoes imports and says how they stand. Exit code 0 done, 1 with problems, 2 refused."""

    help = "Import Amazon listings files: look first with plan, then apply; undo takes a run back."
    requires_system_checks = ()  # a second or more, of a shop that was checked as it was set up

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["plan", "apply", "undo", "status"])
        parser.add_argument("paths", nargs="*", metavar="PATH", help="Files, folders or archives; or a run.")
        parser.add_argument("--marketplace", default="", help="Amazon's country code: us, de, jp …")
        parser.add_argument("--run", type=int, help="A planned or applied run, instead of files.")
        parser.add_argument("--pictures", type=Path, metavar="DIR", help="Take pictures from this folder.")
        parser.add_argument("--no-pictures", action="store_true", help="Leave the pictures for a later run.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object instead of a report.")

    def handle(self, *, action, paths, marketplace, run, pictures, no_pictures, **options):
        if action in ("plan", "apply") and run is None and not (paths and marketplace):
            raise CommandError("Name the files and --marketplace, or a planned run with --run.")
        self._source = None if no_pictures else _choose_source(pictures)
        bar = ProgressBar(self.stderr, is_quiet=options["json"])
        try:
            report = self._act(action, paths, marketplace, run, bar)
        except CatalogImportError as error:
            bar.end()
            if options["json"]:
                files = [describe_file(asdict(file)) for file in getattr(error, "files", ())]
                self._print({"run": run, "files": files, "counts": NO_COUNTS, "refusal": str(error)})
            else:
                write_files(getattr(error, "files", ()), write=self.stderr.write)
            self.stderr.write(str(error))
            sys.exit(REFUSED)
        bar.end()
        if options["json"]:
            self._print(_describe(report))
        else:
            write_report(report, write=self.stdout.write)
        if report.problems:
            sys.exit(DONE_WITH_PROBLEMS)

    def _act(self, action, paths, marketplace, run, bar) -> ImportReport:
        now = timezone.now()
        if action == "status":
            return report_run(_find_run(paths, marketplace, run))
        if action == "undo":
            return undo_run(_find_run(paths, marketplace, run), now=now, progress=bar.show)
        if action == "apply" and run is not None:
            found = _find_run(paths, marketplace, run)
            return apply_run(found, pictures=self._source, now=now, progress=bar.show)
        files = {"paths": [Path(path) for path in paths], "marketplace": marketplace}
        if action == "plan":
            return plan_import(**files, now=now, progress=bar.show)
        return apply_import(**files, pictures=self._source, now=now, progress=bar.show)

    def _print(self, content):
        whole = {"run": None, "files": [], "counts": {}, "notes": [], "problems": []} | content
        self.stdout.write(json.dumps(whole, ensure_ascii=False, indent=1))


def _find_run(paths: list[str], marketplace: str, number: int | None) -> ImportRun:
    """Return the run that is named by its number, else the newest one (of a marketplace)."""
    if number is None and len(paths) == 1 and paths[0].isdigit():
        number = int(paths[0])
    runs = list_runs(marketplace.casefold())
    run = runs.first() if number is None else runs.filter(pk=number).first()
    if run is None:
        raise NotApplicable("There is no such import." if number else "Nothing was imported yet.")
    return run


def _describe(report: ImportReport) -> dict:
    return {
        "run": report.run.pk,
        "marketplace": report.marketplace.code,
        "files": [describe_file(asdict(file)) for file in report.files],
        "counts": report.counts,
        "notes": report.notes,
        "problems": [asdict(problem) for problem in report.problems],
        **describe_run(report.run),
    }


def _choose_source(folder: Path | None) -> PictureSource:
    if folder is not None:
        return FolderPictures(folder, workers=os.cpu_count() or 1)
    return WebPictures()
