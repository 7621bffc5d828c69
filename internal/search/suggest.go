package search

import (
	"cmp"
	"iter"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"paperboy/internal/paper"
)

// Suggestion is something to ask for, while a person types.
type Suggestion struct {
	Kind Kind
	// Text is what to show. It is empty for a KindTitle, since the index keeps no texts.
	Text   string
	Query  string   // what to search for; empty for a KindTitle
	ID     paper.ID // of a KindTitle
	Papers int      // about how many there are; 1 for a KindTitle
}

// Kind tells suggestions apart.
type Kind string

// The kinds, in the order in which Suggest lists them.
const (
	KindAcronym Kind = "acronym"
	KindTopic   Kind = "topic"
	KindAuthor  Kind = "author"
	KindTitle   Kind = "title"
)

// Bounds on suggestions.
const (
	minTyped     = 2     // letters, for acronyms and topics
	minAuthor    = 3     // letters of a surname
	maxSuggested = 50    // of all kinds
	maxLooked    = 4_000 // names that begin as typed, of each kind
	eachKind     = 3     // of n, at most one in so many is an acronym, or a topic, or an author
	namesKept    = 30    // authors of a paper that can be suggested: the first ones and the last
)

// authorTerm begins the term of an author: surname first, then a zero byte and the
// name as written, if capitals and accents cannot be guessed.
const authorTerm = "\x06"

// marks are the terms beside words by which p can be found or suggested.
func marks(p *paper.Paper) iter.Seq[string] {
	return func(yield func(string) bool) {
		if p.Code != "" && !yield(codeTerm) {
			return
		}
		for _, text := range [...]string{p.Title, p.Abstract, p.Summary} {
			for mark := range explanations(bounded(text)) {
				if !yield(mark) {
					return
				}
			}
		}
		for _, k := range p.Keywords[:min(len(p.Keywords), paper.MaxWords)] {
			if key := topicKey(k); key != "" && !yield(topicMark(key, "", strings.ToLower(k))) {
				return
			}
		}
		for i, name := range p.Authors[:min(len(p.Authors), paper.MaxAuthors)] {
			if i >= namesKept && i < len(p.Authors)-1 {
				continue
			}
			if key := nameKey(name); key != "" && !yield(authorMark(key, name)) {
				return
			}
		}
	}
}

// nameKey is name in plain small letters, the surname first: "hinton geoffrey e".
func nameKey(name string) string {
	words := strings.Fields(plainWords(name))
	if len(words) < 2 || len(words) > authorStep {
		return ""
	}
	last := len(words) - 1
	return strings.Join(append(words[last:last+1:last+1], words[:last]...), " ")
}

// plainWords is the words of text in plain small letters.
func plainWords(text string) string {
	var raws []string
	for _, w := range wordsOf(text) {
		if !w.extra {
			raws = append(raws, w.raw)
		}
	}
	return strings.Join(raws, " ")
}

func authorMark(key, name string) string {
	if shownName(key) == name {
		name = ""
	}
	return authorTerm + key + "\x00" + name
}

// shownName is the usual way of writing the name with key.
func shownName(key string) string {
	words := strings.Fields(key)
	words = append(words[1:], words[0])
	for i, w := range words {
		r, n := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + w[n:]
		if n == len(w) {
			words[i] += "."
		}
	}
	return strings.Join(words, " ")
}

// Suggest lists up to n things that prefix may be the beginning of, each kind from
// the most usual on. Capitals, accents and hyphens do not matter.
func (ix *Index) Suggest(prefix string, n int) []Suggestion {
	n = min(n, maxSuggested)
	typed := strings.TrimSpace(prefix)
	if n <= 0 || utf8.RuneCountInString(typed) < minTyped || len(typed) > maxText {
		return nil
	}
	s := ix.now.Load()
	defer runtime.KeepAlive(s) // the segments stay mapped
	each := max(1, n/eachKind)
	list := s.suggestAcronyms(typed, each)
	list = append(list, first(s.suggestTopics(typed, list), each)...)
	list = append(list, first(s.suggestAuthors(typed), each)...)
	return append(list, ix.suggestTitles(s, typed, n-len(list))...)
}

func first(list []Suggestion, n int) []Suggestion {
	slices.SortFunc(list, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Papers, a.Papers), cmp.Compare(a.Text, b.Text))
	})
	return list[:min(len(list), n)]
}

// gathered are suggestions by what they are the same in.
type gathered struct {
	at   map[string]int // in list
	best []int          // of each, how many papers write it as shown
	list []Suggestion
}

func (g *gathered) add(key, text string, kind Kind, papers int) {
	i, ok := g.at[key]
	if !ok {
		if g.at == nil {
			g.at = make(map[string]int)
		}
		i = len(g.list)
		g.at[key] = i
		g.list, g.best = append(g.list, Suggestion{Kind: kind}), append(g.best, 0)
	}
	g.list[i].Papers += papers
	if papers > g.best[i] {
		g.best[i], g.list[i].Text = papers, text
	}
}

// someTerms yields the terms that begin with prefix, as many as are looked at.
func (s *snapshot) someTerms(prefix string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		looked := 0
		for term, papers := range s.termsAbout(prefix) {
			if looked++; looked > maxLooked || !yield(term, papers) {
				return
			}
		}
	}
}

