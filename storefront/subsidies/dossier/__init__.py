"""A frozen version as a bag (BagIt) in a zip: index, workbook, originals, rows, log; the same bytes each time."""
