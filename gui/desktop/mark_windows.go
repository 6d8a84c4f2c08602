package desktop

import "os"

// mark writes the stream that Windows knows files from the internet by.
func mark(path string) error {
	return os.WriteFile(path+":Zone.Identifier", []byte("[ZoneTransfer]\r\nZoneId=3\r\n"), 0o600)
}
