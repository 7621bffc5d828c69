package console

import (
	"unicode"

	"paperboy/internal/chat"
)

// piece is clean text in one look.
type piece struct {
	text string
	look
}

// look is how a piece is set apart.
type look struct {
	style chat.Style
	dim   bool
	link  string // from webLink
}

// word is what stays on one line.
type word struct {
	pieces []piece
	spaced bool // white space comes before it
}

func (w word) columns() int {
	n := 0
	for _, p := range w.pieces {
		n += columns(p.text)
	}
	return n
}

// wrap breaks text into lines of at most width columns. A word that is longer
// than that, such as an address, has a line to itself and stays whole.
func wrap(text []piece, width int) [][]piece {
	var out [][]piece
	var line []piece
	used := 0
	for _, w := range words(text) {
		n := w.columns()
		gap := 0
		if w.spaced && len(line) > 0 {
			gap = 1
		}
		if len(line) > 0 && used+gap+n > width {
			out = append(out, line)
			line, used, gap = nil, 0, 0
		}
		if gap > 0 {
			line = appendSpace(line, w.pieces[0].look)
		}
		for _, p := range w.pieces {
			line = appendText(line, p.text, p.look)
		}
		used += gap + n
	}
	if len(line) > 0 {
		out = append(out, line)
	}
	return out
}

// appendSpace puts a space after line, in the look of its neighbours if they
// agree, so that a link or an underline runs through.
func appendSpace(line []piece, next look) []piece {
	if line[len(line)-1].look == next {
		return appendText(line, " ", next)
	}
	return appendText(line, " ", look{})
}

func appendText(line []piece, s string, l look) []piece {
	if n := len(line); n > 0 && line[n-1].look == l {
		line[n-1].text += s
		return line
	}
	return append(line, piece{s, l})
}

// words cuts text at white space and between the characters of scripts that
// are written without any.
func words(text []piece) []word {
	var out []word
	open := false // the last word goes on
	spaced := false
	var before rune
	for _, p := range text {
		from := 0 // what is before it in p.text belongs to a word already
		for i, r := range p.text {
			switch {
			case r == ' ':
				out = extend(out, p, from, i)
				from, open, spaced = i+1, false, true
			case !open || mayBreak(before, r):
				out = append(extend(out, p, from, i), word{spaced: spaced})
				from, open, spaced = i, true, false
			}
			before = r
		}
		out = extend(out, p, from, len(p.text))
	}
	return out
}

// extend adds a part of p to the last word.
func extend(ws []word, p piece, from, to int) []word {
	if from < to {
		last := &ws[len(ws)-1]
		last.pieces = append(last.pieces, piece{p.text[from:to], p.look})
	}
	return ws
}

// mayBreak reports whether a line may end between a and b without a space:
// beside a wide character, but not before a closing mark or after an opening
// one, and never inside a joined emoji.
func mayBreak(a, b rune) bool {
	if !wide(a) && !wide(b) {
		return false
	}
	return runeColumns(b) > 0 && a != '\u200d' && b != '\ufe0f' &&
		!unicode.In(a, unicode.Ps, unicode.Pi) && !unicode.In(b, unicode.Pe, unicode.Pf, unicode.Po) &&
		!skinTone(b)
}

func skinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }
