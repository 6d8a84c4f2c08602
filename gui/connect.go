package gui

// connect wires the composer and the first-start page to the window.
func (w *Window) connect(c Config) {}
