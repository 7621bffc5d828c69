package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTerm is how many bytes of a word count; longer ones are cut, in papers and
// in queries alike.
const maxTerm = 64

// maxJoint is how long the shorter part of a two-part word may be for the whole
// to be a word too: pre-training, GPT-4 and data-set are at times written as one,
// transformer-based is not.
const maxJoint = 5

// token is a word of a text in the form in which it is compared.
type token struct {
	term  []byte // folded and singular; term and raw are valid until the next token
	raw   []byte // folded only
	pos   int    // its place among the words of the text
	start int    // where it stands in the text, in bytes
	end   int
	// extra marks what is given after a word in the same place: the whole of a
	// two-part word, "pretraining" of "pre-training", and a name without its
	// number, "qwen" of "Qwen2.5".
	extra bool
}

// scanner cuts text into words. It keeps its buffers from text to text.
type scanner struct {
	emit func(token)
	// wanted are the bytes with which words must begin to be emitted; nil for all.
	wanted *[256]bool

	text string
	i    int // the next byte to look at
	pos  int // the place of the next word

	word     []byte // the word being read
	initials bool   // it is one like i.i.d.
	form     []byte // its singular
	parts    int    // parts so far of a word with hyphens
	join     []byte // those parts as one word
	begin    int    // where they start
}

// scan emits the words of text, the first in place pos, and returns the place
// after the last.
func (s *scanner) scan(text string, pos int) int {
	s.text, s.i, s.pos, s.parts = text, 0, pos, 0
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case isWord[c]:
			s.part()
		case c == '\\':
			s.command()
		case c < utf8.RuneSelf:
			s.i++
			s.parts = 0
		default:
			s.foreign()
		}
	}
	return s.pos
}

