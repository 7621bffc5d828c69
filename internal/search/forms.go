package search

import "strings"

// related is the weight of another form of a word: routing for routed, or
// quantized for quantization. They are other terms in the index, so that a paper
// with the very word comes first and nothing is one that experts keep apart.
const related = 0.4

// plenty is how many papers with all words make other forms unneeded.
const plenty = 100

// families are endings that stand for one another after the same stem.
var families = [...][]string{
	{"", "ing", "ed", "er"},
	{"e", "ing", "ed", "er"},
	{"y", "ied", "ying"},
	{"", "ion", "ive"},
	{"e", "ed", "ing", "ion", "ive"},
	{"e", "ed", "ing", "ation", "ational", "ative"},
	{"ize", "ise", "ized", "ised", "izing", "ising", "ization", "isation"},
	{"or", "ion", "e", "ing"},
	{"", "ment"},
	{"", "ity"},
	{"", "al"},
	{"y", "ic", "ical"},
	{"or", "our", "ored", "oured", "oring", "ouring"},
	{"er", "re", "ering", "red"},
}

// formsOf is what else term may be, whether or not there is such a word.
func formsOf(term string) (forms []string) {
	if len(term) < 4 || !plainLetters(term) {
		return nil
	}
	seen := map[string]bool{term: true}
	add := func(form string) {
		if !seen[form] {
			seen[form] = true
			forms = append(forms, form)
		}
	}
	for _, family := range families {
		for _, ending := range family {
			stem, ok := strings.CutSuffix(term, ending)
			if !ok || len(stem) < 3 || !strings.ContainsAny(stem, "aeiouy") {
				continue
			}
			for _, other := range family {
				add(stem + other)
			}
		}
	}
	for _, ending := range [...]string{"ing", "ed"} { // embedding, embed
		stem, ok := strings.CutSuffix(term, ending)
		if n := len(stem); ok && n > 3 && stem[n-1] == stem[n-2] {
			add(stem[:n-1])
		}
		last := term[len(term)-1:]
		if strings.Contains("bdglmnprt", last) {
			add(term + last + ending)
		}
	}
	return forms
}

// plainLetters reports whether term has only the letters a to z.
func plainLetters(term string) bool {
	for i := range len(term) {
		if term[i] < 'a' || term[i] > 'z' {
			return false
		}
	}
	return true
}

// widen gives the words of root the forms of them that papers have; it reports
// whether there are any.
func (s *snapshot) widen(root *node) (wider bool) {
	root.leaves(func(n *node) {
		if !n.isPlain() {
			return
		}
		for _, form := range formsOf(n.alts[0].terms[0]) {
			if s.df(form) > 0 {
				n.instead([]string{form}, related, form)
				wider = true
			}
		}
	})
	return wider
}

// isPlain reports whether n is a common word of the language: no name with
// capitals in it, no number, no acronym, no beginning, and nothing quoted.
func (n *node) isPlain() bool {
	if n.kind != word || n.stop || len(n.alts[0].terms) != 1 || n.alts[0].prefix {
		return false
	}
	return len(n.text) > 1 && strings.ToLower(n.text[1:]) == n.text[1:] && plainLetters(n.alts[0].terms[0])
}

// british are endings that differ between British and American English; either
// way it is the same word.
var british = [...][2]string{
	{"isation", "ization"}, {"ise", "ize"}, {"ised", "ized"}, {"ising", "izing"}, {"iser", "izer"},
	{"yse", "yze"}, {"ysed", "yzed"}, {"ysing", "yzing"}, {"our", "or"}, {"oural", "oral"}, {"tre", "ter"},
	{"lling", "ling"}, {"lled", "led"}, {"ller", "ler"}, {"logue", "log"}, {"ence", "ense"}, {"gramme", "gram"},
}

// overseas lets a word find how it is spelt on the other side of the Atlantic.
func (n *node) overseas(s *snapshot) {
	term := n.alts[0].terms[0]
	for _, pair := range british {
		for i, ending := range pair {
			stem, ok := strings.CutSuffix(term, ending)
			if other := stem + pair[1-i]; ok && len(stem) >= 3 && s.df(other) > 0 {
				n.instead([]string{other}, 1, other)
			}
		}
	}
}

// openings begin words that are also written with a hyphen or a space.
var openings = strings.Fields("anti audio auto back bi bio co cross cyber data down electro end eye feed few fine hand " +
	"hyper image inter intra key long low meta micro mid multi nano neuro non one over photo post pre quasi " +
	"real self semi short single socio spatio speech state sub super text time trans ultra under up video word zero")

// respell gives the words of root the other spellings that papers have.
func (s *snapshot) respell(root *node) {
	root.leaves(func(n *node) {
		if n.isPlain() {
			n.apart(s)
			n.overseas(s)
		}
	})
}

// apart lets a word find the two that it is made of: pretraining is pre training.
func (n *node) apart(s *snapshot) {
	term := n.alts[0].terms[0]
	for _, first := range openings {
		second, ok := strings.CutPrefix(term, first)
		if ok && len(second) >= 4 && s.df(second) > 0 && s.df(first) > 0 {
			n.instead([]string{first, second}, glued, first+" "+second)
		}
	}
}
