-- 1: the page is large, so the import waits until the disk has room for it. It is not fetched before.
ALTER TABLE import ADD COLUMN waits_for_room INTEGER NOT NULL DEFAULT 0 CHECK (waits_for_room IN (0, 1));
