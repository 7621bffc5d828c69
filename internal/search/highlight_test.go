package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHighlight(t *testing.T) {
	for _, c := range []struct{ text, in, want string }{
		{"moe", "MoE and Mixture-of-Experts, more", "[MoE] and [Mixture-of-Experts], more"},
		{"experts", "An expert, experts' EXPERTS", "An [expert], [experts]' [EXPERTS]"},
		{`"of experts"`, "experts of experts", "experts [of experts]"},
		{"transf*", "Transformers transform", "[Transformers] [transform]"},
		{"pretraining", "Pre-training data", "[Pre-training] data"},
		{"pre-training", "pretraining, pre training", "[pretraining], [pre training]"},
		{"gödel", `By G\"odel and Godel`, `By [G\"odel] and [Godel]`},
		{"the model -survey cat:cs author:lecun", "The model survey cs LeCun", "The [model] survey cs LeCun"},
		{"专家模型", "混合专家模型。", "混合[专家模型]。"},
		{"experts mixture", "mixture of experts", "[mixture] of [experts]"},
		{`"a b a c"`, "a b a b a c", "a b [a b a c]"},
		{"qwen", "Qwen2.5-VL sees", "[Qwen2.5]-VL sees"},
		{"gpt4o", "GPT-4o and GPT 4o", "[GPT-4o] and [GPT 4o]"},
		{"text-to-image", "Text2Image, text to image", "[Text2Image], [text to image]"},
		{"h2o", "in H$_2$O.", "in [H$_2$O]."},
		{"", "nothing", "nothing"},
		{"x", "", ""},
	} {
		var b strings.Builder
		at := 0
		for _, s := range Parse(c.text).Highlight(c.in) {
			b.WriteString(c.in[at:s.Start] + "[" + c.in[s.Start:s.End] + "]")
			at = s.End
		}
		if got := b.String() + c.in[at:]; got != c.want {
			t.Errorf("%q marks %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSnippet(t *testing.T) {
	const abstract = "Language models grow. We route tokens, e.g. words, to experts. Does routing of tokens help? It does in 3.5 cases."
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"route tokens", 60, "We route tokens, e.g. words, to experts."},
		{"route tokens", 80, "We route tokens, e.g. words, to experts. Does routing of tokens help?"},
		{"nothing of it", 30, "Language models grow."},
		{"routing tokens help", 1000, "Does routing of tokens help? It does in 3.5 cases."},
		{"grow words", 70, "Language models grow. We route tokens, e.g. words, to experts."},
		{"experts", 30, "…to experts."},
		{"route", 30, "We route tokens, e.g.…"},
		{"", 22, "Language models grow."},
		{"route", 3, ""},
	} {
		if got := Parse(c.text).Snippet(abstract, c.limit); got != c.want || len(got) > c.limit {
			t.Errorf("the snippet for %q in %d bytes is %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

func TestSentences(t *testing.T) {
	const text = "By J. Smith et al. We use A, e.g. Fig. 3 of Ref. 7. So I. Then what? 4.5 of them.\nEnd"
	var got []string
	for _, s := range sentencesOf(text) {
		got = append(got, text[s.Start:s.End])
	}
	want := []string{"By J. Smith et al.", "We use A, e.g. Fig. 3 of Ref. 7.", "So I.", "Then what?", "4.5 of them.", "End"}
	if !slices.Equal(got, want) {
		t.Errorf("%q has sentences %q, want %q", text, got, want)
	}
}

func FuzzHighlight(f *testing.F) {
	for _, c := range [][2]string{
		{"moe OR \"of experts\"", "MoE and Mixture-of-Experts. More!"}, {"transf* 专家", "Transformers 混合专家模型。"},
		{"gödel h2o", `By G\"odel{\"o}{} H$_2$O $$_`}, {"\xff", "a\xffb"}, {"a", "a a. A b? A"}, {"i.i.d. 1,000", "i.i.d. 1,000 i.i"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		q := Parse(query)
		last := -1
		for _, s := range q.Highlight(text) {
			if s.Start <= last || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("%q marks %v in %q after one that ends at %d", query, s, text, last)
			}
			if utf8.ValidString(text) && !(utf8.ValidString(text[:s.Start]) && utf8.ValidString(text[s.Start:s.End])) {
				t.Fatalf("%q marks %v in %q, within a character", query, s, text)
			}
			last = s.End
		}
		for _, limit := range []int{0, 10, 40, 300} {
			if got := q.Snippet(text, limit); len(got) > limit || utf8.ValidString(text) && !utf8.ValidString(got) {
				t.Fatalf("the snippet of %q in %d bytes is %q", text, limit, got)
			}
		}
	})
}

// What is wanted of a text does not change where it has what is asked for.
func TestMarksAreThoseOfAllWords(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for range 300 {
		q := Parse(someQuery(r, 1))
		if q.root == nil {
			continue
		}
		p := somePaper(r, 10)
		text := p.Title + " " + p.Abstract
		f := finder{targets: targetsOf(q.root)}
		var want []mark
		s := scanner{emit: func(t token) { want = f.next(want, t) }}
		s.scan(text, 0)
		if got := q.marks(text); !slices.Equal(got, want) {
			t.Fatalf("%s is marked in %q at %v, want %v", q, text, got, want)
		}
	}
}
