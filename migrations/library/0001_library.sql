-- Everything in one reader's library but the original pages. Times are Unix seconds (UTC). JSON is text.

CREATE TABLE source (
    id     INTEGER PRIMARY KEY,
    domain TEXT NOT NULL UNIQUE,            -- registrable domain; 'pasted' for text without a URL
    name   TEXT NOT NULL
) STRICT;

CREATE TABLE topic (
    slug      TEXT    PRIMARY KEY,
    name      TEXT    NOT NULL,
    position  INTEGER NOT NULL,             -- order on the front page
    is_custom INTEGER NOT NULL DEFAULT 0 CHECK (is_custom IN (0, 1))    -- 1: created by the reader
) STRICT, WITHOUT ROWID;

INSERT INTO topic (slug, name, position) VALUES
    ('politics', 'Politics', 1), ('conflict', 'War and conflict', 2), ('business', 'Business', 3),
    ('society', 'Society', 4), ('crime', 'Crime', 5), ('disaster', 'Disasters', 6),
    ('environment', 'Environment', 7), ('science', 'Science', 8), ('technology', 'Technology', 9),
    ('health', 'Health', 10), ('education', 'Education', 11), ('culture', 'Culture', 12),
    ('religion', 'Religion', 13), ('lifestyle', 'Lifestyle', 14), ('sport', 'Sport', 15),
    ('unsorted', 'Unsorted', 1000);

-- AUTOINCREMENT: the id in /article/{id} is never reused, even after the trash is emptied.
CREATE TABLE article (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    url                 TEXT,               -- NULL: pasted without one
    canonical_url_key   TEXT,               -- normal form of the page's canonical link
    source_id           INTEGER NOT NULL REFERENCES source (id),
    topic               TEXT    NOT NULL REFERENCES topic (slug),
    topic_choice        TEXT    NOT NULL,   -- JSON: why this topic, and the runner-up
    title               TEXT    NOT NULL,
    byline              TEXT,
    excerpt             TEXT    NOT NULL,
    language            TEXT,               -- BCP 47 primary subtag
    is_right_to_left    INTEGER NOT NULL DEFAULT 0 CHECK (is_right_to_left IN (0, 1)),
    published_at        INTEGER,            -- from the page, but never after received_at
    published_date      TEXT,               -- YYYY-MM-DD in the page's own time zone
    received_at         INTEGER NOT NULL,
    sorted_at           INTEGER NOT NULL,   -- the date lists sort by: published_at, else received_at
    word_count          INTEGER NOT NULL,
    lead_image_url      TEXT,               -- at the publisher
    lead_image_alt      TEXT,
    lead_image_hash     TEXT,               -- NULL until our copy is stored
    verdict             TEXT    NOT NULL DEFAULT 'article',     -- the kind of page: article, listing, video, …
    is_notice_dismissed INTEGER NOT NULL DEFAULT 0 CHECK (is_notice_dismissed IN (0, 1)),   -- the notice about the verdict
    next_page_url       TEXT,               -- where the article continues, if that page was not read
    next_page_error     TEXT,               -- why it was not read: a sentence
    channel             TEXT    NOT NULL DEFAULT 'saved' CHECK (channel IN ('saved', 'feed')),
    snapshot_id         INTEGER,            -- in snapshots.db
    read_at             INTEGER,
    starred_at          INTEGER,
    archived_at         INTEGER,
    deleted_at          INTEGER,
    -- 0: current, 1: archived, 2: deleted (in the trash)
    state               INTEGER NOT NULL GENERATED ALWAYS AS
                        (CASE WHEN deleted_at IS NOT NULL THEN 2 WHEN archived_at IS NOT NULL THEN 1 ELSE 0 END) VIRTUAL,
    is_unread           INTEGER NOT NULL GENERATED ALWAYS AS
                        (read_at IS NULL AND archived_at IS NULL AND deleted_at IS NULL) VIRTUAL
) STRICT;

