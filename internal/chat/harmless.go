package chat

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// marksKept is how many marks may stack on a character; no language needs more.
const marksKept = 4

// Harmless is text without what does more than being read on any platform: no
// control characters, no marks that turn the direction of writing around or have
// no width, no towers of accents. White space becomes spaces, except line breaks;
// the joiners that Persian words and emoji need stay. A platform still escapes
// its own markup.
func Harmless(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if marks++; !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		}
		switch {
		case marks > marksKept:
			return -1
		case r == '\n', r == '\u200c', r == '\u200d':
			return r
		case r == '\u2028', r == '\u2029':
			return '\n'
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// WebLink is an http or https address in printable ASCII, without the characters
// in markup, which mean something where it is to stand; "" if s is no such
// address or longer than limit bytes, then or now.
func WebLink(s string, limit int, markup string) string {
	if len(s) > limit {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c > ' ' && c < 0x7f && strings.IndexByte(markup, c) < 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() > limit {
		return ""
	}
	return b.String()
}
