-- Everything that is read. Times are Unix seconds (UTC).

CREATE TABLE source (
    id     INTEGER PRIMARY KEY,
    domain TEXT NOT NULL UNIQUE,            -- registrable domain; 'pasted' for text without an address
    name   TEXT NOT NULL
) STRICT;

CREATE TABLE topic (
    slug  TEXT    PRIMARY KEY,
    name  TEXT    NOT NULL,
    place INTEGER NOT NULL,                 -- order on the front page
    own   INTEGER NOT NULL DEFAULT 0        -- 1: the reader made it
) STRICT, WITHOUT ROWID;

INSERT INTO topic (slug, name, place) VALUES
    ('politics', 'Politics', 1), ('conflict', 'War and conflict', 2), ('business', 'Business', 3),
    ('society', 'Society', 4), ('crime', 'Crime', 5), ('disaster', 'Disasters', 6),
    ('environment', 'Environment', 7), ('science', 'Science', 8), ('technology', 'Technology', 9),
    ('health', 'Health', 10), ('education', 'Education', 11), ('culture', 'Culture', 12),
    ('religion', 'Religion', 13), ('lifestyle', 'Lifestyle', 14), ('sport', 'Sport', 15),
    ('unsorted', 'Unsorted', 1000);

-- AUTOINCREMENT: the number in /article/{id} is never given to another article, not even after the trash is emptied.
CREATE TABLE article (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    address       TEXT,                     -- NULL: pasted without one
    canonical_key TEXT,                     -- normal form of the address its publisher calls the real one
    source_id     INTEGER NOT NULL REFERENCES source (id),
    topic         TEXT    NOT NULL REFERENCES topic (slug),
    topic_choice  TEXT    NOT NULL,         -- JSON: why this topic, and which would come next
    title         TEXT    NOT NULL,
    byline        TEXT,
    excerpt       TEXT    NOT NULL,
    language      TEXT,                     -- BCP 47 primary subtag
    right_to_left INTEGER NOT NULL DEFAULT 0,
    published_at  INTEGER,                  -- the page's word, never after received_at
    received_at   INTEGER NOT NULL,
    sorted_at     INTEGER NOT NULL,         -- published_at, else received_at
    word_count    INTEGER NOT NULL,
    lead_image    TEXT,                     -- address at the publisher's
    lead_text     TEXT,                     -- its description
    lead_hash     TEXT,                     -- our own copy, once it is here
    lane          TEXT    NOT NULL DEFAULT 'kept' CHECK (lane IN ('kept', 'stream')),
    snapshot_id   INTEGER,                  -- in pages.db
    read_at       INTEGER,
    starred_at    INTEGER,
    archived_at   INTEGER,
    deleted_at    INTEGER,
    shelf         INTEGER NOT NULL GENERATED ALWAYS AS
                  (CASE WHEN deleted_at IS NOT NULL THEN 2 WHEN archived_at IS NOT NULL THEN 1 ELSE 0 END) VIRTUAL,
    unread        INTEGER NOT NULL GENERATED ALWAYS AS
                  (read_at IS NULL AND archived_at IS NULL AND deleted_at IS NULL) VIRTUAL
) STRICT;

-- One index for each way a list can begin; the newest come first in all of them.
CREATE INDEX article_newest    ON article (shelf, sorted_at, id);
CREATE INDEX article_by_topic  ON article (shelf, topic, sorted_at, id);
CREATE INDEX article_by_source ON article (shelf, source_id, sorted_at, id);
CREATE INDEX article_unread    ON article (sorted_at, id) WHERE unread = 1;
CREATE INDEX article_unread_by_topic ON article (topic, sorted_at, id) WHERE unread = 1;
CREATE INDEX article_starred   ON article (shelf, sorted_at, id) WHERE starred_at IS NOT NULL;
CREATE INDEX article_trash     ON article (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX article_of_source ON article (source_id);
CREATE INDEX article_of_topic  ON article (topic);
CREATE INDEX article_canonical ON article (canonical_key) WHERE canonical_key IS NOT NULL;
CREATE INDEX article_snapshot  ON article (snapshot_id) WHERE snapshot_id IS NOT NULL;

-- The long columns stand apart, so that a list does not read over them.
CREATE TABLE article_text (
    article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    body       TEXT NOT NULL,               -- clean HTML, pictures by their address at the publisher's
    plain      TEXT NOT NULL,
    removed    TEXT NOT NULL                -- JSON: what was left out, and why
) STRICT;

-- Every address under which an article is known, in normal form.
CREATE TABLE article_address (
    key        TEXT    PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX article_address_by_article ON article_address (article_id);

CREATE TABLE tag (
    id   INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE article_tag (
    tag_id     INTEGER NOT NULL REFERENCES tag (id),
    sorted_at  INTEGER NOT NULL,            -- the article's, so that a tag's newest are found in order
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, sorted_at, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_tag_by_article ON article_tag (article_id, tag_id);

-- Our own copies of pictures, named by the SHA-256 of their bytes.
CREATE TABLE picture (
    hash       TEXT    PRIMARY KEY,
    media_type TEXT    NOT NULL,
    size       INTEGER NOT NULL,            -- bytes
    width      INTEGER,                     -- pixels
    height     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE article_picture (
    article_id  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    address     TEXT    NOT NULL,
    place       INTEGER NOT NULL,
    hash        TEXT REFERENCES picture (hash),
    problem     TEXT,                       -- why it could not be had
    tries       INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER,                    -- NULL: here, or given up
    PRIMARY KEY (article_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_picture_due ON article_picture (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX article_picture_by_hash ON article_picture (hash) WHERE hash IS NOT NULL;

-- The durable queue: what was accepted stands here until it is an article or an explained failure.
CREATE TABLE import (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    address     TEXT,
    address_key TEXT,
    name        TEXT,                       -- of the file it came from
    snapshot_id INTEGER,                    -- pasted input, or the page once fetched
    state       TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    article_id  INTEGER REFERENCES article (id) ON DELETE SET NULL,
    already     INTEGER NOT NULL DEFAULT 0, -- 1: the article was there before
    problem     TEXT,                       -- a sentence for the reader
    code        TEXT,                       -- the same for programs
    tries       INTEGER NOT NULL DEFAULT 0,
    accepted_at INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX import_by_state ON import (state, id);
CREATE UNIQUE INDEX import_once ON import (address_key) WHERE state IN ('waiting', 'running');
CREATE INDEX import_by_article ON import (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX import_snapshot ON import (snapshot_id) WHERE snapshot_id IS NOT NULL;

-- Words of titles and texts. Contentless: article_text has the text, this only finds it.
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, plain, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
