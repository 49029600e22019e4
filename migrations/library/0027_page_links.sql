-- Pages without a feed that are followed by a list of their links.

ALTER TABLE feed ADD COLUMN links         TEXT;     -- a selector of the list; NULL: it is a feed
ALTER TABLE feed ADD COLUMN declared_feed TEXT;     -- the feed that a page at its address declares
ALTER TABLE feed ADD COLUMN known_feed    TEXT;     -- the one that it declared when it was followed
