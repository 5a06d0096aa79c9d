"""The merchant's catalogue in a format of its own: one object a product, as JSON lines, CSV or a workbook."""

from catalog_import.open_format.reading import Place, read_records
from catalog_import.open_format.shape import Record, find_faults, sort_record
from catalog_import.open_format.writing import FORMATS, write_records

__all__ = ["FORMATS", "Place", "Record", "find_faults", "read_records", "sort_record", "write_records"]
