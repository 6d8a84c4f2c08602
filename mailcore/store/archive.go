package store

import (
	"context"

	"github.com/linnet-mail/linnet/mailcore"
)

// archivedKey is the setting that lists archived accounts, as a JSON list.
const archivedKey = "archived"

// Archive turns an account into one that has no server any more: what waits for
// it (pending operations, sent mail that was still to be filed) is dropped, and
// what is shown stays as it is. Its inbox is no longer among all inboxes. To be
// called again after a change of flags, which nobody will carry out.
func (s *Store) Archive(ctx context.Context, account mailcore.AccountID) error {
	err := s.write(ctx, full, func(t *tx) error {
		if _, err := t.exec(`DELETE FROM pending WHERE account = ?`, account); err != nil {
			return err
		}
		// Deleted already, for everybody who looks.
		if err := t.dropAll(`folder IS NULL AND at_folder IN (SELECT id FROM folder WHERE account = ?)`, account); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE outbox SET state = 'done' WHERE account = ? AND state = 'to-file'`, account); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO setting (key, value) VALUES (?1, json_array(?2)) ON CONFLICT (key) DO UPDATE
			SET value = json_insert(value, '$[#]', ?2) WHERE NOT EXISTS (SELECT 1 FROM json_each(setting.value) WHERE value = ?2)`, archivedKey, account)
		return err
	})
	return s.fail("archive account", err)
}
