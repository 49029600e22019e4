-- How often the program ended while it read the page of an import: such a page is then tried in a process of its own.
ALTER TABLE import ADD COLUMN unfinished_reads INTEGER NOT NULL DEFAULT 0;
