package arxiv

import (
	"regexp"
	"strings"
)

// TeX's accents as the Unicode characters that combine with the letter before them.
var combining = map[string]string{
	"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307", `"`: "\u0308",
	"u": "\u0306", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}

// TeX's letters of their own.
var letters = map[string]string{
	"aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
	"ss": "ß", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
}

var (
	accent = regexp.MustCompile("\\\\(?:([`'^\"~=.])\\s*|([urHvdck])(?:\\s+|\\{))\\{?\\\\?([A-Za-z])\\}?")
	letter = regexp.MustCompile(`\\(aa|AA|ae|AE|oe|OE|ss|dh|DH|th|TH|[oOlLij])(?:\s+|\b)`)
	braces = strings.NewReplacer("{", "", "}", "")
)

// accents turns names such as `Andr\'e` and `S{\o}ren`, which the feeds have as
// authors typed them, into what the query interface says.
func accents(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	s = accent.ReplaceAllStringFunc(s, func(tex string) string {
		m := accent.FindStringSubmatch(tex)
		return m[3] + combining[m[1]+m[2]]
	})
	s = letter.ReplaceAllStringFunc(s, func(tex string) string {
		return letters[letter.FindStringSubmatch(tex)[1]]
	})
	return braces.Replace(s)
}
