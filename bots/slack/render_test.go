package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	api "github.com/slack-go/slack"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
	"paperboy/internal/paper"
)

var update = flag.Bool("update", false, "write the golden renders anew")

// paperCard is an ordinary paper.
func paperCard(n int) chat.Card {
	return chat.Card{
		Paper: "arxiv:1701.06538", Number: n, Title: chat.Text{{Text: "Outrageously Large Neural Networks: The Sparsely-Gated "}, {Text: "Mixture-of-Experts", Style: chat.Italic}, {Text: " Layer"}},
		Link: "https://arxiv.org/abs/1701.06538", Byline: "Noam Shazeer et al. · 7 authors · 23 Jan 2017",
		Summary: chat.Plain("A layer of thousands of feed-forward networks, of which a gate picks a few for each example."),
		Why:     chat.Text{{Text: "matches "}, {Text: "mixture of experts", Style: chat.Italic}},
		Counts:  "▲ 162 on Hugging Face · 3 votes here", Topics: []string{"mixture of experts", "language models"},
		Buttons: []chat.Button{
			{Label: "Upvote", Action: "vote arxiv:1701.06538", Does: chat.Vote}, {Label: "Take back", Action: "unvote arxiv:1701.06538", Does: chat.Unvote},
			{Label: "Save", Action: "save arxiv:1701.06538", Does: chat.Save}, {Label: "Similar", Action: "similar arxiv:1701.06538", Does: chat.Similar},
			{Label: "Share", Action: "share arxiv:1701.06538", Does: chat.Share},
		},
	}
}

func plainly() look { return look{names: func(p chat.Person) string { return "Ann Example" }} }

func TestRendersAreAsTheyWere(t *testing.T) {
	hostile := paperCard(2)
	hostile.Title = chat.Plain("<!channel> <@U012AB3CD> *R&D* | `x` :tada: $\\alpha^2$ \u202egnp.exe\nsecond line")
	for name, m := range map[string]chat.Message{
		"answer": {
			Text: chat.Text{{Text: "14 papers for “moe”", Style: chat.Bold}}, Cards: []chat.Card{paperCard(1), hostile}, Foot: chat.Plain("1 to 2 of 14"),
			Buttons: []chat.Button{{Label: "Next", Action: "page 10 moe", Does: chat.Next}},
		},
		"pick":   {Key: "daily/c/2026-02-27/0", Text: chat.Text{{Text: "Papers of Friday, 27 February 2026", Style: chat.Bold}}, Cards: []chat.Card{paperCard(1)}},
		"thread": {Text: chat.Text{{Text: "Papers of Friday", Style: chat.Bold}, {Text: ": 3 papers in the thread."}}},
		"digest": {Text: chat.Text{{Text: "Papers of Friday", Style: chat.Bold}}, Cards: []chat.Card{paperCard(1), paperCard(2), paperCard(3)}, Foot: chat.Plain("React with 1️⃣ to 3️⃣ to vote for a paper.")},
		"cite":   {Text: chat.Text{{Text: "@article{shazeer2017,\n  title = {Outrageously & Large},\n}", Style: chat.Pre}}},
		"names":  {Text: chat.Text{chat.Name(person(ann)), {Text: " shares a paper with "}, chat.Where(chat.Place{Platform: name, Space: testTeam, Channel: testChannel}), {Text: ":"}}, Foot: chat.Text{{Text: "Try "}, {Text: "/papers help", Style: chat.Code}}},
	} {
		got := indented(t, map[string]any{"text": plainly().notice(m), "blocks": keyed(plainly().blocks(m), m.Key)})
		file := filepath.Join("testdata", name+".json")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is rendered otherwise; -update writes it anew:\n%s", name, got)
		}
	}
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNothingIsEverRejected renders random messages with random hostile papers
// in them and looks at each of Slack's limits.
func TestNothingIsEverRejected(t *testing.T) {
	seeds := uint64(300)
	if testing.Short() {
		seeds = 10
	}
	l := &listener{Slack: newFake(t, bySocket).app}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 1))
		m := randomMessage(r)
		blocks := keyed(plainly().blocks(m), m.Key)
		if err := acceptable(plainly().notice(m), blocks); err != nil {
			t.Fatalf("seed %d: %v\nof %+v", seed, err, m)
		}
		view := window(randomText(r))
		view.Blocks.BlockSet = l.page(t.Context(), []chat.Message{m, m, m, m})
		if err := asJSON("ViewsPublishArguments", map[string]any{"user_id": ann, "view": api.HomeTabViewRequest{Type: api.VTHomeTab, Blocks: view.Blocks}}); err != nil {
			t.Fatalf("seed %d, as a page: %v", seed, err)
		}
		form := l.formView(t.Context(), randomForm(r))
		if err := asJSON("ViewsOpenArguments", map[string]any{"trigger_id": "1", "view": form}); err != nil {
			t.Fatalf("seed %d, as a form: %v", seed, err)
		}
	}
}