// isWord tells ASCII letters and digits.
var isWord = func() (t [256]bool) {
	for c := range t {
		t[c] = '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	return t
}()

// foreign reads on at a character beyond ASCII.
func (s *scanner) foreign() {
	r, n := utf8.DecodeRuneInString(s.text[s.i:])
	switch {
	case isCJK(r):
		s.parts = 0
		s.bigrams()
	case unicode.IsLetter(r), unicode.IsNumber(r):
		s.part()
	default:
		s.i += n
		s.parts = 0
	}
}

// part reads one word, or one part of a word with hyphens.
func (s *scanner) part() {
	start, plain := s.i, true
	s.word = s.word[:0]
	s.initials = areInitials(s.text[s.i:])
	for {
		s.letters()
		if s.i == len(s.text) || s.text[s.i] == ' ' {
			break
		}
		c := s.text[s.i]
		n, inside := s.within(c)
		if !inside {
			break
		}
		switch {
		case c >= utf8.RuneSelf:
			plain = false
			s.word = append(s.word, s.text[s.i:s.i+n]...)
		case c == '.' && !s.initials, c == '+', c == '#', c == '*':
			s.word = append(s.word, s.text[s.i:s.i+n]...)
		case c == '$': // its digits
			s.word = append(s.word, strings.Trim(s.text[s.i:s.i+n], "$_{}")...)
		}
		s.i += n
	}
	end := s.i
	if !plain {
		s.word = fold(s.word)
	}
	s.word = bound(s.word)
	s.i += possessive(s.text[s.i:])
	if len(s.word) > 0 {
		s.finish(start, end)
	}
}

// letters reads ASCII letters and digits.
func (s *scanner) letters() {
	word, i := s.word, s.i
	for ; i < len(s.text); i++ {
		c := lower[s.text[i]]
		if c == 0 {
			break
		}
		word = append(word, c)
	}
	s.word, s.i = word, i
}

// lower is ASCII letters in lower case and digits; others are 0.
var lower = func() (t [256]byte) {
	for c := range t {
		if isWord[c] {
			t[c] = byte(unicode.ToLower(rune(c)))
		}
	}
	return t
}()

// within reports whether the character at s.i, no ASCII letter or digit,
// belongs to the word before it, and how many bytes to take.
func (s *scanner) within(c byte) (n int, ok bool) {
	rest := s.text[s.i:]
	next := byte(0)
	if len(rest) > 1 {
		next = rest[1]
	}
	switch {
	case c == '.': // 3.1
		return 1, s.initials && isWord[next] || isDigit(next) && len(s.word) > 0 && isDigit(s.word[len(s.word)-1])
	case c == ',': // 10,000
		return 1, s.thousands(rest)
	case c == '\'': // don't, O'Brien
		return 1, isWord[next] && possessive(rest) == 0
	case c == '+': // C++
		return 2, next == '+' && len(s.word) > 0
	case c == '*': // A*
		return 1, len(s.word) == 1 && !isWord[next] && next != '*' && !isDigit(s.word[0])
	case c == '#': // C#
		return 1, len(s.word) == 1 && !isWord[next]
	case c == '$': // H$_2$O
		n = subscript(rest)
		return n, n > 0
	case c == '\\', c == '{', c == '}': // G\"odel, G{\"o}del, Erd\H{o}s
		n = accent(s.text, s.i)
		return n, n > 0
	case c < utf8.RuneSelf:
		return 0, false
	}
	r, n := utf8.DecodeRuneInString(rest)
	switch {
	case r == '’':
		after, _ := utf8.DecodeRuneInString(rest[n:])
		return n, unicode.IsLetter(after) && possessive(rest) == 0
	case isCJK(r):
		return 0, false
	}
	return n, unicode.In(r, unicode.L, unicode.M, unicode.N) || isUnseen(r)
}

// thousands reports whether the comma that rest begins with groups digits.
func (s *scanner) thousands(rest string) bool {
	digits := 0
	for digits+1 < len(rest) && isDigit(rest[digits+1]) {
		digits++
	}
	n := len(s.word)
	return digits == 3 && n > 0 && isNumber(string(s.word)) && (n <= 3 || n%3 == 0)
}

// areInitials reports whether text begins with letters that dots part, as in i.i.d.
func areInitials(text string) bool {
	const shape = "a.a.a"
	for i := range len(shape) {
		if i >= len(text) || (shape[i] == '.') != (text[i] == '.') || shape[i] == 'a' && (!isWord[text[i]] || isDigit(text[i])) {
			return false
		}
	}
	return len(text) == len(shape) || !isWord[text[len(shape)]]
}

// subscript is the length of the TeX digits below the line that rest starts with,
// $_2$ or $_{12}$, or 0.
func subscript(rest string) int {
	inside, ok := strings.CutPrefix(rest, "$_")
	if !ok {
		return 0
	}
	n := strings.IndexByte(inside, '$')
	if n < 1 || n > 8 || strings.Trim(inside[:n], "0123456789{}") != "" {
		return 0
	}
	return len("$_") + n + len("$")
}

// accent is the length of what at byte i of text is part of a letter in TeX, but
// not the letter: \" or {\" or \H{ before it, } after it; or 0.
func accent(text string, i int) int {
	rest := text[i:]
	for _, form := range accentForms {
		if strings.HasPrefix(rest, form) {
			return len(form)
		}
	}
	if rest[0] == '}' && i > 0 && len(rest) > 1 && isWord[rest[1]] { // its letter is one
		before := text[max(0, i-5):i]
		if open := strings.LastIndexByte(before, '{'); open >= 0 && strings.ContainsAny(before, "\\") {
			return 1
		}
	}
	return 0
}

// accentForms are longest first.
var accentForms = func() (forms []string) {
	marks := strings.Split("'\"`^~=.", "")
	for _, after := range []string{"{\\", "{", ""} {
		for _, before := range []string{"{", ""} {
			for _, mark := range marks {
				forms = append(forms, before+"\\"+mark+after)
			}
		}
	}
	for _, mark := range strings.Split("Hcvkur", "") {
		forms = append(forms, "\\"+mark+"{")
	}
	return forms
}()

// possessive is the length of the 's that rest starts with, or 0.
func possessive(rest string) int {
	if rest == "" || rest[0] != '\'' && rest[0] < utf8.RuneSelf {
		return 0
	}
	for _, s := range [...]string{"'s", "’s"} {
		if n := len(s); len(rest) >= n && rest[:n] == s && (len(rest) == n || !isWord[rest[n]]) {
			return n
		}
	}
	return 0
}

// finish emits the word read from start to end, and after a second part the
// two joined.
func (s *scanner) finish(start, end int) {
	if s.wants(s.word) {
		s.emit(token{term: s.one(start, end), raw: s.word, pos: s.pos, start: start, end: end})
		if n := nameEnd(s.word); n > 0 {
			s.emit(token{term: s.word[:n], raw: s.word[:n], pos: s.pos, start: start, end: end, extra: true})
		}
	}
	s.pos++
	hyphen := hyphenAt(s.text[s.i:])
	s.parts++
	switch {
	case s.parts == 1:
		s.join, s.begin = append(s.join[:0], s.word...), start
	case s.parts == 2 && (hyphen == 0 || isDigit(s.word[0])) && min(len(s.join), len(s.word)) <= maxJoint && s.wants(s.join):
		s.join = append(s.join, s.one(start, end)...)
		s.emit(token{term: s.join, raw: s.join, pos: s.pos - 1, start: s.begin, end: end, extra: true})
	}
	if s.i += hyphen; hyphen == 0 {
		s.parts = 0
	}
}

// wants reports whether a word is to be emitted.
func (s *scanner) wants(word []byte) bool {
	return s.wanted == nil || len(word) > 0 && s.wanted[word[0]]
}

// one is the word read from start to end in the singular.
func (s *scanner) one(start, end int) []byte {
	if s.word[len(s.word)-1] != 's' {
		return s.word
	}
	s.form = append(s.form[:0], s.word...)
	return singular(s.form, s.text[start:end])
}

// nameEnd is the length of the letters before the number in a word such as
// qwen2.5, or 0.
func nameEnd(w []byte) int {
	n := 0
	for n < len(w) && isWord[w[n]] && !isDigit(w[n]) {
		n++
	}
	if n < 3 || n == len(w) || !isDigit(w[n]) {
		return 0
	}
	return n
}

// hyphenAt is the length of the hyphen with which rest starts and that a
// further part of the word follows, or 0.
func hyphenAt(rest string) int {
	if rest == "" || rest[0] == ' ' {
		return 0
	}
	r, n := utf8.DecodeRuneInString(rest)
	switch r {
	case '-', '_', '^', '‐', '‑', '–':
	default:
		return 0
	}
	after, _ := utf8.DecodeRuneInString(rest[n:])
	if unicode.IsLetter(after) || unicode.IsNumber(after) {
		return n
	}
	return 0
}

// command reads a TeX command: \pi is the word pi, \emph is none.
func (s *scanner) command() {
	s.i++
	s.parts = 0
	start := s.i
	for s.i < len(s.text) && isWord[s.text[s.i]] && !isDigit(s.text[s.i]) {
		s.i++
	}
	switch name := s.text[start:s.i]; name {
	case "", "em", "it", "bf", "rm", "tt", "sc", "emph", "text", "textbf", "textit", "textrm", "textsc",
		"texttt", "textsf", "mathbf", "mathcal", "mathbb", "mathrm", "mathsf", "mathit", "mathfrak",
		"boldsymbol", "operatorname", "left", "right", "big", "url", "href", "cite", "footnote", "mbox":
	case "ell": // as ℓ is
		s.word = append(s.word[:0], 'l')
		s.finish(start, s.i)
	default:
		s.word = fold(append(s.word[:0], name...))
		s.word = bound(s.word)
		s.finish(start, s.i)
	}
}

// bigrams reads a run of Chinese, Japanese or Korean writing, which has no
// spaces between words, as pairs of neighbours.
func (s *scanner) bigrams() {
	alone := true
	for s.i < len(s.text) {
		r, n := utf8.DecodeRuneInString(s.text[s.i:])
		if !isCJK(r) {
			break
		}
		next, m := utf8.DecodeRuneInString(s.text[s.i+n:])
		pair := isCJK(next)
		if pair || alone {
			end := s.i + n
			if pair {
				end += m
			}
			if s.word = fold(append(s.word[:0], s.text[s.i:end]...)); s.wants(s.word) {
				s.emit(token{term: s.word, raw: s.word, pos: s.pos, start: s.i, end: end})
			}
			s.pos++
		}
		alone = false
		s.i += n
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isUnseen tells soft hyphens and joiners, which do not part a word.
func isUnseen(r rune) bool { return r == '\u00ad' || '\u200b' <= r && r <= '\u200d' }

func isCJK(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) &&
		unicode.IsLetter(r) || r == 'ー'
}

// bound cuts an overlong word between two characters.
func bound(w []byte) []byte {
	if len(w) <= maxTerm {
		return w
	}
	n := maxTerm
	for n > 0 && !utf8.RuneStart(w[n]) {
		n--
	}
	return w[:n]
}
