-- Pages as they arrived, so that an article can be extracted again without asking its site.

CREATE TABLE snapshot (
    id           INTEGER PRIMARY KEY,
    address      TEXT,                      -- where the bytes came from, after redirects; NULL when pasted without one
    content_type TEXT,                      -- the header as received; NULL when pasted
    form         TEXT    NOT NULL CHECK (form IN ('html', 'text')),
    bytes        BLOB    NOT NULL,          -- zstd
    size         INTEGER NOT NULL,          -- bytes before compression
    stored_at    INTEGER NOT NULL
) STRICT;
