-- When links of a file were last stored, as long as it is being received.
ALTER TABLE export_file ADD COLUMN stored_at INTEGER;

-- Letters are folded and words are stemmed otherwise than before, so what was made of them is made again by jobs: the index, the
-- phrases of articles, what articles have taught, and the keys of names.
INSERT INTO article_search (article_search) VALUES ('delete-all');
INSERT OR REPLACE INTO search_index_job (id, before_article_id) SELECT 1, max(id) + 1 FROM article HAVING count(*) > 0;
INSERT OR REPLACE INTO phrase_job (id, before_article_id) SELECT 1, max(id) + 1 FROM article HAVING count(*) > 0;
INSERT OR IGNORE INTO learning_queue (article_id) SELECT article_id FROM learned_example;

-- Names whose keys are to be made again: tags, their other names, and suggestions that were turned down.
CREATE TABLE stale_key (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('tag', 'alias', 'declined', 'never')),
    slug       TEXT NOT NULL,
    article_id INTEGER                      -- of a suggestion that was turned down for one article
) STRICT;
INSERT INTO stale_key (kind, slug) SELECT 'tag', slug FROM tag;
INSERT INTO stale_key (kind, slug) SELECT 'alias', slug FROM tag_alias;
INSERT INTO stale_key (kind, slug, article_id) SELECT 'declined', slug, article_id FROM declined_tag;
INSERT INTO stale_key (kind, slug) SELECT 'never', slug FROM never_suggested;
