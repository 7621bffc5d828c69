package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Bounds on a query; what lies beyond is ignored with a note.
const (
	maxText     = 4_000 // bytes
	maxWords    = 64    // words, phrases and filters
	maxPrefixes = 4     // words with an asterisk, each of which stands for many
	maxDepth    = 10    // parentheses within each other
)

// Parse reads a query. Whatever people type is one:
//
//	mixture experts     papers with both words; if there are few, with some of them
//	"mixture of experts" transf*       a phrase, a beginning
//	-survey -"case study" NOT survey   without
//	moe OR "sparse experts"  moe | …   either; words side by side bind closer than OR
//	(moe OR llm) routing               grouped
//	title:moe author:"Yann LeCun" cat:cs.LG cat:cs,stat.ML source:arxiv
//	has:code                           with a link to it
//	since:2024 before:2024-03 votes:3  published, and votes at the source and of the team
//	sort:new sort:votes sort:relevance
//
// since, before, votes and exclusions hold for all of a query, or of the
// parentheses they are in, also beside an OR.
func Parse(text string) Query {
	p := parser{order: byRelevance}
	if len(text) > maxText {
		text = text[:maxText]
		p.note("The search is very long; only its first %d characters count.", maxText)
	}
	p.text = strings.Map(plain, strings.ToValidUTF8(text, " "))
	root := p.either(0)
	for p.i < len(p.text) { // a parenthesis too many
		p.i++
		root = combine(allOf, root, p.either(0))
	}
	if p.words > maxWords {
		p.note("Only the first %d words of the search count.", maxWords)
	}
	if p.prefixes > maxPrefixes {
		p.note("Only the first %d words with * stand for all words that begin so.", maxPrefixes)
	}
	if root != nil && root.kind != allOf {
		root = &node{kind: allOf, kids: []*node{root}}
	}
	if root != nil {
		relate(root, wellKnown)
	}
	return Query{Notes: p.notes, root: root, order: p.order}
}

// plain makes all quotes one and control characters spaces.
func plain(r rune) rune {
	switch {
	case strings.ContainsRune("“”„‟«»＂", r):
		return '"'
	case unicode.IsSpace(r), unicode.IsControl(r):
		return ' '
	}
	return r
}

// parser reads a query from left to right.
type parser struct {
	text     string
	i        int // the next byte
	words    int // leaves so far, those beyond maxWords too
	prefixes int
	order    order
	notes    []string
}

func (p *parser) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// either reads alternatives up to the closing parenthesis or the end. What
// restricts the search goes for all of them.
func (p *parser) either(depth int) *node {
	var sides []*node
	var common []*node
	for {
		side := p.every(depth)
		more := p.or()
		if len(sides) > 0 || more {
			var rest []*node
			side, rest = lift(side)
			common = append(common, rest...)
		}
		if side != nil {
			sides = append(sides, side)
		}
		if !more {
			break
		}
	}
	return combine(allOf, append([]*node{combine(anyOf, sides...)}, common...)...)
}

// or reads an OR.
func (p *parser) or() bool {
	rest := strings.TrimLeft(p.text[p.i:], " ")
	for _, op := range [...]string{"|", "OR"} {
		if after, ok := strings.CutPrefix(rest, op); ok && (op == "|" || wordEnds(after)) {
			p.i = len(p.text) - len(strings.TrimLeft(after, "|"))
			return true
		}
	}
	return false
}

func wordEnds(rest string) bool { return rest == "" || strings.IndexByte(` ()"|`, rest[0]) >= 0 }

// lift parts what restricts the search from one side of an OR, unless that is
// all there is: in "cat:cs.LG OR cat:cs.CL" both sides stay.
func lift(side *node) (kept *node, lifted []*node) {
	if side == nil || side.kind != allOf {
		return side, nil
	}
	var rest []*node
	for _, k := range side.kids {
		if k.restricts() {
			lifted = append(lifted, k)
		} else {
			rest = append(rest, k)
		}
	}
	if len(rest) == 0 {
		i := max(0, slices.IndexFunc(lifted, func(k *node) bool { return k.kind == category || k.kind == source }))
		rest = []*node{lifted[i]}
		lifted = slices.Delete(lifted, i, i+1)
	}
	return combine(allOf, rest...), lifted
}

