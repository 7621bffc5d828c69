package settings

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is text that is only seen by who asks for it with Reveal. Printed,
// logged or marshalled in any way it is "[set]", or nothing if it is empty.
// (fmt cannot call methods of unexported fields: do not print whole structs
// that keep a Secret in one.)
type Secret string

// hidden stands for a secret that is not empty.
const hidden = "[set]"

// Reveal is the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String is "[set]" or "".
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// Format prints String for every verb: fmt would show the text for a wrong one.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, for JSON and its like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes the secret.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = Secret(text)
	return nil
}
