package console

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	joiner    = '\u200d'
	textual   = '\ufe0e' // asks for the character before it as text
	colourful = '\ufe0f' // asks for it as an emoji
	enclosing = '\u20e3' // makes a keycap of the digit before it
)

// cutEmoji takes one emoji off the beginning of s.
func cutEmoji(s string) (emoji, rest string, ok bool) {
	n := emojiLen(s)
	return s[:n], s[n:], n > 0
}

// emojiLen is how many bytes of s its first character takes if that is an
// emoji: a keycap, a flag, or pictures that are joined
// (https://www.unicode.org/reports/tr51/#EBNF_and_Regex); otherwise 0.
func emojiLen(s string) int {
	runes := []rune(s)
	n := keycapRunes(runes)
	if n == 0 {
		n = pictureRunes(runes)
	}
	for n > 0 && len(runes) > n && runes[n] == joiner {
		more := pictureRunes(runes[n+1:])
		if more == 0 {
			break
		}
		n += 1 + more
	}
	return len(string(runes[:n]))
}

func keycapRunes(s []rune) int {
	if len(s) < 2 || !strings.ContainsRune("0123456789#*", s[0]) {
		return 0
	}
	n := 1
	if s[n] == colourful {
		n++
	}
	if len(s) > n && s[n] == enclosing {
		return n + 1
	}
	return 0
}

// pictureRunes counts a flag, or a picture with what changes its look.
func pictureRunes(s []rune) int {
	switch {
	case len(s) == 0:
		return 0
	case len(s) > 1 && regional(s[0]) && regional(s[1]):
		return 2
	case !picture(s[0]) && !(len(s) > 1 && s[1] == colourful && unicode.IsSymbol(s[0])):
		return 0
	}
	n := 1
	for n < len(s) && adorns(s[n]) {
		n++
	}
	return n
}

// picture reports whether r is an emoji by itself.
func picture(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff && !regional(r) ||
		r >= 0x2600 && r <= 0x27bf ||
		r >= 0x231a && r <= 0x23ff ||
		r == '⭐' || r == '⭕' || r == '⬛' || r == '⬜' || r >= '⬅' && r <= '⬇'
}

func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// adorns reports whether r changes the look of the emoji before it, not what it
// says.
func adorns(r rune) bool { return r == textual || r == colourful || skinTone(r) }

// folded is an emoji without what changes only its look.
func folded(emoji string) string {
	return strings.Map(func(r rune) rune {
		if adorns(r) {
			return -1
		}
		return r
	}, emoji)
}

// keycap is the folded emoji that stands for a number, which there is for 1 to 10.
func keycap(number int) (string, bool) {
	if number == 10 {
		return "🔟", true
	}
	return string([]rune{'0' + rune(number), enclosing}), number >= 1 && number <= 9
}

// keycapNumber is the number that a folded emoji stands for.
func keycapNumber(folded string) (int, bool) {
	if folded == "🔟" {
		return 10, true
	}
	r, size := utf8.DecodeRuneInString(folded)
	return int(r - '0'), r >= '1' && r <= '9' && folded[size:] == string(enclosing)
}

// approves tells the emoji that mean what a vote means.
func approves(folded string) bool {
	return slices.Contains([]string{"👍", "❤", "🔥", "⭐", "🌟", "👏", "🙌", "💯", "🎉", "⬆", "🔼"}, folded)
}

// keeps tells the emoji that mean what saving means.
func keeps(folded string) bool { return folded == "🔖" || folded == "📌" }