-- Each kind of list has an index in its order, newest first.
CREATE INDEX article_newest           ON article (state, sorted_at, id);
CREATE INDEX article_newest_in_topic  ON article (state, topic, sorted_at, id);
CREATE INDEX article_newest_in_source ON article (state, source_id, sorted_at, id);
CREATE INDEX article_unread           ON article (sorted_at, id) WHERE is_unread = 1;
CREATE INDEX article_unread_in_topic  ON article (topic, sorted_at, id) WHERE is_unread = 1;
CREATE INDEX article_deleted          ON article (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX article_by_source        ON article (source_id);
CREATE INDEX article_by_topic         ON article (topic);
CREATE INDEX article_by_canonical_url ON article (canonical_url_key) WHERE canonical_url_key IS NOT NULL;
CREATE INDEX article_by_snapshot      ON article (snapshot_id) WHERE snapshot_id IS NOT NULL;
-- Without the state: archived articles are listed among the starred too.
CREATE INDEX article_starred          ON article (sorted_at, id) WHERE starred_at IS NOT NULL;

-- The long columns have their own table, so that lists do not read past them.
CREATE TABLE article_content (
    article_id     INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    html           TEXT NOT NULL,           -- sanitized; images by their URL at the publisher
    text           TEXT NOT NULL,
    removed_blocks TEXT NOT NULL            -- JSON: the parts of the page that were left out, and why
) STRICT;

-- The text before the last re-extraction, to compare with and to go back to.
CREATE TABLE article_previous_version (
    article_id  INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    content     BLOB    NOT NULL,           -- JSON, zstd
    replaced_at INTEGER NOT NULL,
    is_rejected INTEGER NOT NULL DEFAULT 0 CHECK (is_rejected IN (0, 1))    -- 1: the newer text, which the reader undid
) STRICT;

CREATE INDEX article_previous_version_by_replaced_at ON article_previous_version (replaced_at) WHERE is_rejected = 0;

-- All URLs of an article, in normal form.
CREATE TABLE article_url (
    url_key    TEXT    PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX article_url_by_article ON article_url (article_id);

CREATE TABLE tag (
    id   INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE article_tag (
    tag_id     INTEGER NOT NULL REFERENCES tag (id),
    sorted_at  INTEGER NOT NULL,            -- copied from the article, so that the articles of a tag are found in order
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, sorted_at, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_tag_by_article ON article_tag (article_id, tag_id);

-- Our copies of images. The files are in images/, named by the SHA-256 of their bytes.
CREATE TABLE image (
    hash       TEXT    PRIMARY KEY,
    media_type TEXT    NOT NULL,
    size       INTEGER NOT NULL,            -- bytes
    width      INTEGER,                     -- pixels
    height     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE article_image (
    article_id      INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    url             TEXT    NOT NULL,
    position        INTEGER NOT NULL,       -- order in the text
    image_hash      TEXT REFERENCES image (hash),
    error_message   TEXT,                   -- why the last attempt failed
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER,                -- NULL: stored, or given up
    PRIMARY KEY (article_id, url)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_image_by_next_attempt_at ON article_image (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX article_image_by_image ON article_image (image_hash) WHERE image_hash IS NOT NULL;

-- The import queue. An accepted import stays here until it is an article or a failure with a reason.
CREATE TABLE import (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    url                TEXT,
    url_key            TEXT,
    file_name          TEXT,                -- of the file it came from
    snapshot_id        INTEGER,             -- the page to read, in snapshots.db; NULL: not fetched yet
    pasted_snapshot_id INTEGER,             -- pasted by the reader; it takes precedence over a fetched page
    state              TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    article_id         INTEGER REFERENCES article (id) ON DELETE SET NULL,
    -- new: the article was added; existing: it was there already; restored: it was taken out of the trash
    outcome            TEXT CHECK (outcome IN ('new', 'existing', 'restored')),
    error_message      TEXT,                -- a sentence for the reader
    error_code         TEXT,                -- the same for programs
    attempts           INTEGER NOT NULL DEFAULT 0,
    accepted_at        INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    CHECK ((state = 'done') = (outcome IS NOT NULL))
) STRICT;

CREATE INDEX import_by_state ON import (state, id);
-- A URL is in the queue only once.
CREATE UNIQUE INDEX import_queued_by_url ON import (url_key) WHERE state IN ('waiting', 'running');
CREATE INDEX import_by_article ON import (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX import_by_snapshot ON import (snapshot_id) WHERE snapshot_id IS NOT NULL;
CREATE INDEX import_by_pasted_snapshot ON import (pasted_snapshot_id) WHERE pasted_snapshot_id IS NOT NULL;
CREATE INDEX import_failed_by_url ON import (url_key) WHERE state = 'failed';

-- The reader's rules: parts that extraction always keeps or always removes.
CREATE TABLE rule (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id        INTEGER NOT NULL REFERENCES source (id),
    article_id       INTEGER REFERENCES article (id) ON DELETE CASCADE,  -- NULL: for all articles of the source
    selector         TEXT    NOT NULL,      -- in the normal form that `extract` writes
    removal_reason   TEXT,                  -- NULL: keep what the selector matches
    articles_changed INTEGER NOT NULL,      -- in the preview: of articles_tried, those that changed
    articles_tried   INTEGER NOT NULL,
    created_at       INTEGER NOT NULL
) STRICT;

CREATE INDEX rule_by_source ON rule (source_id, article_id);
CREATE UNIQUE INDEX rule_unique_in_source ON rule (source_id, selector) WHERE article_id IS NULL;
CREATE UNIQUE INDEX rule_unique_in_article ON rule (article_id, selector) WHERE article_id IS NOT NULL;

-- Sources whose articles must be extracted again because their rules have changed. The newest articles come first.
CREATE TABLE rule_job (
    source_id         INTEGER PRIMARY KEY REFERENCES source (id),
    before_article_id INTEGER NOT NULL,     -- articles with this id or a higher one are done
    generation        INTEGER NOT NULL      -- raised by each change of rules, so that an outdated job does not end a newer one
) STRICT;

-- Full-text index. Contentless: the text itself is in article_content.
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

-- Counts are kept by triggers, so that no page counts rows and no statement can forget to update them.
CREATE TABLE article_count (
    kind     TEXT    NOT NULL CHECK (kind IN ('all', 'topic', 'source', 'tag', 'starred', 'archived', 'trash')),
    key      TEXT    NOT NULL,              -- topic slug, source id, tag id, else ''
    articles INTEGER NOT NULL DEFAULT 0,    -- not deleted; for 'trash': deleted
    unread   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_count_by_size ON article_count (kind, articles, key);

INSERT INTO article_count (kind, key) VALUES ('all', ''), ('starred', ''), ('archived', ''), ('trash', '');

CREATE TRIGGER article_count_after_article_insert AFTER INSERT ON article BEGIN
    INSERT INTO article_count (kind, key, articles, unread) VALUES
        ('all', '', NEW.state < 2, NEW.is_unread),
        ('topic', NEW.topic, NEW.state < 2, NEW.is_unread),
        ('source', CAST(NEW.source_id AS TEXT), NEW.state < 2, NEW.is_unread),
        ('starred', '', NEW.state < 2 AND NEW.starred_at IS NOT NULL, NEW.is_unread AND NEW.starred_at IS NOT NULL),
        ('archived', '', NEW.state = 1, 0),
        ('trash', '', NEW.state = 2, 0)
    ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, unread = unread + excluded.unread;
END;

CREATE TRIGGER article_count_after_article_delete AFTER DELETE ON article BEGIN
    UPDATE article_count SET articles = articles - (OLD.state < 2), unread = unread - OLD.is_unread
        WHERE (kind, key) IN (VALUES ('all', ''), ('topic', OLD.topic), ('source', CAST(OLD.source_id AS TEXT)));
    UPDATE article_count SET articles = articles - (OLD.state < 2), unread = unread - OLD.is_unread
        WHERE (kind, key) = ('starred', '') AND OLD.starred_at IS NOT NULL;
    UPDATE article_count SET articles = articles - 1
        WHERE (kind, key) IN (VALUES (CASE OLD.state WHEN 1 THEN 'archived' WHEN 2 THEN 'trash' ELSE '-' END, ''));
END;

CREATE TRIGGER article_count_after_article_update
AFTER UPDATE OF topic, source_id, read_at, starred_at, archived_at, deleted_at ON article BEGIN
    UPDATE article_count SET articles = articles - (OLD.state < 2), unread = unread - OLD.is_unread
        WHERE (kind, key) IN (VALUES ('all', ''), ('topic', OLD.topic), ('source', CAST(OLD.source_id AS TEXT)));
    UPDATE article_count SET articles = articles - (OLD.state < 2), unread = unread - OLD.is_unread
        WHERE (kind, key) = ('starred', '') AND OLD.starred_at IS NOT NULL;
    UPDATE article_count SET articles = articles - 1
        WHERE (kind, key) IN (VALUES (CASE OLD.state WHEN 1 THEN 'archived' WHEN 2 THEN 'trash' ELSE '-' END, ''));
    INSERT INTO article_count (kind, key, articles, unread) VALUES
        ('all', '', NEW.state < 2, NEW.is_unread),
        ('topic', NEW.topic, NEW.state < 2, NEW.is_unread),
        ('source', CAST(NEW.source_id AS TEXT), NEW.state < 2, NEW.is_unread),
        ('starred', '', NEW.state < 2 AND NEW.starred_at IS NOT NULL, NEW.is_unread AND NEW.starred_at IS NOT NULL),
        ('archived', '', NEW.state = 1, 0),
        ('trash', '', NEW.state = 2, 0)
    ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, unread = unread + excluded.unread;
    UPDATE article_count SET articles = articles + (NEW.state < 2) - (OLD.state < 2), unread = unread + NEW.is_unread - OLD.is_unread
        WHERE kind = 'tag' AND key IN (SELECT CAST(tag_id AS TEXT) FROM article_tag WHERE article_id = NEW.id);
END;

CREATE TRIGGER article_count_after_tag_insert AFTER INSERT ON article_tag BEGIN
    INSERT INTO article_count (kind, key, articles, unread)
        SELECT 'tag', CAST(NEW.tag_id AS TEXT), state < 2, is_unread FROM article WHERE id = NEW.article_id
    ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, unread = unread + excluded.unread;
END;

-- When an article is purged, its tags are deleted with it (cascade) and no longer find it. Nothing is subtracted then:
-- it was in the trash, where it did not count.
CREATE TRIGGER article_count_after_tag_delete AFTER DELETE ON article_tag BEGIN
    UPDATE article_count SET articles = articles - (SELECT state < 2 FROM article WHERE id = OLD.article_id),
                             unread = unread - (SELECT is_unread FROM article WHERE id = OLD.article_id)
        WHERE kind = 'tag' AND key = CAST(OLD.tag_id AS TEXT)
          AND EXISTS (SELECT 1 FROM article WHERE id = OLD.article_id);
END;

-- Bytes of all images, for the limit and the settings page.
CREATE TABLE image_total (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL
) STRICT;

INSERT INTO image_total (id, size) VALUES (1, 0);

CREATE TRIGGER image_total_after_insert AFTER INSERT ON image BEGIN
    UPDATE image_total SET size = size + NEW.size;
END;

CREATE TRIGGER image_total_after_delete AFTER DELETE ON image BEGIN
    UPDATE image_total SET size = size - OLD.size;
END;
