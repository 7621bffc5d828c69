package search

import (
	"bytes"
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
	// joined marks the whole of a two-part word, given after its parts and in
	// the place of the second: "pretraining" of "pre-training".
	joined bool
}

// scanner cuts text into words. It keeps its buffers from text to text.
type scanner struct {
	emit func(token)

	text string
	i    int // the next byte to look at
	pos  int // the place of the next word

	word  []byte // the word being read
	form  []byte // its singular
	parts int    // parts so far of a word with hyphens
	join  []byte // those parts as one word
	begin int    // where they start
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
		if c >= utf8.RuneSelf {
			plain = false
			s.word = append(s.word, s.text[s.i:s.i+n]...)
		} else if c == '.' || c == '+' || c == '#' {
			s.word = append(s.word, s.text[s.i:s.i+n]...)
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
	from := s.i
	for s.i < len(s.text) && isWord[s.text[s.i]] {
		s.i++
	}
	n := len(s.word)
	s.word = append(s.word, s.text[from:s.i]...)
	for i, c := range s.word[n:] {
		if 'A' <= c && c <= 'Z' {
			s.word[n+i] = c + 'a' - 'A'
		}
	}
}

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
		return 1, isDigit(next) && len(s.word) > 0 && isDigit(s.word[len(s.word)-1])
	case c == '\'': // don't, O'Brien
		return 1, isWord[next] && possessive(rest) == 0
	case c == '+': // C++
		return 2, next == '+' && len(s.word) > 0
	case c == '#': // C#
		return 1, len(s.word) == 1 && !isWord[next]
	case c == '\\': // G\"odel
		return 2, bytes.IndexByte([]byte("'\"`^~=."), next) >= 0
	case c == '{', c == '}': // G{\"o}del
		return 1, isWord[next] || next == '\\'
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
	term := s.word
	if term[len(term)-1] == 's' {
		s.form = append(s.form[:0], s.word...)
		term = singular(s.form, s.text[start:end])
	}
	s.emit(token{term: term, raw: s.word, pos: s.pos, start: start, end: end})
	s.pos++
	hyphen := hyphenAt(s.text[s.i:])
	s.parts++
	switch {
	case s.parts == 1:
		s.join, s.begin = append(s.join[:0], s.word...), start
	case s.parts == 2 && (hyphen == 0 || isDigit(s.word[0])) && min(len(s.join), len(s.word)) <= maxJoint:
		s.join = append(s.join, term...)
		s.emit(token{term: s.join, raw: s.join, pos: s.pos - 1, start: s.begin, end: end, joined: true})
	}
	if s.i += hyphen; hyphen == 0 {
		s.parts = 0
	}
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
	default:
		end := s.i
		s.i = start
		s.part()
		s.i = max(s.i, end)
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
			s.word = fold(append(s.word[:0], s.text[s.i:end]...))
			s.emit(token{term: s.word, raw: s.word, pos: s.pos, start: s.i, end: end})
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
