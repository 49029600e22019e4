-- Suggested tags, other names of tags, and tags that are nearly equal.

-- Names that mean the same have one key: the stems of their words. NULL: not made yet.
ALTER TABLE tag ADD COLUMN key TEXT;
CREATE INDEX tag_by_key ON tag (key);

-- Other names of tags: what is tagged with one gets the tag instead.
CREATE TABLE tag_alias (
    slug   TEXT    PRIMARY KEY,
    name   TEXT    NOT NULL,
    key    TEXT    NOT NULL,                -- as of tag
    tag_id INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_alias_by_key ON tag_alias (key);
CREATE INDEX tag_alias_by_tag ON tag_alias (tag_id);

-- What an article may be tagged with: the publisher's keywords and the key phrases of its text.
CREATE TABLE article_phrases (
    article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    phrases    TEXT NOT NULL                -- JSON: the key of each, its name if it is a good one, and whether it is a keyword
) STRICT;

-- The articles of older versions that have no phrases yet.
CREATE TABLE phrase_job (
    id                INTEGER PRIMARY KEY CHECK (id = 1),
    before_article_id INTEGER NOT NULL      -- those with lower ids are left
) STRICT;
INSERT INTO phrase_job (id, before_article_id) SELECT 1, max(id) + 1 FROM article HAVING count(*) > 0;

-- Suggestions that the reader has turned down: for one article, or for all.
CREATE TABLE declined_tag (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    slug       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    PRIMARY KEY (article_id, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE never_suggested (
    slug TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    key  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX never_suggested_by_key ON never_suggested (key);

-- Tags that look nearly equal and are not, in the order of their slugs.
CREATE TABLE distinct_tags (
    slug  TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (slug, other)
) STRICT, WITHOUT ROWID;
