package search

import (
	"strings"
	"testing"
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
