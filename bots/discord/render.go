package discord

import (
	"cmp"
	"fmt"
	"strings"

	"paperboy/internal/chat"
)

// Discord's limits (https://docs.discord.com/developers/resources/message#embed-object-embed-limits),
// in characters.
const (
	maxContent     = 2000
	maxEmbeds      = 10
	maxEmbedsWords = 6000 // over all embeds of a message
	maxTitle       = 256
	maxAuthor      = 256
	maxDescription = 4096
	maxFooter      = 2048
)

// Flags of a message.
const (
	noPreviews = 1 << 2 // hides embeds, ours as well
	onlyYou    = 1 << 6
)

// accent is the colour of a card's edge.
const accent = 0x3B6EA8

// payload is a message as Discord takes it. The fields are always there, so that
// an edit replaces all.
type payload struct {
	Content    string    `json:"content"`
	Embeds     []embed   `json:"embeds"`
	Components []row     `json:"components"`
	Mentions   mentions  `json:"allowed_mentions"`
	Flags      int       `json:"flags"`
	Nonce      string    `json:"nonce,omitempty"`
	Enforce    bool      `json:"enforce_nonce,omitempty"`
	AnswerTo   *answerTo `json:"message_reference,omitempty"`
}

// mentions has Discord notify nobody, whatever the text says.
type mentions struct {
	Parse []string `json:"parse"`
}

// answerTo is the message that another one answers.
type answerTo struct {
	Message string `json:"message_id"`
	Lenient bool   `json:"fail_if_not_exists"`
}

type embed struct {
	Title       string  `json:"title,omitempty"`
	URL         string  `json:"url,omitempty"`
	Author      *author `json:"author,omitempty"`
	Description string  `json:"description,omitempty"`
	Footer      *footer `json:"footer,omitempty"`
	Color       int     `json:"color"`
}

type author struct {
	Name string `json:"name"`
}

type footer struct {
	Text string `json:"text"`
}

func (e embed) size() int {
	n := size(e.Title) + size(e.Description)
	if e.Author != nil {
		n += size(e.Author.Name)
	}
	if e.Footer != nil {
		n += size(e.Footer.Text)
	}
	return n
}

func sizeOf(all []embed) (n int) {
	for _, e := range all {
		n += e.size()
	}
	return n
}

// render is m for people. Titles and the like are hostile text: all of it goes
// through escaped, plain or cut.
func render(m chat.Message) payload {
	p := payload{Embeds: []embed{}, Components: components(m), Mentions: mentions{Parse: []string{}}}
	p.Content = markdown(m.Text, maxContent)
	if len(m.Cards) == 0 {
		p.wordsAlone(m)
	}
	for r := roomFor(len(m.Cards)); len(m.Cards) > 0; r = r.less() {
		if p.Embeds = cards(m, r); sizeOf(p.Embeds) <= maxEmbedsWords {
			break
		}
	}
	if p.Content == "" && len(p.Embeds) == 0 {
		p.Content = "…"
	}
	if len(p.Embeds) == 0 {
		p.Flags |= noPreviews
	}
	return p
}

// wordsAlone is a message without cards. What is too long for a message's text
// stands in an embed.
func (p *payload) wordsAlone(m chat.Message) {
	foot := small(m.Foot, 1000)
	all := strings.TrimSpace(markdown(m.Text, maxDescription-1100) + "\n" + foot)
	if size(all) <= maxContent {
		p.Content = all
		return
	}
	p.Content, p.Embeds = "", []embed{{Description: all, Color: accent}}
}

// room is how many characters the parts of a card get.
type room struct{ title, byline, summary, why, counts, topics, foot int }

// roomFor shares out maxEmbedsWords, generously: few cards use all they may.
func roomFor(cards int) room {
	if cards <= 3 {
		return room{title: maxTitle, byline: 200, summary: 800, why: 400, counts: 300, topics: 200, foot: 900}
	}
	return room{title: 220, byline: 120, summary: 320, why: 200, counts: 120, topics: 40, foot: 1000}
}

// less is for when that was too generous.
func (r room) less() room {
	cut := func(n int) int { return max(n*9/10, 10) }
	return room{cut(r.title), cut(r.byline), cut(r.summary), cut(r.why), cut(r.counts), cut(r.topics), cut(r.foot)}
}

// cards are the papers, with the foot below them.
func cards(m chat.Message, r room) []embed {
	all := make([]embed, 0, maxEmbeds)
	for _, c := range m.Cards[:min(len(m.Cards), maxEmbeds)] {
		all = append(all, card(c, r, len(m.Cards) > maxRowCards))
	}
	foot := small(m.Foot, r.foot)
	switch {
	case foot == "":
	case len(all) < maxEmbeds:
		all = append(all, embed{Description: foot, Color: accent})
	default:
		last := &all[len(all)-1]
		last.Description = strings.TrimSpace(last.Description + "\n\n" + foot)
	}
	return all
}

// card is a paper: who wrote it, the title that leads to it, what is said of it,
// and its votes. linked has buttons that lead somewhere written out, for where
// there is no room for them.
func card(c chat.Card, r room, linked bool) embed {
	e := embed{URL: webLink(c.Link), Color: accent}
	number := ""
	if c.Number > 0 {
		number = fmt.Sprintf("%d\\. ", c.Number)
	}
	title := line(c.Title.String())
	if title == "" {
		title = cmp.Or(line(string(c.Paper)), "Untitled")
	}
	e.Title = number + escaped(title, min(r.title, maxTitle-len(number)), number == "")
	if by := cut(plain(c.Byline), min(r.byline, maxAuthor)); by != "" {
		e.Author = &author{by}
	}
	parts := []string{markdown(c.Summary, r.summary), markdown(c.Why, r.why)}
	if linked {
		parts = append(parts, links(c.Buttons))
	}
	e.Description = join(parts, "\n\n")
	var topics []string
	for _, t := range c.Topics {
		topics = append(topics, plain(t))
	}
	counts := cut(plain(c.Counts), r.counts)
	if f := join([]string{counts, cut(join(topics, " · "), r.topics)}, " · "); f != "" {
		e.Footer = &footer{cut(f, maxFooter)}
	}
	return e
}

// links are the buttons that lead somewhere, as text.
func links(all []chat.Button) string {
	var t chat.Text
	for _, b := range all {
		if b.Action == "" && b.Link != "" && len(b.Link) <= maxLink {
			if len(t) > 0 {
				t = append(t, chat.Span{Text: " · "})
			}
			t = append(t, chat.Span{Text: line(b.Label), Link: b.Link})
		}
	}
	return markdown(t, 600)
}

// join joins what is not empty.
func join(parts []string, with string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, with)
}