// every reads items up to an OR, the closing parenthesis or the end.
func (p *parser) every(depth int) *node {
	var items []*node
	for {
		p.space()
		if p.i == len(p.text) || p.text[p.i] == ')' || p.isOr() {
			return combine(allOf, items...)
		}
		if item := p.item(depth); item != nil {
			items = append(items, item)
		}
	}
}

func (p *parser) isOr() bool { here := p.i; is := p.or(); p.i = here; return is }

func (p *parser) space() {
	for p.i < len(p.text) && p.text[p.i] == ' ' {
		p.i++
	}
}

// item reads one word, phrase, filter or group, with its sign.
func (p *parser) item(depth int) *node {
	negative := false
	for p.i < len(p.text) {
		if p.operator("NOT") {
			negative = true
		} else if p.text[p.i] == '-' {
			p.i++
			negative = negative || p.i < len(p.text) && p.text[p.i] != ' '
		} else if !p.operator("AND") {
			break
		}
	}
	if p.isOr() {
		return nil
	}
	n := p.unsigned(depth)
	switch {
	case n == nil, !negative:
		return n
	case n.kind == not:
		return n.kids[0]
	}
	return &node{kind: not, kids: []*node{n}}
}

// operator reads op and the spaces after it.
func (p *parser) operator(op string) bool {
	after, ok := strings.CutPrefix(p.text[p.i:], op)
	if !ok || !wordEnds(after) {
		return false
	}
	p.i += len(op)
	p.space()
	return true
}

func (p *parser) unsigned(depth int) *node {
	if p.i == len(p.text) {
		return nil
	}
	switch p.text[p.i] {
	case '(':
		return p.group(depth)
	case '"':
		return p.leaf(phrase, p.quoted())
	case ')', ' ', '|':
		return nil
	}
	w := p.bare()
	if name, value, ok := strings.Cut(w, ":"); ok && name != "" {
		if n, ok := p.filter(strings.ToLower(name), value); ok {
			return n
		}
		return combine(allOf, p.leaf(word, name), p.leaf(word, value))
	}
	if begin, ok := strings.CutSuffix(w, "*"); ok && isBeginning(tidy(begin)) {
		if p.prefixes++; p.prefixes <= maxPrefixes {
			return p.leaf(prefix, begin)
		}
	} else if strings.Contains(w, "*") && !isStarred(w) && tidy(w) != "" {
		p.note("The * in %q was ignored: it stands for the rest of a word, after two letters or more.", w)
	}
	return p.leaf(word, w)
}

// isBeginning reports whether text can be looked for as the beginning of words:
// it is one word of two letters or more.
func isBeginning(text string) bool {
	ws := wordsOf(text)
	return len(ws) == 1 && len(ws[0].raw) >= 2
}

// group reads a parenthesis.
func (p *parser) group(depth int) *node {
	p.i++
	if depth == maxDepth {
		p.notes = append(p.notes, "Parentheses within too many others were ignored.")
		for p.i < len(p.text) && strings.IndexByte("( ", p.text[p.i]) >= 0 {
			p.i++
		}
		return nil
	}
	n := p.either(depth + 1)
	if p.i < len(p.text) {
		p.i++ // the closing one
	}
	return n
}

// quoted reads up to the closing quote, or the end where there is none.
func (p *parser) quoted() string {
	inside, after, _ := strings.Cut(p.text[p.i+1:], `"`)
	p.i = len(p.text) - len(after)
	return inside
}

// bare reads up to a space, quote, bar or closing parenthesis; but parentheses
// that open within a word also close in it, as in O(n).
func (p *parser) bare() string {
	start, open := p.i, 0
	for ; p.i < len(p.text); p.i++ {
		switch c := p.text[p.i]; {
		case c == '(':
			open++
		case c == ')' && open > 0:
			open--
		case c == ' ', c == '"', c == ')', c == '|' && open == 0:
			return p.text[start:p.i]
		}
	}
	return p.text[start:]
}

