package console

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
)

var update = flag.Bool("update", false, "write the golden files anew")

// results are a page of search results as the bot might give it.
func results() chat.Message {
	deeds := func(id string) []chat.Button {
		return []chat.Button{
			{Label: "Vote", Does: chat.Vote, Action: "vote:" + id},
			{Label: "Unvote", Does: chat.Unvote, Action: "unvote:" + id},
			{Label: "Save", Does: chat.Save, Action: "save:" + id},
			{Label: "Similar", Does: chat.Similar, Action: "similar:" + id},
		}
	}
	return chat.Message{
		Text: chat.Text{{Text: "11 papers", Style: chat.Bold}, {Text: " about "}, {Text: "mixture of experts", Style: chat.Italic}, {Text: ", best first"}},
		Cards: []chat.Card{{
			Paper: "arxiv:1701.06538", Number: 9,
			Title:   chat.Text{{Text: "Outrageously Large Neural Networks: The Sparsely-Gated "}, {Text: "Mixture-of-Experts", Style: chat.Italic}, {Text: " Layer"}},
			Link:    "https://arxiv.org/abs/1701.06538",
			Byline:  "Shazeer et al. · 7 authors · 23 Jan 2017",
			Counts:  "▲ 162 on Hugging Face · 3 here · 5 comments",
			Summary: chat.Plain("A layer of thousands of small networks, of which a trained gate picks a few for every example, makes models far larger at little more cost."),
			Why:     chat.Text{{Text: "matches "}, {Text: "mixture of experts", Style: chat.Italic}, {Text: "; shared by Ann"}},
			Topics:  []string{"sparse experts", "scaling"},
			Buttons: append(deeds("1701.06538"), chat.Button{Label: "Open", Link: "https://arxiv.org/abs/1701.06538"}, chat.Button{Label: "Code", Link: "https://github.com/example/moe"}),
		}, {
			Paper: "arxiv:2401.08383", Number: 10,
			Title:   chat.Plain("専門家の混合による大規模言語モデルの効率的な学習と推論：長い題名は画面の幅で折り返される"),
			Link:    "https://arxiv.org/abs/2401.08383",
			Byline:  "山田 太郎 · 16 Jan 2024",
			Buttons: deeds("2401.08383"),
		}, {
			Paper: "url:0123456789abcdef", Number: 11,
			Title: chat.Plain("A \x1b[31mhostile\x1b[0m\r\n title \u202ewith tricks"),
			Link:  "javascript:alert(1)",
		}},
		Foot:    chat.Text{{Text: "Page 2 of 2. "}, {Text: "/papers help", Style: chat.Code}, {Text: " explains "}, {Text: "searching", Link: "https://example.org/search"}},
		Buttons: []chat.Button{{Label: "Previous", Does: chat.Prev, Action: "page:1"}},
	}
}

func help() chat.Message {
	return chat.Message{Text: chat.Text{
		{Text: "What you can type", Style: chat.Bold}, {Text: "\n\n\n"},
		{Text: "/papers moe", Style: chat.Code}, {Text: " searches\n"},
		{Text: "/papers top week", Style: chat.Code}, {Text: " is what the team voted for in the last seven days, each person counted once for each paper\n\n"},
	}}
}

func alone() chat.Message {
	return chat.Message{Cards: []chat.Card{{
		Title:   chat.Plain("One paper that stands alone and whose title is so long that it needs a second line"),
		Link:    "https://arxiv.org/abs/2401.08383",
		Summary: chat.Plain("It has no number."),
	}}}
}

func TestRenderLooksAsItDid(t *testing.T) {
	for name, p := range map[string]page{
		"plain":  {width: 60},
		"colour": {width: 60, colour: true},
		"links":  {width: 60, colour: true, links: true},
		"narrow": {width: 24},
	} {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			for _, m := range []chat.Message{results(), help(), alone(), {Text: chat.Plain("One vote for paper 2.")}, {}} {
				got.WriteString(p.render(m))
			}
			golden(t, "testdata/"+name+".golden", got.String())
		})
	}
}

