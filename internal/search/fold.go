package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings a word with characters beyond ASCII into its plain form: lower
// case, without accents, compatible characters unified ("Ｅrdős" is "erdos"). A
// Greek letter on its own goes by its name, since titles write π, $\pi$ and pi.
func fold(w []byte) []byte {
	folded := make([]byte, 0, len(w))
	for _, r := range string(norm.NFKD.Bytes(w)) {
		r = unicode.ToLower(r)
		switch {
		case 0x300 <= r && r <= 0x36f, isUnseen(r): // accents: other marks, as in Japanese, tell words apart
		case plainLetter[r] != "":
			folded = append(folded, plainLetter[r]...)
		case r == '.', r == '+', r == '#', unicode.In(r, unicode.L, unicode.M, unicode.N):
			folded = append(folded, string(r)...)
		}
	}
	folded = norm.NFC.Bytes(folded)
	if name := greek[string(folded)]; name != "" {
		return append(folded[:0], name...)
	}
	return folded
}

// plainLetter has the letters that no decomposition takes apart.
var plainLetter = map[rune]string{
	'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ı': "i",
}

var greek = func() map[string]string {
	names := strings.Fields("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi " +
		"omicron pi rho sigma sigma tau upsilon phi chi psi omega")
	table := make(map[string]string, len(names))
	for i, name := range names {
		table[string(rune('α'+i))] = name
	}
	return table
}()

func isGreek(name string) bool {
	for _, n := range greek {
		if n == name {
			return true
		}
	}
	return false
}

// singular takes the plural ending off the folded word w, in place; source is
// the word as written. It must never make two words one that experts keep
// apart: it leaves verbs and short names alone, and in doubt the word as it is.
func singular(w []byte, source string) []byte {
	n := len(w)
	if n < 3 || w[n-1] != 's' {
		return w
	}
	switch letters := capitals(source); {
	case n <= 5 && letters > 0 && strings.ToUpper(source) == source: // GPS, AIDS, 3DGS
		return w
	case letters == len(source)-1 && letters == n-1: // GPUs, GPs
		return w[:n-1]
	}
	if n < 4 { // gas, bus, gps
		return w
	}
	if one := irregular[string(w)]; one != "" {
		return append(w[:0], one...)
	}
	switch ends := func(s string) bool { return strings.HasSuffix(string(w), s) }; {
	case ends("ss"), ends("us"), ends("is"): // loss, corpus, analysis
		return w
	case ends("ies") && n > 4: // studies
		return append(w[:n-3], 'y')
	case ends("yses"), ends("heses"): // analyses, hypotheses
		w[n-2] = 'i'
		return w
	case ends("sses"), ends("xes"), ends("ches"), ends("shes"), ends("oes"): // losses, boxes, batches
		return w[:n-2]
	}
	return w[:n-1]
}

// capitals counts the capital letters of an ASCII word.
func capitals(s string) (n int) {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			n++
		}
	}
	return n
}

// irregular has the singular of words that end like plurals and are none, and
// of plurals that the rules would get wrong.
var irregular = func() map[string]string {
	table := map[string]string{
		"gpus": "gpu", "cpus": "cpu", "tpus": "tpu", "npus": "npu", "apis": "api", "guis": "gui", "rois": "roi",
		"matrices": "matrix", "indices": "index", "vertices": "vertex", "vortices": "vortex", "axes": "axis",
		"movies": "movie", "cookies": "cookie", "calories": "calorie", "caches": "cache", "niches": "niche",
		"biases": "bias", "lenses": "lens", "viruses": "virus", "gases": "gas", "buses": "bus",
		"atlases": "atlas", "aliases": "alias", "statuses": "status", "shoes": "shoe",
	}
	for _, same := range strings.Fields("news lens series species bias alias atlas canvas whereas chaos always " +
		"perhaps pandas texas kansas mars does goes physics mathematics pancreas") {
		table[same] = same
	}
	return table
}()
