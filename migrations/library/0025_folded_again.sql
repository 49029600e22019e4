-- When links of a file were last stored, as long as it is being received.
ALTER TABLE export_file ADD COLUMN stored_at INTEGER;

-- Letters are folded otherwise than before, so the index is made again by a job.
INSERT INTO article_search (article_search) VALUES ('delete-all');
INSERT OR REPLACE INTO search_index_job (id, before_article_id) SELECT 1, max(id) + 1 FROM article HAVING count(*) > 0;
