"""The statements by which staged rows become listings, and listings families."""

SCHEMA = """
PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
PRAGMA cache_size = -32000; PRAGMA temp_store = FILE;
CREATE TABLE row (
    seq INTEGER PRIMARY KEY, pile INTEGER, file INTEGER, number INTEGER, sku TEXT, role TEXT, parent_sku TEXT,
    asin TEXT, gtin TEXT, condition TEXT, product_type TEXT, keyword TEXT, digest BLOB, has_cells INTEGER, body BLOB
);
CREATE TABLE stock (file INTEGER, sku TEXT, title TEXT, quantity INTEGER);
CREATE TABLE units (sku TEXT PRIMARY KEY, quantity INTEGER) WITHOUT ROWID;
CREATE TABLE parent (sku TEXT PRIMARY KEY, is_here INTEGER) WITHOUT ROWID;
CREATE TABLE claim (product_id INTEGER PRIMARY KEY, sku TEXT);
CREATE TABLE decision (sku TEXT PRIMARY KEY, product_id INTEGER) WITHOUT ROWID;
CREATE TABLE listing (
    position INTEGER PRIMARY KEY, sku TEXT, report INTEGER, described INTEGER, role TEXT, parent_sku TEXT, asin TEXT,
    gtin TEXT, condition TEXT, product_type TEXT, keyword TEXT, is_parent INTEGER, family INTEGER
);
CREATE TABLE family (number INTEGER PRIMARY KEY, page TEXT UNIQUE);
"""

# A row's rank among those that describe a SKU is its pile times 2 ** 40, and its place.
MERGE = """
INSERT INTO listing (sku, report, described, role, parent_sku, asin, gtin, condition, product_type, keyword)
SELECT of_sku.sku, report.seq, described.seq,
       iif(described.seq, described.role, report.role), iif(described.seq, described.parent_sku, report.parent_sku),
       coalesce(report.asin, described.asin), coalesce(described.gtin, report.gtin),
       coalesce(described.condition, report.condition),
       iif(described.seq, described.product_type, report.product_type),
       iif(described.seq, described.keyword, report.keyword)
FROM (
    SELECT sku, min(iif(pile, NULL, seq)) AS first_report, max(iif(pile, NULL, seq)) AS last_report,
           min(iif(pile, pile * 1099511627776 + seq, NULL)) AS first,
           max(iif(pile, pile * 1099511627776 + seq, NULL)) AS last
    FROM row GROUP BY sku
) AS of_sku
LEFT JOIN row AS report ON report.seq = last_report
LEFT JOIN row AS described ON described.seq = last % 1099511627776
ORDER BY first_report IS NULL, first_report, first;
CREATE UNIQUE INDEX listing_of ON listing (sku);
"""

DUPLICATES = """
SELECT row.sku, row.file, row.number, first.number
FROM (SELECT file, sku, min(seq) AS seq FROM row GROUP BY file, sku HAVING count(*) > 1) AS twice
JOIN row AS first ON first.seq = twice.seq
JOIN row ON row.file = twice.file AND row.sku = twice.sku AND row.number <> first.number
ORDER BY row.pile, row.seq
"""

PARENTS = """
CREATE TEMP TABLE named (sku TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT OR IGNORE INTO named SELECT parent_sku FROM listing WHERE role = 'child' AND parent_sku IS NOT NULL;
INSERT INTO parent SELECT sku, 1 FROM listing
    WHERE role = 'parent' OR (role IS NULL AND sku IN (SELECT sku FROM named));
"""

NAMED_ELSEWHERE = "SELECT sku FROM named WHERE sku NOT IN (SELECT sku FROM parent) ORDER BY sku"

FAMILIES = """
CREATE TEMP TABLE page (position INTEGER PRIMARY KEY, sku TEXT);
INSERT INTO page SELECT position, sku FROM listing WHERE sku IN (SELECT sku FROM parent WHERE is_here);
INSERT OR IGNORE INTO page SELECT position, parent_sku FROM listing
    WHERE role = 'child' AND parent_sku IN (SELECT sku FROM parent);
CREATE TEMP TABLE alone (position INTEGER PRIMARY KEY, sku TEXT, asin TEXT, condition TEXT);
INSERT INTO alone SELECT position, sku, asin, coalesce(condition, 'new') FROM listing
    WHERE position NOT IN (SELECT position FROM page);
CREATE TEMP TABLE first (asin TEXT, condition TEXT, sku TEXT, PRIMARY KEY (asin, condition)) WITHOUT ROWID;
INSERT OR IGNORE INTO first SELECT asin, condition, sku FROM alone WHERE asin IS NOT NULL ORDER BY position;
INSERT INTO page SELECT position, coalesce(first.sku, alone.sku) FROM alone
    LEFT JOIN first ON first.asin = alone.asin AND first.condition = alone.condition;
INSERT INTO family (page) SELECT sku FROM page GROUP BY sku ORDER BY min(position);
UPDATE listing SET is_parent = sku IN (SELECT sku FROM parent WHERE is_here),
    family = (SELECT number FROM page JOIN family ON family.page = page.sku WHERE page.position = listing.position);
CREATE INDEX listing_in ON listing (family);
DROP TABLE page; DROP TABLE alone; DROP TABLE first; DROP TABLE named;
"""

MEMBERS = """
SELECT listing.family, family.page, listing.sku, listing.is_parent, listing.asin, units.quantity,
       report.digest, described.digest, listing.report, listing.described
FROM listing LEFT JOIN family ON family.number = listing.family
LEFT JOIN row AS report ON report.seq = listing.report
LEFT JOIN row AS described ON described.seq = listing.described
LEFT JOIN units ON units.sku = listing.sku
"""
ROWS = "SELECT seq, file, number, has_cells, body FROM row WHERE seq IN"
STOCKED = " JOIN (SELECT DISTINCT file, sku FROM stock) AS stocked ON stocked.sku = listing.sku"

SHARED_CODES = """
SELECT gtin FROM listing WHERE gtin IS NOT NULL GROUP BY gtin HAVING count(DISTINCT family) > 1
"""
SHARING_FAMILIES = f"SELECT DISTINCT family FROM listing WHERE gtin IN ({SHARED_CODES}) ORDER BY family"  # noqa: S608

READING = "PRAGMA cache_size = -32000; PRAGMA temp_store = FILE"

# A second level of categories helps where a type of product has pages of more than one keyword: variants have none.
DIVIDED_TYPES = """
SELECT product_type FROM family JOIN listing ON listing.sku = family.page AND listing.family = family.number
WHERE product_type IS NOT NULL GROUP BY product_type HAVING count(DISTINCT keyword) > 1
"""
