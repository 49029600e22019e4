-- Where an uploaded file or a pasted page says it is from. Shown, and never a key: anyone can write it into a file.
ALTER TABLE article ADD COLUMN claimed_url TEXT;
