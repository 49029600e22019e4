-- When links of a file were last stored, as long as it is being received.
ALTER TABLE export_file ADD COLUMN stored_at INTEGER;
