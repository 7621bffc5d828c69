package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// accents are the TeX commands that put a mark on the letter after them, and the
// combining character that does so in Unicode.
var accents = map[string]rune{
	"`": 0x300, "'": 0x301, "^": 0x302, "~": 0x303, "=": 0x304, "u": 0x306, ".": 0x307, `"`: 0x308,
	"r": 0x30a, "H": 0x30b, "v": 0x30c, "d": 0x323, "c": 0x327, "k": 0x328, "b": 0x331,
}

// symbols are the commands that stand for some text.
var symbols = map[string]string{
	"&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}",
	`\`: " ", " ": " ", "\n": " ", ",": " ", ";": " ", ":": " ", ">": " ", "quad": " ", "newline": " ", "linebreak": " ",
	"-": "", "/": "", "!": "", "@": "",
	"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
	"i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
	"S": "§", "P": "¶", "pounds": "£", "copyright": "©", "dots": "…", "ldots": "…",
	"textbackslash": `\`, "textasciitilde": "~", "textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}",
	"textdollar": "$", "textunderscore": "_", "textquotedbl": `"`, "textquotesingle": "'", "textendash": "–",
	"textemdash": "—", "textregistered": "®", "texttrademark": "™", "textdegree": "°", "textellipsis": "…",
	"LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX",
}

// styles are the commands that change how the text after them looks, and so
// have no text of their own.
var styles = map[string]bool{
	"emph": true, "textbf": true, "textit": true, "textsc": true, "texttt": true, "textrm": true, "textsf": true,
	"textsl": true, "textup": true, "textmd": true, "textnormal": true, "text": true, "mbox": true, "hbox": true,
	"underline": true, "textsuperscript": true, "textsubscript": true, "url": true, "ensuremath": true,
	"protect": true, "relax": true, "it": true, "bf": true, "em": true, "sc": true, "tt": true, "rm": true, "sf": true,
	"sl": true, "small": true, "large": true, "boldmath": true, "uppercase": true, "lowercase": true, "mathrm": true,
}

// ligatures are the signs that TeX makes of several characters, longest first.
var ligatures = []struct{ tex, text string }{
	{"---", "—"}, {"--", "–"}, {"``", "“"}, {"''", "”"}, {"~", " "},
}

// decodeTeX is the plain text of s: accents and symbols become characters, and
// braces and commands for the looks go. Mathematics between dollar signs and
// commands it does not know stay as they are. It looks at little more than the
// first limit bytes, the number that the caller will keep.
func decodeTeX(s string, limit int) string {
	s = s[:min(len(s), 4*limit)]
	if !strings.ContainsAny(s, "\\{}~$-`'") {
		return s
	}
	d := texDecoder{s: s}
	d.b.Grow(len(s))
	for d.i < len(s) {
		d.step()
	}
	return norm.NFC.String(d.b.String())
}

type texDecoder struct {
	s     string
	i     int
	b     strings.Builder
	shown []bool // for each open brace, whether it is part of the text
}

func (d *texDecoder) step() {
	switch c := d.s[d.i]; c {
	case '\\':
		d.command()
		return
	case '$':
		d.math()
		return
	case '{':
		d.open(false)
		return
	case '}':
		d.close()
		return
	}
	for _, l := range ligatures {
		if strings.HasPrefix(d.s[d.i:], l.tex) {
			d.b.WriteString(l.text)
			d.i += len(l.tex)
			return
		}
	}
	d.b.WriteByte(d.s[d.i])
	d.i++
}

func (d *texDecoder) open(shown bool) {
	d.i++
	d.shown = append(d.shown, shown)
	if shown {
		d.b.WriteByte('{')
	}
}

func (d *texDecoder) close() {
	d.i++
	last := len(d.shown) - 1
	if last < 0 {
		return
	}
	if d.shown[last] {
		d.b.WriteByte('}')
	}
	d.shown = d.shown[:last]
}

// math copies a formula, dollar signs and all.
func (d *texDecoder) math() {
	if end := mathEnd(d.s, d.i); end > 0 {
		d.b.WriteString(d.s[d.i:end])
		d.i = end
		return
	}
	d.b.WriteByte('$')
	d.i++
}

// mathEnd is where the formula that begins at s[start], a dollar sign, ends; 0 if
// it does not.
func mathEnd(s string, start int) int {
	for i := start + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '$':
			return i + 1
		}
	}
	return 0
}

