-- How long articles stay: for ever, unless the reader sets a limit for a feed or a folder. NULL: as the folders of a feed, or the
-- folder around a folder, say; where none says anything, for ever.
ALTER TABLE feed   ADD COLUMN keep_kind  TEXT    CHECK (keep_kind IN ('forever', 'newest', 'days'));
ALTER TABLE feed   ADD COLUMN keep_count INTEGER CHECK (keep_count > 0);     -- articles, or days; NULL: for ever
ALTER TABLE folder ADD COLUMN keep_kind  TEXT    CHECK (keep_kind IN ('forever', 'newest', 'days'));
ALTER TABLE folder ADD COLUMN keep_count INTEGER CHECK (keep_count > 0);

-- When a limit moved the article to the trash. What the reader brings back from there stays.
ALTER TABLE article ADD COLUMN limited_at INTEGER;

-- Each folder, and the folders that are in it at any depth, itself too.
CREATE TABLE folder_inside (
    folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    inner_id  INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    PRIMARY KEY (folder_id, inner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX folder_inside_by_inner ON folder_inside (inner_id, folder_id);

INSERT INTO folder_inside (folder_id, inner_id)
    WITH RECURSIVE inside (folder_id, inner_id) AS (
        SELECT id, id FROM folder
        UNION SELECT i.folder_id, f.id FROM inside i JOIN folder f ON f.parent_id = i.inner_id
    ) SELECT folder_id, inner_id FROM inside;

CREATE TRIGGER folder_inside_after_insert AFTER INSERT ON folder BEGIN
    INSERT INTO folder_inside (folder_id, inner_id)
        SELECT folder_id, NEW.id FROM folder_inside WHERE inner_id = NEW.parent_id UNION ALL SELECT NEW.id, NEW.id;
END;

-- The articles of each folder, with those of the folders in it, in the order of lists. An article is in each once.
CREATE TABLE article_folder (
    folder_id  INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    sorted_at  INTEGER NOT NULL,                -- copied from the article
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (folder_id, sorted_at, article_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX article_folder_by_article ON article_folder (article_id, folder_id);

INSERT INTO article_folder (folder_id, sorted_at, article_id)
    SELECT DISTINCT i.folder_id, g.sorted_at, g.article_id
    FROM folder_inside i JOIN feed_folder p ON p.folder_id = i.inner_id JOIN article_feed g ON g.feed_id = p.feed_id;

ALTER TABLE folder ADD COLUMN articles INTEGER NOT NULL DEFAULT 0;  -- not deleted
ALTER TABLE folder ADD COLUMN unread   INTEGER NOT NULL DEFAULT 0;

UPDATE folder SET
    articles = (SELECT count(*) FROM article_folder g JOIN article a ON a.id = g.article_id
                WHERE g.folder_id = folder.id AND a.state < 2),
    unread   = (SELECT count(*) FROM article_folder g JOIN article a ON a.id = g.article_id
                WHERE g.folder_id = folder.id AND a.is_unread = 1);

-- An article comes to a folder with its feed, and a feed with its articles. It leaves when no feed of the folder lists it.
CREATE TRIGGER article_folder_after_feed_insert AFTER INSERT ON feed_folder BEGIN
    INSERT INTO article_folder (folder_id, sorted_at, article_id)
        SELECT i.folder_id, g.sorted_at, g.article_id
        FROM folder_inside i CROSS JOIN article_feed g ON g.feed_id = NEW.feed_id WHERE i.inner_id = NEW.folder_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER article_folder_after_feed_delete AFTER DELETE ON feed_folder BEGIN
    DELETE FROM article_folder
        WHERE article_id IN (SELECT article_id FROM article_feed WHERE feed_id = OLD.feed_id)
          AND folder_id IN (SELECT folder_id FROM folder_inside WHERE inner_id = OLD.folder_id)
          AND NOT EXISTS (SELECT 1 FROM article_feed g CROSS JOIN feed_folder p ON p.feed_id = g.feed_id
                          CROSS JOIN folder_inside i ON i.inner_id = p.folder_id AND i.folder_id = article_folder.folder_id
                          WHERE g.article_id = article_folder.article_id);
END;

CREATE TRIGGER article_folder_after_article_insert AFTER INSERT ON article_feed BEGIN
    INSERT INTO article_folder (folder_id, sorted_at, article_id)
        SELECT i.folder_id, NEW.sorted_at, NEW.article_id
        FROM feed_folder p CROSS JOIN folder_inside i ON i.inner_id = p.folder_id WHERE p.feed_id = NEW.feed_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER article_folder_after_article_delete AFTER DELETE ON article_feed BEGIN
    DELETE FROM article_folder
        WHERE article_id = OLD.article_id
          AND NOT EXISTS (SELECT 1 FROM article_feed g CROSS JOIN feed_folder p ON p.feed_id = g.feed_id
                          CROSS JOIN folder_inside i ON i.inner_id = p.folder_id AND i.folder_id = article_folder.folder_id
                          WHERE g.article_id = OLD.article_id);
END;

CREATE TRIGGER article_folder_after_date AFTER UPDATE OF sorted_at ON article WHEN NEW.sorted_at <> OLD.sorted_at BEGIN
    UPDATE article_folder SET sorted_at = NEW.sorted_at WHERE article_id = NEW.id;
END;

-- Counts of each folder.
CREATE TRIGGER folder_count_after_insert AFTER INSERT ON article_folder BEGIN
    UPDATE folder SET articles = articles + (a.state < 2), unread = unread + a.is_unread
        FROM (SELECT state, is_unread FROM article WHERE id = NEW.article_id) a WHERE folder.id = NEW.folder_id;
END;

-- An article that is purged was in the trash, where it did not count.
CREATE TRIGGER folder_count_after_delete AFTER DELETE ON article_folder BEGIN
    UPDATE folder SET articles = articles - (a.state < 2), unread = unread - a.is_unread
        FROM (SELECT state, is_unread FROM article WHERE id = OLD.article_id) a WHERE folder.id = OLD.folder_id;
END;

CREATE TRIGGER folder_count_after_article_update AFTER UPDATE OF read_at, archived_at, deleted_at ON article
WHEN OLD.is_unread <> NEW.is_unread OR (OLD.state < 2) <> (NEW.state < 2) BEGIN
    UPDATE folder SET articles = articles + (NEW.state < 2) - (OLD.state < 2), unread = unread + NEW.is_unread - OLD.is_unread
        WHERE id IN (SELECT folder_id FROM article_folder WHERE article_id = NEW.id);
END;
