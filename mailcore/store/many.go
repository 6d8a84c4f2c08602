package store

import "strings"

// chunks are how many rows one INSERT takes: a statement for a whole chunk
// costs a third of one for each row, and the full-text index writes a segment
// per statement.
var chunks = [...]int{256, 64, 16, 4, 1}

// insertMany runs "insert VALUES (?, …), (?, …) …" for all rows of args, which
// holds width values a row.
func (t *tx) insertMany(insert string, width int, args []any) error {
	for _, n := range chunks {
		for len(args) >= n*width {
			if _, err := t.exec(insert+t.rowsOf(width, n), args[:n*width]...); err != nil {
				return err
			}
			args = args[n*width:]
		}
	}
	return nil
}

// rowsOf writes the placeholders of n rows.
func (t *tx) rowsOf(width, n int) string {
	row := "(" + strings.Repeat("?, ", width-1) + "?)"
	return " VALUES " + strings.Repeat(row+", ", n-1) + row
}
