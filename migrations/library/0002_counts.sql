-- Counts are kept up to date by the database itself, so that no page counts rows and no statement can forget to.
-- `articles` = not deleted; `unread` = the column of article.

CREATE TABLE tally (
    kind     TEXT    NOT NULL CHECK (kind IN ('all', 'topic', 'source', 'tag', 'starred', 'archived', 'trash')),
    key      TEXT    NOT NULL,              -- topic slug, source id, tag id, else ''
    articles INTEGER NOT NULL DEFAULT 0,
    unread   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

INSERT INTO tally (kind, key) VALUES ('all', ''), ('starred', ''), ('archived', ''), ('trash', '');

CREATE TRIGGER tally_article_added AFTER INSERT ON article BEGIN
    INSERT INTO tally (kind, key, articles, unread) VALUES
        ('all', '', NEW.shelf < 2, NEW.unread),
        ('topic', NEW.topic, NEW.shelf < 2, NEW.unread),
        ('source', CAST(NEW.source_id AS TEXT), NEW.shelf < 2, NEW.unread),
        ('starred', '', NEW.shelf < 2 AND NEW.starred_at IS NOT NULL, NEW.unread AND NEW.starred_at IS NOT NULL),
        ('archived', '', NEW.shelf = 1, 0),
        ('trash', '', NEW.shelf = 2, 0)
    ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, unread = unread + excluded.unread;
END;

CREATE TRIGGER tally_article_removed AFTER DELETE ON article BEGIN
    UPDATE tally SET articles = articles - (OLD.shelf < 2), unread = unread - OLD.unread
        WHERE (kind, key) IN (VALUES ('all', ''), ('topic', OLD.topic), ('source', CAST(OLD.source_id AS TEXT)));
    UPDATE tally SET articles = articles - (OLD.shelf < 2), unread = unread - OLD.unread
        WHERE (kind, key) = ('starred', '') AND OLD.starred_at IS NOT NULL;
    UPDATE tally SET articles = articles - 1
        WHERE (kind, key) IN (VALUES (CASE OLD.shelf WHEN 1 THEN 'archived' WHEN 2 THEN 'trash' ELSE '-' END, ''));
END;

CREATE TRIGGER tally_article_changed AFTER UPDATE OF topic, source_id, read_at, starred_at, archived_at, deleted_at ON article BEGIN
    UPDATE tally SET articles = articles - (OLD.shelf < 2), unread = unread - OLD.unread
        WHERE (kind, key) IN (VALUES ('all', ''), ('topic', OLD.topic), ('source', CAST(OLD.source_id AS TEXT)));
    UPDATE tally SET articles = articles - (OLD.shelf < 2), unread = unread - OLD.unread
        WHERE (kind, key) = ('starred', '') AND OLD.starred_at IS NOT NULL;
    UPDATE tally SET articles = articles - 1
        WHERE (kind, key) IN (VALUES (CASE OLD.shelf WHEN 1 THEN 'archived' WHEN 2 THEN 'trash' ELSE '-' END, ''));
    INSERT INTO tally (kind, key, articles, unread) VALUES
        ('all', '', NEW.shelf < 2, NEW.unread),
        ('topic', NEW.topic, NEW.shelf < 2, NEW.unread),
        ('source', CAST(NEW.source_id AS TEXT), NEW.shelf < 2, NEW.unread),
        ('starred', '', NEW.shelf < 2 AND NEW.starred_at IS NOT NULL, NEW.unread AND NEW.starred_at IS NOT NULL),
        ('archived', '', NEW.shelf = 1, 0),
        ('trash', '', NEW.shelf = 2, 0)
    ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, unread = unread + excluded.unread;
    UPDATE tally SET articles = articles + (NEW.shelf < 2) - (OLD.shelf < 2), unread = unread + NEW.unread - OLD.unread
        WHERE kind = 'tag' AND key IN (SELECT CAST(tag_id AS TEXT) FROM article_tag WHERE article_id = NEW.id);
END;

CREATE TRIGGER tally_tag_added AFTER INSERT ON article_tag BEGIN
    INSERT INTO tally (kind, key, articles, unread)
        SELECT 'tag', CAST(NEW.tag_id AS TEXT), shelf < 2, unread FROM article WHERE id = NEW.article_id
    ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, unread = unread + excluded.unread;
END;

-- When an article goes, its tags go with it (cascade) and find no article any more: it went from the trash,
-- where it no longer counted.
CREATE TRIGGER tally_tag_removed AFTER DELETE ON article_tag BEGIN
    UPDATE tally SET articles = articles - (SELECT shelf < 2 FROM article WHERE id = OLD.article_id),
                     unread = unread - (SELECT unread FROM article WHERE id = OLD.article_id)
        WHERE kind = 'tag' AND key = CAST(OLD.tag_id AS TEXT)
          AND EXISTS (SELECT 1 FROM article WHERE id = OLD.article_id);
END;

CREATE INDEX tally_by_size ON tally (kind, articles, key);

-- Bytes of all pictures, for the limit and the settings page.
CREATE TABLE picture_total (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL
) STRICT;

INSERT INTO picture_total (id, size) VALUES (1, 0);

CREATE TRIGGER picture_total_added AFTER INSERT ON picture BEGIN
    UPDATE picture_total SET size = size + NEW.size;
END;

CREATE TRIGGER picture_total_removed AFTER DELETE ON picture BEGIN
    UPDATE picture_total SET size = size - OLD.size;
END;