// suggestAcronyms lists up to n short forms that begin so.
func (s *snapshot) suggestAcronyms(typed string, n int) []Suggestion {
	key := wordChars(strings.ToLower(typed))
	if len(key) < minTyped || len(key) > maxShort || strings.Contains(typed, " ") {
		return nil
	}
	var g gathered
	for term, papers := range s.someTerms(acronymTerm + key) {
		short, _, _ := strings.Cut(term[len(acronymTerm):], "\x00")
		g.add(short, short, KindAcronym, papers)
	}
	for short := range acronymTable {
		if strings.HasPrefix(short, key) && s.df(short) > 0 && len(short) <= maxShort {
			g.add(short, short, KindAcronym, minExplained)
		}
	}
	var list []Suggestion
	for _, a := range first(g.list, maxSuggested) {
		if len(list) == n || a.Papers < minExplained {
			break
		}
		meanings := s.meanings(a.Text, nil)
		if len(meanings) == 0 {
			continue
		}
		list = append(list, Suggestion{Kind: KindAcronym, Text: meanings[0].String(), Query: meanings[0].short, Papers: s.df(a.Text)})
	}
	return list
}

// suggestTopics lists what papers explain or name as keywords that begins so, but
// for what is suggested already.
func (s *snapshot) suggestTopics(typed string, already []Suggestion) []Suggestion {
	var g gathered
	for _, key := range topicBeginnings(typed) {
		for term, papers := range s.someTerms(meaningTerm + key) {
			whole, _, text := cutMark(term)
			g.add(whole, text, KindTopic, papers)
		}
	}
	for i := range g.list {
		g.list[i].Query = g.list[i].Text
	}
	least := min(minExplained, 1+s.live/1000)
	return slices.DeleteFunc(g.list, func(t Suggestion) bool {
		return t.Papers < least || slices.ContainsFunc(already, func(a Suggestion) bool { return strings.HasPrefix(a.Text, t.Text+" (") })
	})
}

// topicBeginnings are the keys with which topics begin that typed may begin.
func topicBeginnings(typed string) (keys []string) {
	words := strings.Fields(plainWords(typed))
	if len(words) == 0 {
		return nil
	}
	before, last := strings.Join(words[:len(words)-1], " "), words[len(words)-1]
	before = topicKey(before)
	if key := before + last; len(key) >= minTyped {
		keys = append(keys, key)
	}
	isStop := func(stop string) bool { return strings.HasPrefix(stop, last) }
	if len(before) > minTyped && slices.ContainsFunc(stopWords, isStop) {
		keys = append(keys, before)
	}
	return keys
}

// suggestAuthors lists authors: typed is the beginning of a surname, with or
// without given names before or after it.
func (s *snapshot) suggestAuthors(typed string) []Suggestion {
	words := strings.Fields(plainWords(typed))
	if len(words) == 0 || len(words) > authorStep {
		return nil
	}
	var g gathered
	last := len(words) - 1
	s.authors(&g, words[last], words[:last], false)
	if last > 0 {
		s.authors(&g, words[0], words[1:], true)
	}
	for i := range g.list {
		g.list[i].Query = `author:"` + strings.ReplaceAll(g.list[i].Text, `"`, "") + `"`
	}
	return g.list
}

// authors gathers those whose surname begins with surname, or is it, and whose
// given names begin as given do.
func (s *snapshot) authors(g *gathered, surname string, given []string, whole bool) {
	if len(surname) < minTyped || len(surname) < minAuthor && len(given) == 0 {
		return
	}
	prefix := authorTerm + surname
	if whole {
		prefix += " "
	}
	for term, papers := range s.someTerms(prefix) {
		key, name, _ := strings.Cut(term[len(authorTerm):], "\x00")
		if !namesBegin(strings.Fields(key)[1:], given) {
			continue
		}
		if name == "" {
			name = shownName(key)
		}
		g.add(key, name, KindAuthor, papers)
	}
}

// namesBegin reports whether each of given begins one of names, in order.
func namesBegin(names, given []string) bool {
	for _, g := range given {
		i := slices.IndexFunc(names, func(name string) bool { return strings.HasPrefix(name, g) })
		if i < 0 {
			return false
		}
		names = names[i+1:]
	}
	return true
}

// suggestTitles lists papers that have the words typed in the title.
func (ix *Index) suggestTitles(s *snapshot, typed string, n int) (list []Suggestion) {
	if n <= 0 || utf8.RuneCountInString(typed) < minAuthor {
		return nil
	}
	q := s.wordsTyped(typed)
	if q.root == nil {
		return nil
	}
	for _, h := range s.search(q, Options{Limit: n}, func() *speller { return ix.spelling.of(s) }).Hits {
		list = append(list, Suggestion{Kind: KindTitle, ID: h.ID, Papers: 1})
	}
	return list
}

// wordsTyped looks for those of the words typed that are neither too common to
// answer at once nor too few to tell; the last may go on.
func (s *snapshot) wordsTyped(typed string) Query {
	root := &node{kind: allOf}
	words := strings.Fields(plainWords(typed))
	for i, w := range words[:min(len(words), maxWords)] {
		leaf := &node{kind: title, text: w}
		if len(w) < minTyped || !leaf.words() || slices.Contains(stopWords, w) {
			continue
		}
		if i == len(words)-1 {
			s.goOn(leaf, w)
		}
		papers := 0
		for _, a := range leaf.alts {
			papers += s.df(a.terms[0])
		}
		if papers < maxLooked && len(leaf.alts) > 0 {
			root.kids = append(root.kids, leaf)
		}
	}
	if len(root.kids) == 0 {
		return Query{}
	}
	return Query{root: root, order: byRelevance}
}

// goOn lets leaf be the most usual words that begin as it does.
func (s *snapshot) goOn(leaf *node, begin string) {
	const most = 16
	var g gathered
	for term, papers := range s.someTerms(begin) {
		g.add(term, term, "", papers)
	}
	leaf.alts = nil
	for _, word := range first(g.list, most) {
		leaf.literally(word.Text)
	}
}
