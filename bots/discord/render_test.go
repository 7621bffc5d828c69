package discord

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
)

var update = flag.Bool("update", false, "write golden files")

// asJSON is a message as Discord gets it.
func asJSON(t testing.TB, m chat.Message) map[string]any {
	t.Helper()
	b, err := json.Marshal(render(m))
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(b, &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// pieces are what hostile texts are made of.
func pieces() []string {
	all := []string{
		"@everyone", "@here", "<@800000000000000004>", "<@&1>", "<#1>", "</papers:1>", "<t:1618953630:R>", "<:a:1>", "<a:a:1>", ":tada:", "||", "~~", "**", "*", "__", "_", "`", "```", "```go\n",
		"# ", "\n# ", "\n## x", "\n> q", "\n>>> q", "\n- x", "\n1. x", "\n10. x", "\n-# x", "\n  # x", "[a](https://evil.example)", "[", "](", ")", "]", "<https://evil.example>", "https://evil.example/a_b", "\\", "\\\\", "\\*",
		"\u200b", "\u202e", "\u2066", "\ufeff", "\x00", "\x1b[2J", "\u009b", "\xff\xfe", "\xed\xa0\x80", "\u0300\u0489", "\u2028", "\r", "\t", " ", "  ", "\n", "word", "専門家", "👩‍👩‍👧", "🎉", "é", "discord.gg/x", "<", ">", "&", "|", "~", ":", "@", "#", "-", "+", ".", "1", "12.",
	}
	for _, n := range bottest.Hostile() {
		all = append(all, n.Text)
	}
	return all
}

// chance makes random hostile messages.
type chance struct {
	*rand.Rand
	pieces []string
}

func (c chance) words(most int) string {
	var b strings.Builder
	for range c.IntN(1 + most) {
		b.WriteString(c.pieces[c.IntN(len(c.pieces))])
	}
	if c.IntN(20) == 0 {
		return strings.Repeat(b.String()+"x", 4000/(b.Len()+1))
	}
	return b.String()
}

func (c chance) text(most int) (t chat.Text) {
	for range c.IntN(4) {
		s := chat.Span{Text: c.words(most), Style: chat.Style(c.IntN(16))}
		switch c.IntN(8) {
		case 0:
			s.Link = "https://example.org/" + c.words(3)
		case 1:
			s.Person = person(ann)
		case 2:
			s.Person = chat.Person{Platform: name, ID: "<@&1> @everyone"}
		}
		t = append(t, s)
	}
	return t
}

func (c chance) button(deed chat.Deed) chat.Button {
	b := chat.Button{Label: c.words(4), Does: deed, Action: strings.ToValidUTF8(c.words(3), "?")}
	if b.Action = b.Action[:min(len(b.Action), chat.MaxAction)]; c.IntN(8) == 0 {
		b.Action, b.Link = "", "https://example.org/"+c.words(3)
	}
	b.Action = strings.ToValidUTF8(b.Action, "")
	return b
}

func (c chance) message() chat.Message {
	m := chat.Message{Text: c.text(12), Foot: c.text(8), Key: strings.Repeat("k", c.IntN(chat.MaxKey+1))}
	for n := range c.IntN(chat.MaxCards + 1) {
		card := chat.Card{
			Paper: "arxiv:1", Number: n * c.IntN(2), Title: c.text(12), Link: "https://example.org/" + c.words(4), Byline: c.words(12),
			Summary: c.text(20), Why: c.text(8), Counts: c.words(6), Topics: []string{c.words(4), c.words(4)},
		}
		for _, deed := range deeds[:c.IntN(len(deeds)+1)] {
			card.Buttons = append(card.Buttons, c.button(deed))
		}
		m.Cards = append(m.Cards, card)
	}
	for range c.IntN(4) {
		m.Buttons = append(m.Buttons, c.button(chat.Next))
	}
	return m
}

func TestNoHostileMessageIsTurnedAwayOrDoesHarm(t *testing.T) {
	pieces := pieces()
	for seed := range uint64(300) {
		m := chance{rand.New(rand.NewPCG(seed, 1)), pieces}.message()
		body := asJSON(t, m)
		if openapi() != nil {
			if err := check(map[string]any{"$ref": "#/components/schemas/MessageCreateRequest"}, any(body), "message"); err != nil {
				t.Fatalf("seed %d: Discord would turn it away: %v", seed, err)
			}
		}
		if err := unstated(body); err != nil {
			t.Fatalf("seed %d: Discord would turn it away: %v", seed, err)
		}
		if n := sizeOf(render(m).Embeds); n > maxEmbedsWords {
			t.Fatalf("seed %d: the embeds have %d characters", seed, n)
		}
		d := drawing{}
		d.message(body)
		if d.harm != "" {
			b, _ := json.MarshalIndent(body, "", " ")
			t.Fatalf("seed %d: the message %s: %s", seed, d.harm, b)
		}
		if !carries(body, m.Key) {
			t.Fatalf("seed %d: the key %q is in none of %v", seed, m.Key, body["components"])
		}
	}
}

func carries(body map[string]any, key string) bool {
	b, _ := json.Marshal(body)
	var m sentMessage
	_ = json.Unmarshal(b, &m)
	return key == "" || m.has(key)
}

func TestActionsAndKeysTravelTogether(t *testing.T) {
	for length := range chat.MaxKey + 1 {
		l := layout{key: strings.Repeat("k", length)}
		for n, action := range []string{"vote arxiv:1", strings.Repeat("é", chat.MaxAction/2), ""} {
			id := l.id(n == 0, action)
			p, ok := read(id)
			if !ok || p.action != action || p.turns != (n == 0) || len(id) > maxCustomID+chat.MaxAction/2 || p.key != "" && p.key != l.key {
				t.Fatalf("%q is read as %+v, %t, want the action %q", id, p, ok, action)
			}
		}
	}
	for _, strange := range []string{"", "x", "b", "b1", "b1 5", "b1 9 abc", "b1 -1 abc", "b1 x abc", "vote arxiv:1", " 0 x"} {
		if p, ok := read(strange); ok {
			t.Errorf("%q, which is none of ours, is read as %+v", strange, p)
		}
	}
}

// TestRendersAreGolden keeps what a client draws under review.
func TestRendersAreGolden(t *testing.T) {
	digest := pageOf(10)
	digest.Foot = chat.Text{{Text: "Type "}, {Text: "/paperboy status", Style: chat.Code}, {Text: " to see what is next."}}
	for name, m := range map[string]chat.Message{
		"pick":   {Key: "daily/c1/2026-02-27/1", Cards: []chat.Card{paperCard(0)}},
		"thread": {Key: "daily/c1/2026-02-27/0", Text: chat.Text{{Text: "Papers of 27 February 2026", Style: chat.Bold}}},
		"digest": digest,
		"answer": pageOf(3),
		"cite":   {Text: chat.Text{{Text: "@article{a_b,\n  title = {A *b* `c`},\n}", Style: chat.Pre}}},
		"names":  {Text: chat.Text{{Text: "Shared by "}, chat.Name(person(ann)), {Text: " in "}, chat.Where(place(testGuild, testChannel)), {Text: ": "}, {Text: "a_paper", Link: "https://example.org/a_(b)"}}},
	} {
		b, err := json.MarshalIndent(render(m), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name+".json")
		if *update {
			if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(b) + "\n"; got != string(want) {
			t.Errorf("%s is drawn as\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestTenPapersFitWithAllTheirText is why cards are embeds: Components V2 have
// room for 4,000 characters, which is less than ten papers need.
func TestTenPapersFitWithAllTheirText(t *testing.T) {
	m := pageOf(10)
	for i := range m.Cards {
		m.Cards[i].Title = chat.Plain("Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer")
		m.Cards[i].Summary = chat.Plain(strings.Repeat("A sentence of a summary. ", 12))
	}
	p := render(m)
	const v2Characters = 4000
	if n := sizeOf(p.Embeds); n <= v2Characters || n > maxEmbedsWords {
		t.Errorf("ten papers have %d characters; the reason to use embeds is gone", n)
	}
	for i, e := range p.Embeds[:10] {
		if strings.Count(e.Description, "A sentence of a summary.") != 12 || !strings.HasPrefix(e.Title, fmt.Sprintf("%d\\. Outrageously", i+1)) || e.Footer == nil {
			t.Errorf("paper %d is cut down to %+v", i+1, e)
		}
	}
}

func TestTextIsCutBetweenCharactersAndEscapes(t *testing.T) {
	for limit := 1; limit < 40; limit++ {
		for _, s := range []string{"a*b*c*d*e*f*g*h*i*j*k", "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", `\\\\\\\\\\\\\\\\\\\\`} {
			got := escaped(s, limit, true)
			backslashes := len(got) - len(strings.TrimRight(strings.TrimSuffix(got, "…"), `\`)) - len("…")
			if size(got) > max(limit, 1) || strings.HasSuffix(got, "…") && backslashes%2 == 1 {
				t.Errorf("escaped(%q, %d) = %q, which has %d characters", s, limit, got, size(got))
			}
		}
	}
}

func TestLinksAreHarmlessOrNone(t *testing.T) {
	for link, want := range map[string]string{
		"https://arxiv.org/abs/1701.06538": "https://arxiv.org/abs/1701.06538", "http://example.org/a b>c": "http://example.org/a%20b%3Ec",
		"javascript:alert(1)": "", "//evil.example": "", "https://": "", "https://:80/": "", "": "", "ftp://example.org": "",
	} {
		if got := webLink(link); got != want {
			t.Errorf("webLink(%q) = %q, want %q", link, got, want)
		}
	}
}

func TestRequestsThatDiscordTurnsAwayAreNoticed(t *testing.T) {
	needPublished(t)
	good := func() map[string]any { return asJSON(t, pageOf(2)) }
	for name, spoil := range map[string]func(m map[string]any){
		"an unknown field":     func(m map[string]any) { m["contents"] = "x" },
		"a long title":         func(m map[string]any) { m["embeds"].([]any)[0].(map[string]any)["title"] = strings.Repeat("x", 257) },
		"a long nonce":         func(m map[string]any) { m["nonce"] = strings.Repeat("x", 26) },
		"a style that is none": func(m map[string]any) { firstButton(m)["style"] = 9.0 },
		"a long custom_id":     func(m map[string]any) { firstButton(m)["custom_id"] = strings.Repeat("x", 101) },
		"an id twice":          func(m map[string]any) { firstButton(m)["custom_id"] = "b2 0 unvote arxiv:1701.01" },
		"too much in all": func(m map[string]any) {
			m["embeds"] = slices.Repeat([]any{map[string]any{"description": strings.Repeat("x", 4000)}}, 2)
		},
		"nothing": func(m map[string]any) { m["embeds"], m["content"] = []any{}, "" },
	} {
		m := good()
		spoil(m)
		err := check(map[string]any{"$ref": "#/components/schemas/MessageCreateRequest"}, any(m), "message")
		if err == nil {
			err = unstated(m)
		}
		if err == nil {
			t.Errorf("%s is not noticed", name)
		}
	}
	if err := checkPath(http.MethodPost, "/channels/1/message", nil); err == nil {
		t.Error("an operation that does not exist is not noticed")
	}
}

func firstButton(m map[string]any) map[string]any {
	return m["components"].([]any)[0].(map[string]any)["components"].([]any)[0].(map[string]any)
}
