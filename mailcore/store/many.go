package store

import "strings"

// chunks are how many rows one INSERT takes: a statement for a whole chunk
// costs a third of one for each row.
var chunks = [...]int{256, 64, 16, 4, 1}

// bulk inserts many rows. Its statements are made once: they are long.
type bulk struct {
	width int // values a row
	sql   [len(chunks)]string
}

// newBulk makes the statements of "insert VALUES (?, …), (?, …) …".
func newBulk(insert string, width int) *bulk {
	b := &bulk{width: width}
	row := "(" + strings.Repeat("?, ", width-1) + "?)"
	for i, n := range chunks {
		b.sql[i] = insert + " VALUES " + strings.Repeat(row+", ", n-1) + row
	}
	return b
}

// bulks are the inserts of many rows that the store does.
type bulks struct{ messages, msgids *bulk }

func newBulks() bulks {
	return bulks{
		messages: newBulk(`INSERT INTO message (id, folder, at_folder, at_uid, sorted, flags,
			received, size, conversation, attachments, msgid, subject, head)`, 13),
		msgids: newBulk(`INSERT INTO msgid (hash, conversation)`, 2),
	}
}

// insertMany inserts all rows of args.
func (t *tx) insertMany(b *bulk, args []any) error {
	for i, n := range chunks {
		for n *= b.width; len(args) >= n; args = args[n:] {
			if _, err := t.exec(b.sql[i], args[:n]...); err != nil {
				return err
			}
		}
	}
	return nil
}
