package search

import (
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
	tokens := tokensOf(text)
	var spans []Span
	q.root.leaves(func(n *node) { spans = append(spans, n.spans(tokens)...) })
	return joined(spans)
}

// place is a token that lasts.
type place struct {
	queryWord
	pos int
	Span
}

func tokensOf(text string) (list []place) {
	s := scanner{emit: func(t token) {
		list = append(list, place{queryWord{string(t.term), string(t.raw), t.extra}, t.pos, Span{t.start, t.end}})
	}}
	s.scan(text, 0)
	return list
}

// spans is where tokens satisfy leaf n.
func (n *node) spans(tokens []place) (list []Span) {
	if n.kind >= author || n.stop {
		return nil
	}
	for _, a := range n.alts {
		for i := range tokens {
			if end, ok := a.at(tokens[i:]); ok {
				list = append(list, Span{tokens[i].Start, end})
			}
		}
	}
	return list
}

// at reports whether a's terms begin the tokens, and where they end.
func (a alternative) at(tokens []place) (end int, ok bool) {
	first := tokens[0]
	if a.prefix {
		return first.End, strings.HasPrefix(first.term, a.terms[0])
	}
	if first.term != a.terms[0] {
		return 0, false
	}
	end, pos := first.End, first.pos
	for _, term := range a.terms[1:] {
		pos++
		i := slices.IndexFunc(tokens[:min(len(tokens), 2*maxWords)], func(t place) bool { return t.pos == pos && t.term == term })
		if i < 0 {
			return 0, false
		}
		end = tokens[i].End
	}
	return end, true
}

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

// Snippet is the part of text that says most about q, at most limit bytes:
// the sentence with most of its words, and the next ones as far as they fit.
func (q Query) Snippet(text string, limit int) string {
	sentences := sentencesOf(text)
	if len(sentences) == 0 {
		return ""
	}
	best, most := 0, 0
	for i, s := range sentences {
		tokens, n := tokensOf(text[s.Start:s.End]), 0
		q.root.leaves(func(l *node) {
			if len(l.spans(tokens)) > 0 {
				n++
			}
		})
		if n > most {
			best, most = i, n
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
	start := 0
	end := func(at int) {
		if s := strings.TrimSpace(text[start:at]); s != "" {
			lead := strings.Index(text[start:at], s)
			list = append(list, Span{start + lead, start + lead + len(s)})
		}
		start = at
	}
	for i, r := range text {
		switch {
		case r == '\n', r == '。':
			end(i + utf8.RuneLen(r))
		case strings.ContainsRune(".?!", r) && startsSentence(text[i+1:]):
			end(i + 1)
		}
	}
	end(len(text))
	return list
}

func startsSentence(rest string) bool {
	after := strings.TrimLeft(rest, " ")
	r, _ := utf8.DecodeRuneInString(after)
	return len(after) < len(rest) && (unicode.IsUpper(r) || unicode.IsDigit(r))
}
