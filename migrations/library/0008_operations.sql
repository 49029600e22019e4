-- The operation log: what was done to many articles at once, so that it can be undone as one for 30 days.

CREATE TABLE operation (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,           -- what was done: read, archive, tag, …
    value       TEXT,                       -- JSON: the topic or the tags, for kinds that have one
    place       TEXT,                       -- name of the list; NULL: articles chosen one by one
    articles    INTEGER NOT NULL DEFAULT 0, -- changed so far
    restored    INTEGER NOT NULL DEFAULT 0, -- of these, restored by an undo so far
    is_undoing  INTEGER NOT NULL DEFAULT 0 CHECK (is_undoing IN (0, 1)),
    created_at  INTEGER NOT NULL,
    finished_at INTEGER,                    -- NULL: some articles are still to be changed or restored
    expires_at  INTEGER NOT NULL            -- until then it can be undone
) STRICT;

CREATE INDEX operation_unfinished ON operation (id) WHERE finished_at IS NULL;
CREATE INDEX operation_by_expires_at ON operation (expires_at);

-- The articles an operation has not reached yet, a few in each row, so that it goes on after an interruption.
CREATE TABLE operation_batch (
    id           INTEGER PRIMARY KEY,
    operation_id INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
    article_ids  TEXT    NOT NULL           -- JSON
) STRICT;

CREATE INDEX operation_batch_by_operation ON operation_batch (operation_id, id);

-- Each change of an article, in order. An undo restores what still is as the operation left it. An article that was
-- purged since has nothing to restore, so there is no reference to it.
CREATE TABLE operation_change (
    id           INTEGER PRIMARY KEY,
    operation_id INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
    article_id   INTEGER NOT NULL,
    field        TEXT    NOT NULL,          -- read, starred, archived, deleted, topic, tag
    before       TEXT,                      -- what it was; NULL: nothing
    after        TEXT                       -- what the operation made of it
) STRICT;

CREATE INDEX operation_change_by_operation ON operation_change (operation_id, id);

-- The order that the reader chose for a list, if not newest first. Here and not in a cookie, since it belongs to the list
-- and not to a device, and there may be hundreds of lists.
CREATE TABLE list_sort (
    list TEXT PRIMARY KEY,                  -- its filters, as in its URL
    sort TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A fixed random number for each article: a shuffled list begins anywhere in this order.
ALTER TABLE article ADD COLUMN shuffle INTEGER GENERATED ALWAYS AS
    (((id * 2654435761 & 4294967295) * ((id * 40503 & 65535) | 1)) & 4294967295) VIRTUAL;

-- Other orders than the newest first. These indexes hold all that lists are filtered by, so that a list with few articles
-- among many passes over the others within the index.
CREATE INDEX article_by_length ON article (state, word_count, id, topic, source_id, sorted_at, read_at, starred_at);
CREATE INDEX article_shuffled  ON article (state, shuffle, id, topic, source_id, sorted_at, read_at, starred_at);
CREATE INDEX article_archived  ON article (archived_at, id, topic, source_id, sorted_at, read_at, starred_at) WHERE state = 1;
-- The starred ones are few among many, so they have their own.
CREATE INDEX article_starred_by_length ON article (word_count, id) WHERE starred_at IS NOT NULL;
CREATE INDEX article_starred_shuffled  ON article (shuffle, id) WHERE starred_at IS NOT NULL;