// golden compares got with a file. In the file, sequences are spelled out, so
// that looking at it is safe.
func golden(t *testing.T, file, got string) {
	got = strings.ReplaceAll(got, "\x1b", "␛")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (write it with go test -update)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// scraps are what random texts are made of.
func scraps() []string {
	out := []string{" ", " ", " ", "\n", "\t", "a", "experts", "専門", "家、", "「", "」", "👩‍👩‍👧", "❤️", "👍🏽", "é", "\u0301", "\x1b", "\x1b[2J",
		"\u009b31m", "\x00", "\x7f", "\b", "\r", "\a", "\u202e", "\u2066", "\u200b", "\xff", "\xc3", "*", "‘", "https://example.org/" + strings.Repeat("x", 90)}
	for _, n := range bottest.Hostile() {
		out = append(out, n.Text)
	}
	return out
}

func randomText(r *rand.Rand, from []string) chat.Text {
	var t chat.Text
	for range r.IntN(5) {
		s := chat.Span{Style: chat.Style(r.IntN(8))}
		for range r.IntN(8) {
			s.Text += from[r.IntN(len(from))]
		}
		if r.IntN(4) == 0 {
			s.Link = "https://example.org/" + s.Text
		}
		t = append(t, s)
	}
	return t
}

func randomMessage(r *rand.Rand) chat.Message {
	from := scraps()
	m := chat.Message{Text: randomText(r, from), Foot: randomText(r, from)}
	for range r.IntN(4) {
		text := func() string { return randomText(r, from).String() }
		m.Cards = append(m.Cards, chat.Card{
			Paper: "arxiv:2401.08383", Number: r.IntN(120), Title: randomText(r, from), Link: "https://example.org/" + text(),
			Byline: text(), Summary: randomText(r, from), Why: randomText(r, from), Counts: text(), Topics: []string{text(), text()},
			Buttons: []chat.Button{{Label: text(), Link: "https://example.org/" + text()}},
		})
	}
	return m
}

func TestHostileMessagesStayWithinTheScreen(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 7))
		m := randomMessage(r)
		p := page{width: 10 + r.IntN(100), colour: r.IntN(2) == 0, links: r.IntN(2) == 0}
		out := p.render(m)
		if fault := p.fault(out, m); fault != "" {
			t.Fatalf("seed %d, %+v: %s\nmessage %+v\noutput %q", seed, p, fault, m, out)
		}
	}
}

// numbered is what a line begins with before its text.
var numbered = regexp.MustCompile(`^ *[0-9]* *`)

