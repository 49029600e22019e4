-- Starred articles are listed whether they are archived or not, so their order no longer begins with the shelf.

DROP INDEX article_starred;
CREATE INDEX article_starred ON article (sorted_at, id) WHERE starred_at IS NOT NULL;
