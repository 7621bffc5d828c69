package search

import (
	"bytes"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text, in bytes.
type Span struct{ Start, End int }

// Highlight is where text has what q asks for, in order and apart from one
// another. It is meant for titles and abstracts.
func (q Query) Highlight(text string) []Span {
	var spans []Span
	for _, m := range q.marks(text) {
		spans = append(spans, m.Span)
	}
	return joined(spans)
}

// mark is where a text has what leaf number leaf asks for.
type mark struct {
	Span
	leaf int
}

// marks is where text has what each leaf of q asks for.
func (q Query) marks(text string) (list []mark) {
	f := finder{targets: q.targets}
	if f.targets == nil {
		f.targets = targetsOf(q.root)
	}
	s := scanner{emit: func(t token) { list = f.next(list, t) }, wanted: &f.begins}
	s.scan(text, 0)
	return list
}

// finder finds the alternatives of leaves while a text is read.
type finder struct {
	*targets
	open []opened
}

// targets are what a query looks for in a text.
type targets struct {
	first    map[string][]target // by their first term
	begins   [256]bool           // with which bytes terms and prefixes begin
	prefixes []target
}

// target is an alternative of a leaf.
type target struct {
	leaf  int
	terms []string
}

// opened is a target of which the text had some terms.
type opened struct {
	target
	had   int // of the terms
	pos   int // of the last one
	start int
}

func targetsOf(root *node) *targets {
	list := &targets{first: make(map[string][]target)}
	leaf := 0
	root.leaves(func(n *node) {
		leaf++
		if n.kind >= author || n.stop {
			return
		}
		for _, a := range n.alts {
			t, first := target{leaf, a.terms}, a.terms[0]
			for _, term := range a.terms {
				list.begins[term[0]] = true
			}
			if a.prefix {
				list.prefixes = append(list.prefixes, t)
			} else {
				list.first[first] = append(list.first[first], t)
			}
		}
	})
	return list
}

// next reads one token of the text and appends what ends with it to list.
func (f *finder) next(list []mark, t token) []mark {
	if len(f.open) > 0 {
		list = f.goOn(list, t)
	}
	for _, p := range f.prefixes {
		if bytes.HasPrefix(t.term, []byte(p.terms[0])) || bytes.HasPrefix(t.raw, []byte(p.terms[0])) {
			list = append(list, mark{Span{t.start, t.end}, p.leaf})
		}
	}
	for _, g := range f.first[string(t.term)] {
		switch {
		case len(g.terms) == 1:
			list = append(list, mark{Span{t.start, t.end}, g.leaf})
		case len(f.open) < maxOpen:
			f.open = append(f.open, opened{target: g, had: 1, pos: t.pos, start: t.start})
		}
	}
	return list
}

// goOn is next for the targets that are open.
func (f *finder) goOn(list []mark, t token) []mark {
	kept := f.open[:0]
	for _, o := range f.open {
		switch {
		case o.pos+1 == t.pos && o.terms[o.had] == string(t.term):
			if o.had+1 == len(o.terms) {
				list = append(list, mark{Span{o.start, t.end}, o.leaf})
				continue
			}
			o.had, o.pos = o.had+1, t.pos
			kept = append(kept, o)
		case o.pos+1 >= t.pos: // the next token may do
			kept = append(kept, o)
		}
	}
	f.open = kept
	return list
}

// maxOpen is how many phrases may have begun at a time.
const maxOpen = 256

// joined sorts spans and makes those that overlap one.
func joined(spans []Span) (list []Span) {
	slices.SortFunc(spans, func(a, b Span) int { return a.Start - b.Start })
	for _, s := range spans {
		if n := len(list); n > 0 && s.Start <= list[n-1].End {
			list[n-1].End = max(list[n-1].End, s.End)
		} else {
			list = append(list, s)
		}
	}
	return list
}

// Snippet is the part of text that says most about q, at most limit bytes: the
// sentence that, with the next one if it fits, has most of what is asked for, and
// as many after it as fit.
func (q Query) Snippet(text string, limit int) string {
	sentences := sentencesOf(text)
	if len(sentences) == 0 {
		return ""
	}
	has := q.leavesOf(text, sentences)
	best, most := 0, -1
	for i, own := range has {
		score := 3 * bits.OnesCount64(own)
		if i+1 < len(has) && sentences[i+1].End-sentences[i].Start <= limit {
			score += 2 * bits.OnesCount64(has[i+1]&^own)
		}
		if score > most {
			best, most = i, score
		}
	}
	s := sentences[best]
	for _, next := range sentences[best+1:] {
		if next.End-s.Start > limit {
			break
		}
		s.End = next.End
	}
	return q.shorten(text[s.Start:s.End], limit)
}

// leavesOf is which leaves each of the sentences of text has, as bits.
func (q Query) leavesOf(text string, sentences []Span) []uint64 {
	has := make([]uint64, len(sentences))
	for _, m := range q.marks(text) {
		i, found := slices.BinarySearchFunc(sentences, m.Start, func(s Span, at int) int { return s.Start - at })
		if !found {
			i--
		}
		if i >= 0 {
			has[i] |= 1 << (m.leaf % 64)
		}
	}
	return has
}

// shorten cuts a sentence to limit bytes around the first word asked for.
func (q Query) shorten(text string, limit int) string {
	const dots = "…"
	if len(text) <= limit {
		return text
	}
	if limit < 4*len(dots) {
		return ""
	}
	room, from := limit-2*len(dots), 0
	if marks := q.Highlight(text); len(marks) > 0 && marks[0].End > room {
		from = wordStart(text, max(0, marks[0].Start-room/3))
	}
	to := min(from+room, len(text))
	if to < len(text) {
		if space := strings.LastIndexByte(text[from:to], ' '); space > 0 {
			to = from + space
		}
	}
	for to > from && to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	short := strings.TrimSpace(text[from:to])
	if from > 0 {
		short = dots + short
	}
	if to < len(text) {
		short += dots
	}
	return short
}

// wordStart is where the first word of text at or after byte i starts.
func wordStart(text string, i int) int {
	if i == 0 {
		return 0
	}
	if space := strings.IndexByte(text[i:], ' '); space >= 0 && space < maxTerm {
		return i + space + 1
	}
	for i < len(text) && !utf8.RuneStart(text[i]) {
		i++
	}
	return i
}

// sentencesOf parts text where a full stop, question or exclamation mark comes
// before a capital or digit, and at line breaks.
func sentencesOf(text string) (list []Span) {
	const stop = "。"
	start := 0
	end := func(at int) {
		if s := strings.TrimSpace(text[start:at]); s != "" {
			lead := strings.Index(text[start:at], s)
			list = append(list, Span{start + lead, start + lead + len(s)})
		}
		start = at
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '\n':
			end(i + 1)
		case '.', '?', '!':
			if startsSentence(text[i+1:]) && !isAbbreviation(text[start:i]) {
				end(i + 1)
			}
		case stop[0]:
			if strings.HasPrefix(text[i:], stop) {
				end(i + len(stop))
			}
		}
	}
	end(len(text))
	return list
}

func startsSentence(rest string) bool {
	if rest == "" || rest[0] != ' ' {
		return false
	}
	after := strings.TrimLeft(rest, " ")
	r, _ := utf8.DecodeRuneInString(after)
	return unicode.IsUpper(r) || unicode.IsDigit(r)
}

// isAbbreviation reports whether the word that text ends with is usually followed by
// a full stop that ends no sentence.
func isAbbreviation(text string) bool {
	word := text[strings.LastIndexAny(text, " (")+1:]
	switch strings.ToLower(word) {
	case "e.g", "i.e", "cf", "vs", "fig", "figs", "eq", "eqs", "sec", "ref", "refs", "resp", "approx", "no", "dr", "prof", "st":
		return true
	}
	return len(word) == 1 && 'A' <= word[0] && word[0] <= 'Z' && word != "I" // J. Smith
}
