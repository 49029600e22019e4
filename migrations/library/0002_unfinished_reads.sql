-- How often the program ended while it read the page of an import: after the second time the import fails.
ALTER TABLE import ADD COLUMN unfinished_reads INTEGER NOT NULL DEFAULT 0;
