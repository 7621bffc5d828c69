package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"paperboy/internal/paper"
)

// prose is papers of whose words each is in many.
func prose() (papers []paper.Paper) {
	for i := range 30 {
		papers = append(papers, paper.Paper{
			ID: paper.ID(fmt.Sprint("p", i)), Title: "Diffusion and Language Models", Authors: []string{"Geoffrey Hinton"},
			Abstract: "Self-attention over attention with reinforcement learning, retrieval and GPT-4o. Diffusion transformer training.",
		})
	}
	return papers
}

func TestMisspeltWordsAreRepaired(t *testing.T) {
	ix := New()
	ix.Put(prose(), 1)
	for _, c := range []struct{ text, note string }{
		{"difusion", `Showing results for diffusion; search for "difusion" instead.`},
		{"Difusion Langauge modles", `Showing results for diffusion, language and models; search for "Difusion", "Langauge" and "modles" instead.`},
		{"reinforcemnt lerning", `Showing results for reinforcement and learning; search for "reinforcemnt" and "lerning" instead.`},
		{"languagemodel", `Showing results for language model; search for "languagemodel" instead.`},
		{"author:hintonn", `Showing results for hinton; search for "hintonn" instead.`},
		{"diffusion -difusion", ""},
		{"selfattention", ""},
		{"trans former", ""},
	} {
		res := ix.Search(Parse(c.text), Options{Limit: 1})
		if note := strings.Join(res.Notes, " "); note != c.note || res.Total != 30 {
			t.Errorf("%q finds %d papers with note %q, want 30 with %q", c.text, res.Total, note, c.note)
		}
	}
	res := ix.Search(Parse("difusion"), Options{Limit: 1})
	if spans := res.Query.Highlight("On Diffusion"); !slices.Equal(spans, []Span{{3, 12}}) {
		t.Errorf("the repaired word is marked at %v, want 3 to 12", spans)
	}
	if got := res.Hits[0].Matched; !slices.Equal(got, []string{"diffusion"}) {
		t.Errorf("the repaired word matched as %q", got)
	}
}

func TestSomeWordsAreNotRepaired(t *testing.T) {
	ix := New()
	ix.Put(prose(), 1)
	for _, text := range []string{
		`"difusion"`, "GPT-5o", "DIFUSION", "DiFusion", "lan", "difus1on", "title:difusion", "difusion*", "xyzzyish", "author:gpt5o",
	} {
		if res := ix.Search(Parse(text), Options{Limit: 1}); res.Total != 0 || len(res.Notes) != 0 {
			t.Errorf("%q finds %d papers, notes %q; want none", text, res.Total, res.Notes)
		}
	}
	rare := append(prose(), paper.Paper{ID: "rare", Title: "Difusion"})
	ix.Put(rare, 2)
	if res := ix.Search(Parse("difusion"), Options{Limit: 9}); ids(res) != "r" || len(res.Notes) != 0 {
		t.Errorf("a word that some paper has finds %q, notes %q", ids(res), res.Notes)
	}
}

// The speller finds what comparing with each word finds.
func TestSpellerMissesNoWord(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		b := make([]byte, 4+random.IntN(5))
		for i := range b {
			b[i] = "abcd"[random.IntN(4)]
		}
		return string(b)
	}
	sp := new(speller)
	var all []string
	for range 3000 {
		all = append(all, word())
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, w := range all {
		sp.add(w)
	}
	for range 200 {
		typed, mistakes := word(), 1+random.IntN(2)
		var got, want []string
		sp.near(typed, mistakes, func(w string) { got = append(got, w) })
		for _, w := range all {
			if swapsAndEdits(w, typed) <= mistakes {
				want = append(want, w)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%d mistakes from %q: %q, want %q", mistakes, typed, got, want)
		}
	}
}

// swapsAndEdits is the optimal string alignment distance, by the book.
func swapsAndEdits(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range len(b) + 1 {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j-1]+cost, d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

// BenchmarkSpeller looks for two mistakes among two million words, made of real ones.
func BenchmarkSpeller(b *testing.B) {
	ix := New()
	ix.Put(arXiv(b)[:20_000], 1)
	s := ix.now.Load()
	random := rand.New(rand.NewPCG(1, 2))
	seen := make(map[string]bool)
	sp := new(speller)
	for len(seen) < 2_000_000 {
		for term := range s.terms("") {
			w := []byte(term)
			if !plainLetters(term) || len(term) < 4 || len(term) > longestTypo {
				continue
			}
			for range random.IntN(4) {
				w[random.IntN(len(w))] = "etaoinsrhdlcumgpfybvwkxqjz"[min(25, random.IntN(26), random.IntN(26))]
			}
			if !seen[string(w)] {
				seen[string(w)] = true
				sp.add(string(w))
			}
		}
	}
	bytes := 0
	for _, l := range sp.lengths {
		bytes += len(l.letters) + 4*len(l.marks)
	}
	typed := []string{"difusion", "langauge", "reinforcemnt", "convolutonal", "entaglement", "transfomers", "hallucinaton"}
	found := 0
	for i := 0; b.Loop(); i++ {
		sp.near(typed[i%len(typed)], 2, func(string) { found++ })
	}
	b.ReportMetric(float64(found)/float64(b.N), "words/op")
	b.ReportMetric(float64(bytes)/1e6, "MB")
}