func (d *texDecoder) command() {
	name := commandName(d.s[d.i+1:])
	after := d.i + 1 + len(name)
	word := name != "" && isASCIILetter(name[0])
	if mark, ok := accents[name]; ok && d.accent(mark, after) {
		return
	}
	text, known := symbols[name]
	if !known && !styles[name] {
		d.b.WriteString(d.s[d.i:after])
		if d.i = after; word && after < len(d.s) && d.s[after] == '{' {
			d.open(true)
		}
		return
	}
	d.b.WriteString(text)
	d.i = after
	if word { // TeX takes the spaces after a word as its end
		d.skipSpaces()
	}
}

func (d *texDecoder) skipSpaces() {
	for d.i < len(d.s) && (d.s[d.i] == ' ' || d.s[d.i] == '\n') {
		d.i++
	}
}

// commandName is a run of letters or a single other character.
func commandName(s string) string {
	n := 0
	for n < len(s) && isASCIILetter(s[n]) {
		n++
	}
	if n == 0 && s != "" {
		_, n = utf8.DecodeRuneInString(s)
	}
	return s[:n]
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// accent puts mark on the letter at after, or at a brace after it, and reports
// whether there is one.
func (d *texDecoder) accent(mark rune, after int) bool {
	i := after + len(d.s[after:]) - len(strings.TrimLeft(d.s[after:], " {"))
	opened := strings.Count(d.s[after:i], "{")
	base, size := utf8.DecodeRuneInString(d.s[i:])
	switch {
	case strings.HasPrefix(d.s[i:], `\i`), strings.HasPrefix(d.s[i:], `\j`): // a dotless letter: its dot is what the mark replaces
		base, size = rune(d.s[i+1]), 2
	case !unicode.IsLetter(base):
		return false
	}
	d.b.WriteRune(base)
	d.b.WriteRune(mark)
	d.i = i + size
	d.shown = append(d.shown, make([]bool, opened)...)
	return true
}

// decodeLink is an address or an ID without the TeX around it.
func decodeLink(s string) string {
	return strings.TrimSpace(linkTeX.Replace(s))
}

var linkTeX = strings.NewReplacer(`\url`, "", `\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\~`, "~",
	`\textasciitilde`, "~", `\textunderscore`, "_", "{", "", "}", "")

// escapeTeX writes text so that TeX prints it. Formulas between dollar signs
// stay formulas.
func escapeTeX(text string) string {
	if !strings.ContainsAny(text, `&%#_$\{}~^`) {
		return text
	}
	var b strings.Builder
	closed := bracePairs(text)
	for i := 0; i < len(text); i++ {
		if end := formula(text, i); end > 0 {
			b.WriteString(text[i:end])
			i = end - 1
			continue
		}
		switch c := text[i]; c {
		case '&', '%', '#', '_', '$':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\\':
			b.WriteString(`\textbackslash{}`)
		case '~':
			b.WriteString(`\textasciitilde{}`)
		case '^':
			b.WriteString(`\textasciicircum{}`)
		case '{', '}':
			b.WriteString(escapeBrace(c, closed[i]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// escapeBrace keeps to \{ and \} for pairs only, since BibTeX counts braces
// without looking at backslashes.
func escapeBrace(c byte, paired bool) string {
	switch {
	case paired:
		return `\` + string(c)
	case c == '{':
		return `\textbraceleft{}`
	}
	return `\textbraceright{}`
}

// bracePairs are the places of those braces in text, outside formulas, that have
// a partner.
func bracePairs(text string) map[int]bool {
	var open []int
	pairs := map[int]bool{}
	for i := 0; i < len(text); i++ {
		if end := formula(text, i); end > 0 {
			i = end - 1
			continue
		}
		switch last := len(open) - 1; {
		case text[i] == '{':
			open = append(open, i)
		case text[i] == '}' && last >= 0:
			pairs[i], pairs[open[last]] = true, true
			open = open[:last]
		}
	}
	return pairs
}

// formula is where the mathematics that begins at text[i] ends, 0 if there is
// none: "$5 and $10" are prices, and a formula whose braces do not pair would
// break the entry.
func formula(text string, i int) int {
	if text[i] != '$' {
		return 0
	}
	end := mathEnd(text, i)
	if end < i+3 {
		return 0
	}
	inner := text[i+1 : end-1]
	followed := end < len(text) && '0' <= text[end] && text[end] <= '9'
	if followed || strings.TrimSpace(inner) != inner || unpaired(inner) || comment(inner) {
		return 0
	}
	return end
}

func unpaired(s string) bool {
	depth := 0
	for _, c := range s {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return true
			}
		}
	}
	return depth != 0
}

// comment reports whether s has a % or # that TeX would not print.
func comment(s string) bool {
	for i, c := range s {
		if (c == '%' || c == '#') && (i == 0 || s[i-1] != '\\') {
			return true
		}
	}
	return false
}
