-- What the reader has decided about the pages of a source: which parts always belong to its articles, and which never do.

CREATE TABLE rule (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES source (id),
    selector  TEXT    NOT NULL,             -- in the normal form that extract writes
    reason    TEXT,                         -- why what it points at is left out; NULL: it is kept
    changed   INTEGER NOT NULL,             -- of the articles it was tried on, those it changed
    tried     INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    UNIQUE (source_id, selector)
) STRICT;

-- Sources whose articles are to be extracted again, since their rules have changed. From the newest article down.
CREATE TABLE rule_work (
    source_id INTEGER PRIMARY KEY REFERENCES source (id),
    below     INTEGER NOT NULL,             -- articles with this number and above are done
    round     INTEGER NOT NULL              -- another after each change, so that a round that is overtaken does not end the next
) STRICT;