// filter reads "name:value", whose value may be quoted or stand apart; ok is
// false if name is none of a filter.
func (p *parser) filter(name, value string) (n *node, ok bool) {
	if other := aliases[name]; other != "" {
		name = other
	}
	k, known := names[name]
	if !known && name != "sort" {
		like := similarName(name)
		switch {
		case like == "":
			return nil, false
		case len(like) < 5 || len(name) > len(like)+1: // may as well be another word
			p.note("%q is no filter and was searched for as words. Did you mean %q?", name+":", like+":")
			return nil, false
		}
		p.note("%q was read as %q.", name+":", like+":")
		name, k = like, names[like]
	}
	if value == "" {
		p.space()
		switch {
		case p.i == len(p.text) || strings.IndexByte("()|", p.text[p.i]) >= 0:
		case p.text[p.i] == '"':
			value = p.quoted()
		default:
			value = p.bare()
		}
	}
	switch value = strings.TrimSpace(value); {
	case value == "":
		p.note("%q was ignored because nothing follows it.", name+":")
	case name == "sort":
		p.sort(value)
	case k == since, k == before:
		return p.dated(k, name, value), true
	case k == votes:
		return p.voted(value), true
	case k == hasLink && strings.ToLower(value) != "code":
		p.note(`"has:%s" was ignored: has:code finds papers with a link to their code.`, value)
	case k == category, k == source:
		return p.anyOf(k, value), true
	default:
		return p.leaf(k, value), true
	}
	return nil, true
}

// anyOf reads one name, or several with commas between.
func (p *parser) anyOf(k kind, value string) *node {
	var sides []*node
	for _, one := range strings.Split(value, ",") {
		if n := p.leaf(k, one); n != nil {
			sides = append(sides, n)
		}
	}
	return combine(anyOf, sides...)
}

func (p *parser) sort(value string) {
	switch o := order(strings.ToLower(value)); o {
	case byRelevance, byDate, byVotes:
		p.order = o
	default:
		p.note(`"sort:%s" was ignored: papers can be sorted by new, votes or relevance.`, value)
	}
}

func (p *parser) dated(k kind, name, value string) *node {
	for _, layout := range [...]string{"2006-1-2", "2006-1", "2006"} {
		if t, err := time.Parse(layout, value); err == nil {
			n := p.leaf(k, value)
			if n != nil {
				n.n = t.Unix()
			}
			return n
		}
	}
	p.note("%q was ignored: a date looks like 2024, 2024-03 or 2024-03-05.", name+":"+value)
	return nil
}

func (p *parser) voted(value string) *node {
	n, err := strconv.ParseInt(strings.TrimLeft(value, ">=+"), 10, 32)
	if err != nil {
		p.note("%q was ignored: a number of votes looks like votes:3.", "votes:"+value)
		return nil
	}
	l := p.leaf(votes, value)
	if l != nil {
		l.n = n
	}
	return l
}

// leaf is a leaf of text, or nil if that has no words or there are too many.
func (p *parser) leaf(k kind, text string) *node {
	n := &node{kind: k, text: tidy(text)}
	if k == category || k == source || k == hasLink {
		n.text = strings.ToLower(strings.TrimRight(n.text, "./")) // cs.* is cs
	}
	if k < since && !n.words() {
		return nil
	}
	if p.words++; p.words > maxWords {
		return nil
	}
	return n
}

// tidy is text without what is not part of words, so that Query.String is read
// as what it was.
func tidy(text string) string {
	if isStarred(text) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`()|":*`, r) {
			return '/'
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	text = strings.Trim(text, "/ ")
	text = strings.TrimLeft(text, "-/ ")
	switch text {
	case "OR", "AND", "NOT":
		return strings.ToLower(text)
	}
	return text
}

// isStarred reports whether text is a name like A*.
func isStarred(text string) bool {
	return len(text) == 2 && text[1] == '*' && isWord[text[0]] && !isDigit(text[0])
}

// combine joins nodes, nil ones left out and those of the same kind opened up.
func combine(k kind, nodes ...*node) *node {
	var kids []*node
	for _, n := range nodes {
		switch {
		case n == nil:
		case n.kind == k:
			kids = append(kids, n.kids...)
		default:
			kids = append(kids, n)
		}
	}
	switch len(kids) {
	case 0:
		return nil
	case 1:
		return kids[0]
	}
	return &node{kind: k, kids: kids}
}

// similarName is the filter that name may be a misspelling of, or "".
func similarName(name string) string {
	for _, other := range [...]string{"author", "before", "cat", "has", "since", "sort", "source", "title", "votes"} {
		if strings.HasPrefix(name, other) && len(name) <= len(other)+6 || len(name) > 2 && oneOff(name, other) {
			return other
		}
	}
	return ""
}

// oneOff reports whether one letter more, less, or other, or two letters
// swapped make a into b.
func oneOff(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	switch {
	case a == "" || b == "":
		return len(a)+len(b) == 1
	case len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:]:
		return true
	}
	return a[1:] == b[1:] || a[1:] == b || a == b[1:]
}
