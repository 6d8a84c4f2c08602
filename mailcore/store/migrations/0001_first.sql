-- Times are seconds since 1970; 0 means unknown.

CREATE TABLE setting (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A folder that left the server's LIST while a pending operation still names
-- it stays as a tombstone (gone).
CREATE TABLE folder (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	account      TEXT NOT NULL,
	path         TEXT NOT NULL,
	delimiter    TEXT NOT NULL,
	role         TEXT NOT NULL,
	selectable   INTEGER NOT NULL,
	subscribed   INTEGER NOT NULL,
	gone         INTEGER NOT NULL DEFAULT 0,
	uidvalidity  INTEGER NOT NULL DEFAULT 0,
	uidnext      INTEGER NOT NULL DEFAULT 0,
	modseq       INTEGER NOT NULL DEFAULT 0,
	backfilled   INTEGER NOT NULL DEFAULT 0,
	server_total INTEGER NOT NULL DEFAULT 0,
	checked      INTEGER NOT NULL DEFAULT 0,
	total        INTEGER NOT NULL DEFAULT 0, -- messages shown here
	unread       INTEGER NOT NULL DEFAULT 0, -- of those, without \Seen
	known        INTEGER NOT NULL DEFAULT 0, -- UIDs the server has here, as far as known
	UNIQUE (account, path)
) STRICT;

-- Where a message is on the server (at_folder, at_uid) and where it is shown
-- (folder) differ while a move waits; folder is NULL while an expunge waits.
CREATE TABLE message (
	id           INTEGER PRIMARY KEY, -- from counter
	folder       INTEGER REFERENCES folder (id),
	at_folder    INTEGER NOT NULL REFERENCES folder (id),
	at_uid       INTEGER NOT NULL, -- 0: not known
	sorted       INTEGER NOT NULL, -- never changes once the header is here: the search row's number is made from it
	flags        INTEGER NOT NULL,
	waiting      INTEGER NOT NULL DEFAULT 0, -- pending operations, kept by triggers
	stub         INTEGER NOT NULL DEFAULT 0, -- salvaged for a pending operation, header not here yet
	received     INTEGER NOT NULL,
	size         INTEGER NOT NULL,
	conversation INTEGER NOT NULL,
	attachments  INTEGER NOT NULL,
	body         INTEGER NOT NULL DEFAULT 0, -- a row in body exists
	msgid        TEXT NOT NULL,
	subject      TEXT NOT NULL,
	head         BLOB NOT NULL, -- the other header fields, see header.go
	snippet      TEXT NOT NULL DEFAULT ''
) STRICT;

-- The list of a folder; the id that every index ends with breaks ties.
CREATE INDEX message_list ON message (folder, sorted);
CREATE INDEX message_unread ON message (folder, sorted) WHERE flags & 1 = 0;
CREATE INDEX message_flagged ON message (folder, sorted) WHERE flags & 4 <> 0;
CREATE UNIQUE INDEX message_uid ON message (at_folder, at_uid) WHERE at_uid > 0;
-- What waits to be re-attached by its Message-ID: nearly always empty.
CREATE INDEX message_detached ON message (at_folder, msgid) WHERE at_uid = 0;
CREATE INDEX message_conversation ON message (conversation);

-- Which conversation a Message-ID (hashed with its account) belongs to. Entries
-- outlive their messages, so that a late reply still finds its conversation.
CREATE TABLE msgid (
	hash         INTEGER PRIMARY KEY,
	conversation INTEGER NOT NULL
) STRICT;

-- The last numbers given out; none is ever used again.
CREATE TABLE counter (
	one          INTEGER PRIMARY KEY CHECK (one = 1),
	message      INTEGER NOT NULL,
	conversation INTEGER NOT NULL
) STRICT;
INSERT INTO counter VALUES (1, 0, 0);

-- Conversations that turned out to be part of another one.
CREATE TABLE merged (
	conversation INTEGER PRIMARY KEY,
	target       INTEGER NOT NULL
) STRICT;
CREATE INDEX merged_target ON merged (target);

CREATE TABLE body (
	message INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
	packing INTEGER NOT NULL, -- of raw; 0 as it is, 1 deflate
	raw     BLOB NOT NULL,
	text_packing INTEGER NOT NULL,
	text    BLOB NOT NULL -- for the search index
) STRICT;

-- Search rows are numbered sorted << 28 | message, so that the newest come
-- first without sorting. The text itself is not kept a second time.
CREATE VIRTUAL TABLE search USING fts5 (
	sender, recipients, subject, body,
	content = '', contentless_delete = 1,
	tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
-- Messages above last wait to be indexed, and those in search_again once more.
CREATE TABLE search_cursor (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	last INTEGER NOT NULL
) STRICT;
INSERT INTO search_cursor VALUES (1, 0);
CREATE TABLE search_again (message INTEGER PRIMARY KEY) STRICT;

-- Paths, Message-ID, size and date repeat what other tables say, so that an
-- operation salvaged alone from a damaged file still has a meaning.
CREATE TABLE pending (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	account      TEXT NOT NULL,
	kind         TEXT NOT NULL,
	message      INTEGER REFERENCES message (id),
	folder       INTEGER REFERENCES folder (id),
	uidvalidity  INTEGER NOT NULL,
	uid          INTEGER NOT NULL,
	target       INTEGER REFERENCES folder (id),
	add_flags    INTEGER NOT NULL,
	remove_flags INTEGER NOT NULL,
	outbox       INTEGER NOT NULL,
	attempts     INTEGER NOT NULL,
	not_before   INTEGER NOT NULL,
	created      INTEGER NOT NULL,
	path         TEXT NOT NULL,
	target_path  TEXT NOT NULL,
	msgid        TEXT NOT NULL,
	size         INTEGER NOT NULL,
	received     INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_message ON pending (message);
CREATE INDEX pending_folder ON pending (folder);
CREATE INDEX pending_target ON pending (target);

CREATE TRIGGER pending_added AFTER INSERT ON pending WHEN new.message IS NOT NULL BEGIN
	UPDATE message SET waiting = waiting + 1 WHERE id = new.message;
END;
CREATE TRIGGER pending_removed AFTER DELETE ON pending WHEN old.message IS NOT NULL BEGIN
	UPDATE message SET waiting = waiting - 1 WHERE id = old.message;
END;

CREATE TABLE draft (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	account TEXT NOT NULL,
	changed INTEGER NOT NULL, -- nanoseconds
	content TEXT NOT NULL -- JSON, without attachment data
) STRICT;

CREATE TABLE outbox (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	account  TEXT NOT NULL,
	state    TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	next_try INTEGER NOT NULL, -- nanoseconds
	created  INTEGER NOT NULL, -- nanoseconds
	problem  TEXT NOT NULL, -- JSON, '' if none
	content  TEXT NOT NULL, -- JSON: envelope, what is shown, and the draft without attachment data
	raw      BLOB NOT NULL
) STRICT;

-- Attachment data of a draft or of an outbox row.
CREATE TABLE attachment (
	id     INTEGER PRIMARY KEY,
	draft  INTEGER REFERENCES draft (id) ON DELETE CASCADE,
	outbox INTEGER REFERENCES outbox (id) ON DELETE CASCADE,
	place  INTEGER NOT NULL,
	hash   BLOB NOT NULL, -- SHA-256 of data: unchanged data is not written again
	data   BLOB NOT NULL
) STRICT;
CREATE INDEX attachment_draft ON attachment (draft);
CREATE INDEX attachment_outbox ON attachment (outbox);
