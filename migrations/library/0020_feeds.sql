-- Feeds that are followed, and who their items are.

CREATE TABLE feed (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    url            TEXT    NOT NULL UNIQUE,     -- without a fragment
    site_url       TEXT,                        -- the page it belongs to
    title          TEXT    NOT NULL,            -- as the feed gives it
    name           TEXT,                        -- as the reader calls it
    -- file: the URL stands in a list of feeds, which may be a stranger's
    named_by       TEXT    NOT NULL CHECK (named_by IN ('reader', 'file')),
    followed_at    INTEGER NOT NULL,
    unfollowed_at  INTEGER,                     -- its items stay known, so that following it again doubles none
    -- What the reader has set.
    paused_until   INTEGER,
    newest         INTEGER,                     -- only so many of the newest items of a document are read
    never_unread   INTEGER NOT NULL DEFAULT 0 CHECK (never_unread IN (0, 1)),
    text_choice    TEXT    CHECK (text_choice IN ('feed', 'page')),     -- where the text comes from; NULL: as measured
    measured_text  TEXT    CHECK (measured_text IN ('feed', 'page')),
    measured_at    INTEGER,
    -- What the last answers were.
    etag           TEXT,                        -- exactly as given
    last_modified  TEXT,
    validators_url TEXT,                        -- the URL that these two are for
    guid           TEXT,                        -- the feed's identifier
    self_url       TEXT,                        -- where it says it is
    rhythm         TEXT    NOT NULL DEFAULT '{}',   -- JSON: when it asks to be asked
    history        TEXT    NOT NULL DEFAULT '{}',   -- JSON: errors in a row, since when, a move
    listed_span    INTEGER,                     -- seconds between the oldest and the newest item it lists
    body_hash      INTEGER,                     -- of the last document
    problems       TEXT    NOT NULL DEFAULT '[]',   -- JSON: sentences on what is wrong with the document
    error_code     TEXT,                        -- why the last look had no feed; NULL: it had
    error_message  TEXT,                        -- the same as a sentence
    next_look_at   INTEGER,                     -- NULL: it is gone, and not asked again
    looked_at      INTEGER,
    succeeded_at   INTEGER,
    new_item_at    INTEGER,
    articles       INTEGER NOT NULL DEFAULT 0,  -- not deleted
    unread         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX feed_by_next_look ON feed (next_look_at) WHERE unfollowed_at IS NULL AND next_look_at IS NOT NULL;

CREATE TABLE folder (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_id INTEGER REFERENCES folder (id) ON DELETE CASCADE,
    name      TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX folder_by_name ON folder (ifnull(parent_id, 0), name);
CREATE INDEX folder_by_parent ON folder (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE feed_folder (
    folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    feed_id   INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    PRIMARY KEY (folder_id, feed_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX feed_folder_by_feed ON feed_folder (feed_id);

-- Every item that a feed has listed. The row outlives its article, so that what was deleted does not come back.
CREATE TABLE feed_item (
    id           INTEGER PRIMARY KEY,
    feed_id      INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    guid         TEXT,
    link         TEXT,
    link_key     TEXT,                          -- normal form of the link, if it leads to this item alone
    title        TEXT,
    published_at INTEGER,
    text_hash    INTEGER,
    sorted_at    INTEGER NOT NULL,              -- the date that lists sort by
    arrived_at   INTEGER NOT NULL,
    listed_at    INTEGER NOT NULL,              -- when a document had it last
    is_read      INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1)),  -- 1: its article arrives read
    word_count   INTEGER NOT NULL DEFAULT 0,    -- of the text in the feed
    article_id   INTEGER REFERENCES article (id) ON DELETE SET NULL,    -- NULL: not here yet, or deleted for good
    import_id    INTEGER REFERENCES import (id) ON DELETE SET NULL      -- what fetches its page
) STRICT;

CREATE INDEX feed_item_newest     ON feed_item (feed_id, listed_at, id);
CREATE INDEX feed_item_by_date    ON feed_item (feed_id, sorted_at);
CREATE INDEX feed_item_by_link    ON feed_item (link_key) WHERE link_key IS NOT NULL;
CREATE INDEX feed_item_by_article ON feed_item (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX feed_item_by_import  ON feed_item (import_id) WHERE import_id IS NOT NULL;

-- The articles of each feed, in the order of lists. An article may be in several.
CREATE TABLE article_feed (
    feed_id    INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    sorted_at  INTEGER NOT NULL,                -- copied from the article
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (feed_id, sorted_at, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_feed_by_article ON article_feed (article_id, feed_id);

-- The feed that an import comes from. Those of the reader go first.
ALTER TABLE import ADD COLUMN feed_id INTEGER REFERENCES feed (id) ON DELETE SET NULL;

CREATE INDEX import_by_feed ON import (feed_id) WHERE feed_id IS NOT NULL;
DROP INDEX import_waiting;
CREATE INDEX import_waiting ON import (feed_id IS NOT NULL, id, host, next_attempt_at) WHERE state = 'waiting' AND waits_for_room = 0;

CREATE TRIGGER feed_item_after_import AFTER UPDATE OF state ON import WHEN NEW.state = 'done' BEGIN
    UPDATE feed_item SET article_id = NEW.article_id WHERE import_id = NEW.id;
END;

CREATE TRIGGER article_feed_after_item_insert AFTER INSERT ON feed_item WHEN NEW.article_id IS NOT NULL BEGIN
    INSERT INTO article_feed (feed_id, sorted_at, article_id)
        SELECT NEW.feed_id, sorted_at, id FROM article WHERE id = NEW.article_id
          AND NOT EXISTS (SELECT 1 FROM article_feed WHERE article_id = NEW.article_id AND feed_id = NEW.feed_id);
END;

CREATE TRIGGER article_feed_after_item_update AFTER UPDATE OF article_id ON feed_item WHEN NEW.article_id IS NOT NULL BEGIN
    INSERT INTO article_feed (feed_id, sorted_at, article_id)
        SELECT NEW.feed_id, sorted_at, id FROM article WHERE id = NEW.article_id
          AND NOT EXISTS (SELECT 1 FROM article_feed WHERE article_id = NEW.article_id AND feed_id = NEW.feed_id);
END;

CREATE TRIGGER article_feed_after_date AFTER UPDATE OF sorted_at ON article WHEN NEW.sorted_at <> OLD.sorted_at BEGIN
    UPDATE article_feed SET sorted_at = NEW.sorted_at WHERE article_id = NEW.id;
END;

-- Counts of each feed.
CREATE TRIGGER feed_count_after_insert AFTER INSERT ON article_feed BEGIN
    UPDATE feed SET articles = articles + (a.state < 2), unread = unread + a.is_unread
        FROM (SELECT state, is_unread FROM article WHERE id = NEW.article_id) a WHERE feed.id = NEW.feed_id;
END;

-- An article that is purged was in the trash, where it did not count.
CREATE TRIGGER feed_count_after_delete AFTER DELETE ON article_feed BEGIN
    UPDATE feed SET articles = articles - (a.state < 2), unread = unread - a.is_unread
        FROM (SELECT state, is_unread FROM article WHERE id = OLD.article_id) a WHERE feed.id = OLD.feed_id;
END;

CREATE TRIGGER feed_count_after_article_update AFTER UPDATE OF read_at, archived_at, deleted_at ON article
WHEN OLD.is_unread <> NEW.is_unread OR (OLD.state < 2) <> (NEW.state < 2) BEGIN
    UPDATE feed SET articles = articles + (NEW.state < 2) - (OLD.state < 2), unread = unread + NEW.is_unread - OLD.is_unread
        WHERE id IN (SELECT feed_id FROM article_feed WHERE article_id = NEW.id);
END;
