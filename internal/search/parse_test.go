package search

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, want, note string }{
		{text: "", want: ""},
		{text: "  \t\n", want: ""},
		{text: "mixture experts", want: "mixture experts"},
		{text: `"mixture of experts" transf*`, want: `"mixture of experts" transf*`},
		{text: `“curly quotes”`, want: `"curly quotes"`},
		{text: `-survey -"case study" moe`, want: `-survey -"case study" moe`},
		{text: "moe NOT survey AND routing", want: "moe -survey routing"},
		{text: "moe OR llm", want: "(moe OR llm)"},
		{text: "moe | llm|rag", want: "(moe OR llm OR rag)"},
		{text: "mixture of experts OR moe", want: "((mixture of experts) OR moe)"},
		{text: "(moe OR llm) routing", want: "(moe OR llm) routing"},
		{text: "moe or llm", want: "moe or llm"},
		{text: "moe OR llm since:2024 -survey", want: "(moe OR llm) since:2024-01-01 -survey"},
		{text: "cat:cs.LG OR cat:cs.CL since:2024", want: "(cat:cs.lg OR cat:cs.cl) since:2024-01-01"},
		{text: "author:lecun OR author:hinton", want: "(author:lecun OR author:hinton)"},
		{text: `author:"Yann LeCun"`, want: `author:"Yann LeCun"`},
		{text: "author: lecun", want: "author:lecun"},
		{text: `title: "all you need" Source:arXiv`, want: `title:"all you need" source:arxiv`},
		{text: "-author:x -cat:cs -source:arxiv", want: "-author:x -cat:cs -source:arxiv"},
		{text: "since:2024-03 before:2024-3-5", want: "since:2024-03-01 before:2024-03-05"},
		{text: "votes:3 votes:>=10", want: "votes:3 votes:10"},
		{text: "moe sort:new", want: "moe sort:new"},
		{text: "sort:relevance moe", want: "moe"},
		{text: "moe has:code -has:code", want: "moe has:code -has:code"},
		{text: "after:2024 until:2025 by:lecun category:cs.*", want: "since:2024-01-01 before:2025-01-01 author:lecun cat:cs"},
		{text: "cat:cs.LG,stat.ML moe", want: "(cat:cs.lg OR cat:stat.ml) moe"},
		{text: "O(n log n) search", want: "O/n log n search"},
		{text: "C++ GPT-4o Llama-3.1-8B", want: "C++ GPT-4o Llama-3.1-8B"},
		{text: "--moe", want: "-moe"},
		{text: "-(moe llm)", want: "-(moe llm)"},
		{text: "foo:bar", want: "foo bar"},

		{text: "since:yesterday moe", want: "moe", note: `"since:yesterday" was ignored: a date looks like 2024, 2024-03 or 2024-03-05.`},
		{text: "votes:many", want: "", note: `"votes:many" was ignored: a number of votes looks like votes:3.`},
		{text: "sort:random moe", want: "moe", note: `"sort:random" was ignored: papers can be sorted by new, votes or relevance.`},
		{text: "has:data moe", want: "moe", note: `"has:data" was ignored: has:code finds papers with a link to their code.`},
		{text: "*former", want: "former", note: `The * in "*former" was ignored: it stands for the rest of a word, after two letters or more.`},
		{text: "A* search", want: "A* search"},
		{text: "2* search", want: "2 search", note: `The * in "2*" was ignored: it stands for the rest of a word, after two letters or more.`},
		{text: "moe author:", want: "moe", note: `"author:" was ignored because nothing follows it.`},
		{text: "auther:lecun", want: "author:lecun", note: `"auther:" was read as "author:".`},
		{text: "authors:lecun", want: "author:lecun", note: `"authors:" was read as "author:".`},
		{text: "catalog:x", want: "catalog x", note: `"catalog:" is no filter and was searched for as words. Did you mean "cat:"?`},

		{text: `"unbalanced phrase`, want: `"unbalanced phrase"`},
		{text: `((moe) llm))) rag (`, want: "moe llm rag"},
		{text: "OR OR moe OR", want: "moe"},
		{text: "AND NOT OR - -- | ( ) ()", want: ""},
		{text: "moe - llm", want: "moe llm"},
		{text: `"" "!?" *`, want: ""},
		{text: `'; DROP TABLE papers; --`, want: "DROP TABLE papers;"},
		{text: `NEAR(a b, 3) title:^moe*`, want: "NEAR/a b, 3 title:^moe"},
		{text: "moe\x00\x07llm \xff\xferag", want: "moe llm rag"},
	} {
		q := Parse(c.text)
		if got := q.String(); got != c.want {
			t.Errorf("Parse(%q) is %q, want %q", c.text, got, c.want)
		}
		if got := strings.Join(q.Notes, " "); got != c.note {
			t.Errorf("Parse(%q) notes %q, want %q", c.text, got, c.note)
		}
	}
}

