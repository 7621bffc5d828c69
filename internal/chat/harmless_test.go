package chat

import (
	"strings"
	"testing"
)

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"two\nlines\u2028and a third": "two\nlines\nand a third",
		"a\tb\u00a0c\rd":              "a b c d",
		"\x1b[31mred\x00\x7f\u009b":   "[31mred",
		"npm\u202egnp\u202c\u200b":    "npmgnp",
		"\xffhalf":                    "\uFFFDhalf",
		"👩\u200d👩\u200d👧 می\u200cخواهم":         "👩\u200d👩\u200d👧 می\u200cخواهم",
		"z" + strings.Repeat("\u0300", 9) + "e": "z" + strings.Repeat("\u0300", 4) + "e",
	} {
		if got := Harmless(text); got != want {
			t.Errorf("Harmless(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWebLink(t *testing.T) {
	for link, want := range map[string]string{
		"https://example.org/a?b=c&d=e#f": "https://example.org/a?b=c&d=e#f",
		"https://example.org/a b|<c>":     "https://example.org/a%20b%7C%3Cc%3E",
		"http://example.org/\xff\u202e":   "http://example.org/%FF%E2%80%AE",
		"javascript:alert(1)":             "",
		"//example.org/a":                 "",
		"http://":                         "",
		"http://:80/":                     "",
		"":                                "",
		"https://example.org/" + strings.Repeat("a", 30): "",
		"https://example.org/" + strings.Repeat("|", 19): "", // longer once it is escaped
	} {
		if got := WebLink(link, 40, "<>|"); got != want {
			t.Errorf("WebLink(%q) = %q, want %q", link, got, want)
		}
	}
}
