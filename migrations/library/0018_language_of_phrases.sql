-- The language in which names are compared with the phrases of an article: its own, or the one that its text seems to be in.
-- Empty: unclear. NULL: the phrases are to be found again.
ALTER TABLE article_phrases ADD COLUMN language TEXT;
INSERT INTO phrase_job (id, before_article_id) SELECT 1, max(id) + 1 FROM article HAVING count(*) > 0
    ON CONFLICT DO UPDATE SET before_article_id = excluded.before_article_id;