func TestParseBoundsItsWork(t *testing.T) {
	for name, text := range map[string]string{
		"long":        strings.Repeat("word ", 20_000),
		"deep":        strings.Repeat("(", 50_000) + "moe",
		"deep closed": strings.Repeat("(", 1_000) + "moe" + strings.Repeat(")", 1_000),
		"negative":    strings.Repeat("-", 100_000),
		"quotes":      strings.Repeat(`"a`, 50_000),
		"ors":         strings.Repeat("a|", 50_000),
		"one word":    strings.Repeat("x", 100_000),
		"beginnings":  strings.Repeat("re* ", 50),
	} {
		start := time.Now()
		q := Parse(text)
		leaves := 0
		q.root.leaves(func(*node) { leaves++ })
		if took := time.Since(start); took > time.Second || leaves > maxWords {
			t.Errorf("%s: %d leaves after %s, want at most %d in an instant", name, leaves, took, maxWords)
		}
		if len(q.Notes) == 0 {
			t.Errorf("%s: no note says that something was ignored", name)
		}
	}
}

func TestNeedsVotes(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "moe": false, "moe sort:new": false,
		"votes:3": true, "moe (llm OR -votes:3)": true, "moe sort:votes": true,
	} {
		if got := Parse(text).NeedsVotes(); got != want {
			t.Errorf("Parse(%q).NeedsVotes() = %t, want %t", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`moe OR "mixture of experts" -survey`, "author:lecun since:2024 sort:new votes:3", "((a|b) OR -c) AND NOT d*",
		`title:"x" cat:cs`, "O(n log n)", "\xff(\x00", "混合专家 模", "pre-training foo:bar:baz", `-"a`, "author: (x)", "sort:votes|x", "C*+*",
	} {
		f.Add(text)
	}
	ix := New()
	ix.Put(samples(), 1)
	f.Fuzz(func(t *testing.T, text string) {
		q := Parse(text)
		once := q.String()
		if !utf8.ValidString(once) {
			t.Errorf("Parse(%q) is %q, which is not valid UTF-8", text, once)
		}
		if len(q.Notes) == 0 {
			if twice := Parse(once).String(); twice != once {
				t.Errorf("Parse(%q) is %q, and that again %q", text, once, twice)
			}
		}
		res := ix.Search(q, Options{Limit: 3})
		if len(res.Hits) > res.Total || res.Total > ix.Len() {
			t.Errorf("Search(%q): %d hits of %d among %d papers", text, len(res.Hits), res.Total, ix.Len())
		}
		for _, s := range res.Query.Highlight(text) {
			if s.Start < 0 || s.End > len(text) || s.Start >= s.End {
				t.Errorf("Highlight(%q) marks %v", text, s)
			}
		}
		if got := res.Query.Snippet(text, 40); len(got) > 40 {
			t.Errorf("Snippet(%q) is %q, longer than 40 bytes", text, got)
		}
	})
}
