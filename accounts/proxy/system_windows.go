package proxy

import (
	"context"

	"golang.org/x/sys/windows/registry"
)

// system reads the person's Internet Settings; what cannot be read is not set.
func system(context.Context) Settings {
	key, err := registry.OpenKey(registry.CURRENT_USER, `Software\Microsoft\Windows\CurrentVersion\Internet Settings`, registry.QUERY_VALUE)
	if err != nil {
		return Settings{}
	}
	defer key.Close()
	enabled, _, _ := key.GetIntegerValue("ProxyEnable")
	text := func(name string) string {
		value, _, _ := key.GetStringValue(name)
		return value
	}
	return internetSettings(enabled != 0, text("ProxyServer"), text("ProxyOverride"), text("AutoConfigURL"))
}
