-- The original pages, so that an article can be extracted again without fetching its site. Times are Unix seconds (UTC).

CREATE TABLE snapshot (
    id                INTEGER PRIMARY KEY,
    url               TEXT,                  -- after redirects; NULL: pasted without one
    content_type      TEXT,                  -- the HTTP header; NULL: pasted
    format            TEXT    NOT NULL CHECK (format IN ('html', 'text')),
    content           BLOB    NOT NULL,      -- zstd
    uncompressed_size INTEGER NOT NULL,      -- bytes
    stored_at         INTEGER NOT NULL,
    -- An article of several pages: its second and later pages refer to the first, and are deleted with it.
    first_snapshot_id INTEGER REFERENCES snapshot (id) ON DELETE CASCADE,
    page_number       INTEGER,               -- 2, 3, …; NULL for a first page
    CHECK ((first_snapshot_id IS NULL) = (page_number IS NULL))
) STRICT;

CREATE INDEX snapshot_by_first_snapshot ON snapshot (first_snapshot_id, page_number) WHERE first_snapshot_id IS NOT NULL;
