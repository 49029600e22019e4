-- A rule may be for one article alone; it goes with the article. One selector has one rule for the source, and one more for each article.

CREATE TABLE rule_anew (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id  INTEGER NOT NULL REFERENCES source (id),
    article_id INTEGER REFERENCES article (id) ON DELETE CASCADE,   -- the only article it is for; NULL: all of the source
    selector   TEXT    NOT NULL,             -- in the normal form that extract writes
    reason     TEXT,                         -- why what it points at is left out; NULL: it is kept
    changed    INTEGER NOT NULL,             -- of the articles it was tried on, those it changed
    tried      INTEGER NOT NULL,
    made_at    INTEGER NOT NULL
) STRICT;

INSERT INTO rule_anew (id, source_id, selector, reason, changed, tried, made_at)
    SELECT id, source_id, selector, reason, changed, tried, made_at FROM rule;
-- The numbers go on where they were, so that none comes again that belonged to a rule removed since.
DELETE FROM sqlite_sequence WHERE name = 'rule_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'rule_anew', seq FROM sqlite_sequence WHERE name = 'rule';
DROP TABLE rule;
ALTER TABLE rule_anew RENAME TO rule;

CREATE INDEX rule_by_source ON rule (source_id, article_id);
CREATE UNIQUE INDEX rule_of_source ON rule (source_id, selector) WHERE article_id IS NULL;
CREATE UNIQUE INDEX rule_of_article ON rule (article_id, selector) WHERE article_id IS NOT NULL;
