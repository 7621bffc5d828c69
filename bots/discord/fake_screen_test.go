package discord

import (
	"fmt"
	"regexp"
	"strings"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
)

// seen is a message that appeared on a screen.
type seen struct {
	bottest.Shown
	post   *posted
	edited string
}

// show draws a message as a client would. The caller holds mu.
func (s *service) show(p *posted, edited string) {
	d := drawing{}
	d.message(p.body)
	if parse, ok := p.body["allowed_mentions"].(map[string]any)["parse"].([]any); !ok || len(parse) > 0 {
		d.harm = "may notify people"
	}
	shown := seen{bottest.Shown{Text: d.String(), Links: d.links, Harm: d.harm}, p, edited}
	if p.only != "" {
		shown.To = chat.Person{Platform: name, ID: p.only}
	}
	shown.Raw = shown
	s.screen <- shown
}

// drawing is what can be read.
type drawing struct {
	strings.Builder
	links []string
	harm  string
}

func (d *drawing) message(body map[string]any) {
	d.markdown(str(body, "content"))
	embeds, _ := body["embeds"].([]any)
	for _, e := range embeds {
		e := e.(map[string]any)
		if author, ok := e["author"].(map[string]any); ok {
			d.plain(str(author, "name"))
		}
		d.markdown(str(e, "title"))
		d.link(str(e, "url"))
		d.markdown(str(e, "description"))
		if footer, ok := e["footer"].(map[string]any); ok {
			d.plain(str(footer, "text"))
		}
	}
	rows, _ := body["components"].([]any)
	for _, r := range rows {
		for _, c := range r.(map[string]any)["components"].([]any) {
			d.component(c.(map[string]any))
		}
	}
}

func str(m map[string]any, key string) string { s, _ := m[key].(string); return s }

func (d *drawing) component(c map[string]any) {
	d.plain(str(c, "label") + str(c, "placeholder"))
	d.link(str(c, "url"))
	options, _ := c["options"].([]any)
	for _, o := range options {
		d.plain(str(o.(map[string]any), "label"))
	}
}

func (d *drawing) link(to string) {
	if to != "" {
		d.links = append(d.links, to)
	}
}

// plain is text that a client shows as it is.
func (d *drawing) plain(s string) {
	d.look(s)
	d.WriteString(strings.ReplaceAll(s, "\u2060", "") + "\n")
}

// look finds what no text should have in it.
func (d *drawing) look(s string) {
	for _, r := range s {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0xfeff || r == 0xfffe {
			d.harm = fmt.Sprintf("has the character %U", r)
		}
	}
}

var (
	atStart  = regexp.MustCompile(`^(#{1,3} |> |>>> |[-*+] |\d+\. |-# )`)
	maskLink = regexp.MustCompile(`^\[([^\[\]\n]+)\]\(<(https?://[^\s<>]+)>\)`)
	mention  = regexp.MustCompile(`^<@(\d+)>`)
	inChan   = regexp.MustCompile(`^<#(\d+)>`)
	token0   = regexp.MustCompile(`^(<(@&|@!|t:|a?:|/)|\|\||~~|__|_\S|https?://|:\w+:|@everyone|@here)`)
	escape   = regexp.MustCompile(`^\\([^0-9A-Za-z\s])`)
	block    = regexp.MustCompile("^```\n((?s).*?)\n```")
	code     = regexp.MustCompile("^`([^`\n]+)`")
)

// markdown undoes Discord's markup, with the styles that the bot uses; anything
// else that would be one is harm.
func (d *drawing) markdown(s string) {
	d.look(s)
	bold, start := false, true
	for len(s) > 0 {
		if m := atStart.FindString(s); start && m != "" {
			if m != "-# " {
				d.harm = "begins a line with " + m
			}
			s = s[len(m):]
		}
		start = s != "" && s[0] == '\n'
		n := d.token(s, &bold)
		s = s[n:]
	}
	if bold {
		d.harm = "leaves a style open"
	}
	d.WriteByte('\n')
}

// token reads what s begins with, and returns how long that is.
func (d *drawing) token(s string, bold *bool) int {
	if m := escape.FindStringSubmatch(s); m != nil {
		d.WriteString(m[1])
		return len(m[0])
	}
	for _, of := range []*regexp.Regexp{block, code} {
		if m := of.FindStringSubmatch(s); m != nil {
			d.WriteString(m[1])
			return len(m[0])
		}
	}
	if m := maskLink.FindStringSubmatch(s); m != nil {
		d.link(m[2])
		d.markdown(m[1])
		return len(m[0])
	}
	if m := mention.FindStringSubmatch(s); m != nil {
		d.WriteString(map[string]string{ann: "Ann Example", bob: "Bob <!here>"}[m[1]])
		return len(m[0])
	}
	if m := inChan.FindStringSubmatch(s); m != nil {
		d.WriteString("#general")
		return len(m[0])
	}
	if m := token0.FindString(s); m != "" {
		d.harm = fmt.Sprintf("has the markup %q", m)
	}
	switch {
	case strings.HasPrefix(s, "**"):
		*bold = !*bold
		return 2
	case s[0] == '*':
		return 1
	case strings.HasPrefix(s, "\u2060"):
		return len("\u2060")
	}
	r := []rune(s)[0]
	d.WriteRune(r)
	return len(string(r))
}