// fault is what is wrong with out as a rendering of m.
func (p page) fault(out string, m chat.Message) string {
	if r := hidden(visible(out)); r >= 0 {
		return fmt.Sprintf("%U is left", r)
	}
	if out != "" && !strings.HasSuffix(out, "\n") {
		return "the last line does not end"
	}
	for line := range strings.Lines(out) {
		if strings.Count(line, "\x1b[0m")*2 != len(sgr.FindAllString(line, -1)) {
			return fmt.Sprintf("a colour reaches beyond its line %q", line)
		}
		if strings.Count(line, "\x1b]8;;\x1b\\")*2 != len(osc8.FindAllString(line, -1)) {
			return fmt.Sprintf("a link reaches beyond its line %q", line)
		}
		seen := strings.TrimSuffix(visible(line), "\n")
		if word := numbered.ReplaceAllString(seen, ""); columns(seen) > p.width && strings.Contains(word, " ") {
			return fmt.Sprintf("the line %q has %d columns, want at most %d", seen, columns(seen), p.width)
		}
	}
	for _, c := range m.Cards {
		title := ""
		for _, s := range c.Title {
			title += squeezed(escape(s.Text))
		}
		if !strings.Contains(squeezed(visible(out)), title) {
			return fmt.Sprintf("the title %q is not there", title)
		}
	}
	return ""
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func TestWhatIsMeantForCopyingKeepsItsLines(t *testing.T) {
	cited := "@misc{key,\n  title = {{A title that is longer than the screen is wide}},\n\n}"
	got := page{width: 20}.render(chat.Message{Text: chat.Text{{Text: cited + "\x1b[31m", Style: chat.Pre}}})
	if got != cited+"\n" {
		t.Errorf("rendered as\n%q, want\n%q", got, cited+"\n")
	}
}

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{
		"":        0,
		"moe":     3,
		"é":       1,
		"e\u0301": 1,
		"専門家":     6,
		"ﾊﾝ":      2,
		"Ａ":       2,
		"한국":      4,
		"👍":       2,
		"·▲…":     3,
		"\u200d":  0,
		"❤️":      2,
	} {
		if got := columns(s); got != want {
			t.Errorf("columns(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestWebLink(t *testing.T) {
	for in, want := range map[string]string{
		"https://arxiv.org/abs/2401.08383": "https://arxiv.org/abs/2401.08383",
		"http://example.org/ü?q=é":         "http://example.org/%C3%BC?q=%C3%A9",
		"https://example.org/\u202e\u009b": "https://example.org/%E2%80%AE%C2%9B",
		"https://example.org/\x1b\\":       "",
		"https://example.org/\n":           "",
		"javascript:alert(1)":              "",
		"https://":                         "",
		"//example.org/a":                  "",
		"":                                 "",
		"https://example.org/" + strings.Repeat("a", 2000): "",
	} {
		if got := webLink(in); got != want {
			t.Errorf("webLink(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, n := range bottest.Hostile() {
		f.Add(n.Text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := escape(s)
		if r := hidden(got); r >= 0 || strings.Contains(got, "\n") {
			t.Errorf("escape(%q) = %q, with %U in it", s, got, r)
		}
		if again := escape(got); again != got {
			t.Errorf("escape(%q) = %q, and once more %q", s, got, again)
		}
	})
}

func TestLinesBreakWhereReadersExpect(t *testing.T) {
	for _, test := range []struct {
		width int
		text  string
		want  []string
	}{
		{10, "one two three four", []string{"one two", "three four"}},
		{10, "  one \t\n two  ", []string{"one two"}},
		{6, "supercalifragilistic word", []string{"supercalifragilistic", "word"}},
		{6, "専門家の混合", []string{"専門家", "の混合"}},
		{6, "専門家。の混合", []string{"専門", "家。の", "混合"}},
		{6, "専門「家の", []string{"専門", "「家の"}},
		{6, "MoE専門家", []string{"MoE専", "門家"}},
		{2, "👍🏽👍🏽", []string{"👍🏽", "👍🏽"}},
		{2, "👩‍👩‍👧⌚️", []string{"👩‍👩‍👧", "⌚️"}},
		{6, "👩‍👩‍👧⌚️⌚️", []string{"👩‍👩‍👧", "⌚️⌚️"}},
		{6, "が" + "か\u3099か\u3099", []string{"がか\u3099か\u3099"}},
		{1, "か\u3099か\u3099", []string{"か\u3099", "か\u3099"}},
		{5, "\u0301 a", []string{"\u0301 a"}},
		{5, "", nil},
	} {
		var got []string
		for _, line := range wrap([]piece{{text: escape(test.text)}}, test.width) {
			s := ""
			for _, p := range line {
				s += p.text
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q in %d columns (-want +got):\n%s", test.text, test.width, diff)
		}
	}
}

func TestWordOfTwoStylesStaysWhole(t *testing.T) {
	p := page{width: 13, colour: true}
	got := p.render(chat.Message{Text: chat.Text{{Text: "a sparse "}, {Text: "ex", Style: chat.Italic}, {Text: "perts layer"}}})
	if want := "a sparse\n\x1b[4;36mex\x1b[0mperts layer\n"; got != want {
		t.Errorf("render gives %q, want %q", got, want)
	}
}
