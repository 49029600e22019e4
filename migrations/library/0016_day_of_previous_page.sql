-- The day of the page of that version, if it is a copy in a web archive (YYYY-MM-DD). It counts with a page of its own only.
ALTER TABLE article_previous_version ADD COLUMN archived_on TEXT;
