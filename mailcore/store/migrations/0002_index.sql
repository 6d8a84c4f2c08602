-- Segments of the index hold what one transaction brings, up to 8 MB of it, and
-- eight of a size are merged into one: a third of the merging of the defaults
-- (1 MB, four), at no cost that a search shows.
INSERT INTO search (search, rank) VALUES ('automerge', 8);
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