// acceptable is what Slack has against a message. What its schemas say is looked
// at where they are at hand.
func acceptable(text string, blocks []api.Block) error {
	r := reader{}
	words := 0
	var decoded []any
	b, err := json.Marshal(blocks)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &decoded); err != nil {
		return err
	}
	for _, block := range decoded {
		r.block(block.(map[string]any))
	}
	r.markup(text)
	words = utf8.RuneCountInString(r.text.String())
	switch {
	case r.harm != "":
		return fmt.Errorf("it %s", r.harm)
	case len(blocks) == 0 || len(blocks) > maxBlocks:
		return fmt.Errorf("it has %d blocks", len(blocks))
	case strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > 4000:
		return fmt.Errorf("the text beside the blocks has %d characters", utf8.RuneCountInString(text))
	case words > maxWords+1000: // with the labels of buttons
		return fmt.Errorf("all blocks together have %d characters", words)
	}
	return asJSON("ChatPostMessageArguments", map[string]any{"channel": testChannel, "text": text, "blocks": blocks})
}

func asJSON(definition string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var decoded any
	if err := json.Unmarshal(b, &decoded); err != nil {
		return err
	}
	return checkAs(definition, decoded)
}

func randomMessage(r *rand.Rand) chat.Message {
	m := chat.Message{Text: randomSpans(r), Foot: randomSpans(r)}
	if r.IntN(2) == 0 {
		m.Key = strings.Repeat("k", 1+r.IntN(chat.MaxKey))
	}
	for n := range r.IntN(chat.MaxCards + 1) {
		c := chat.Card{Number: n * r.IntN(2), Title: randomSpans(r), Link: randomLink(r), Byline: randomText(r), Summary: randomSpans(r), Why: randomSpans(r), Counts: randomText(r)}
		for range r.IntN(5) {
			c.Topics = append(c.Topics, randomText(r))
		}
		c.Buttons = randomButtons(r)
		m.Cards = append(m.Cards, c)
	}
	m.Buttons = randomButtons(r)
	return m
}

func randomButtons(r *rand.Rand) (all []chat.Button) {
	deeds := []chat.Deed{chat.Vote, chat.Unvote, chat.Save, chat.Similar, chat.Share, chat.Next, ""}
	for range r.IntN(7) {
		b := chat.Button{Label: randomText(r), Does: deeds[r.IntN(len(deeds))]}
		if r.IntN(4) == 0 {
			b.Link = randomLink(r)
		} else {
			b.Action = strings.Repeat("é", 1+r.IntN(chat.MaxAction/2))
		}
		all = append(all, b)
	}
	return all
}

func randomForm(r *rand.Rand) chat.Form {
	f := chat.Form{Name: "f", Title: randomText(r), Submit: randomText(r), Intro: randomSpans(r)}
	for n := range 1 + r.IntN(chat.MaxFields) {
		field := chat.Field{Name: fmt.Sprint("field ", n), Label: randomText(r), Hint: randomText(r), Kind: []chat.Kind{chat.Line, chat.Lines, chat.OneOf, chat.Several}[r.IntN(4)], Max: r.IntN(5000)}
		for n := range 1 + r.IntN(chat.MaxOptions) {
			field.Options = append(field.Options, chat.Option{Value: fmt.Sprint("v", n), Label: randomText(r)})
		}
		field.Values = []string{randomText(r)}
		if len(field.Options) > 0 && r.IntN(2) == 0 {
			field.Values = []string{field.Options[0].Value}
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

func randomSpans(r *rand.Rand) (t chat.Text) {
	for range r.IntN(4) {
		s := chat.Span{Text: randomText(r), Style: chat.Style(r.IntN(16))}
		switch r.IntN(6) {
		case 0:
			s.Link = randomLink(r)
		case 1:
			s.Person = person(ann)
		case 2:
			s.Place = chat.Place{Platform: name, Space: testTeam, Channel: testChannel}
		}
		t = append(t, s)
	}
	return t
}

func randomText(r *rand.Rand) string {
	all := bottest.Hostile()
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString(all[r.IntN(len(all))].Text)
	}
	if r.IntN(5) == 0 {
		return strings.Repeat(b.String()+"𝔐 ", 1+r.IntN(200))[:r.IntN(paper.MaxTitle)%(b.Len()+5)]
	}
	return b.String()
}

func randomLink(r *rand.Rand) string {
	all := []string{"", "javascript:alert(1)", "https://arxiv.org/abs/2401.08383", "https://example.org/<!channel>|x", "https://example.org/" + strings.Repeat("a|", 1500), "http://", "https://example.org/" + strings.Repeat("é", 900), "https://example.org/\x1b\u202e two"}
	return all[r.IntN(len(all))]
}

func TestNotificationReadsWell(t *testing.T) {
	m := chat.Message{Text: chat.Text{{Text: "Papers of Friday, 27 February 2026", Style: chat.Bold}}, Cards: []chat.Card{paperCard(1)}}
	want := "Papers of Friday, 27 February 2026\n1. Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer"
	if got := plainly().notice(m); got != want {
		t.Errorf("the notification is %q, want %q", got, want)
	}
}

func TestMarkupIsUndone(t *testing.T) {
	for in, want := range map[string]string{
		"look: <https://arxiv.org/abs/1> &amp; <https://x.org/a?b=1&amp;c=2|a label>": "look: https://arxiv.org/abs/1 & https://x.org/a?b=1&c=2",
		"<@U1> <@U2|ann> <#C1|general> <!here> <!subteam^S1|@team>":                   "@U1 ann general !here @team",
		"mail <mailto:a@b.org|a@b.org> 1 &lt; 2 <unclosed":                            "mail a@b.org 1 < 2 unclosed",
		"": "",
	} {
		if got := unmarked(in); got != want {
			t.Errorf("%q is read as %q, want %q", in, got, want)
		}
	}
}
