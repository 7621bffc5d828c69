package console

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
)

// sequences are what drives a terminal: CSI, SS3 (also what arrow keys send) and
// OSC (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html). They go as a
// whole, so that "[31m" does not stay behind.
var sequences = regexp.MustCompile(`(?:\x1b\[|\x{9b})[0-9;?]*[ -/]*[@-~]` +
	`|\x1bO[A-Z]` +
	`|(?:\x1b\]|\x{9d})[^\x07\x1b\x{9c}]*(?:\x07|\x1b\\|\x{9c})`)

// escape makes text harmless on a terminal: no control character is left that
// could move the cursor, change colours, set the title or answer for the
// person, and no mark that turns the direction of writing around. White space
// of any kind becomes spaces. The joiners that Persian words and emoji need
// stay.
func escape(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u200c', r == '\u200d':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, sequences.ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), ""))
}

// webLink is s as it may stand in an OSC 8 sequence and in plain sight: an http
// or https address in printable ASCII; "" if s is none.
func webLink(s string) string { return chat.WebLink(s, paper.MaxLink, "") }

// columns is how many columns s takes at most. A joined emoji counts as its
// parts, since many terminals show it so.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case r < 0x7f:
		return 1
	case r == '\ufe0f': // what comes before is shown as an emoji, which is wide
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case wide(r):
		return 2
	}
	return 1
}

// wide reports whether r takes two columns (https://www.unicode.org/reports/tr11/).
func wide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}
