-- Words are separated and accents taken off before a text is indexed, so the tokenizer has to leave both alone; and it takes
-- vowel signs for letters. The index is built again by a job: articles below `before_article_id` are not in it yet.
DROP TABLE article_search;
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, text, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);

CREATE TABLE search_index_job (
    id                INTEGER PRIMARY KEY CHECK (id = 1),
    before_article_id INTEGER NOT NULL
);
INSERT INTO search_index_job (id, before_article_id) SELECT 1, max(id) + 1 FROM article HAVING count(*) > 0;
