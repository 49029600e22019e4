-- When the computer's clock was last seen to be right, so that one that is far off at start is noticed: it empties no
-- trash. Times are Unix seconds (UTC).

CREATE TABLE clock (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    seen_at   INTEGER NOT NULL,
    jumped_at INTEGER                       -- what it showed when it was first seen to be off; NULL: it is right
) STRICT;
