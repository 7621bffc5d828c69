package slack

import (
	"cmp"
	"fmt"
	"strings"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

// Slack's limits (https://docs.slack.dev/reference/block-kit/blocks), in
// characters where nothing else is said.
const (
	maxBlocks    = 50
	maxButtons   = 25
	maxLabel     = 75 // of a button
	maxContext   = 2000
	maxNotice    = 3000 // of a message's text beside its blocks
	maxViewTitle = 24
	maxBlockID   = 255

	// maxWords is how much text all blocks together may have. Slack documents no
	// number and answers msg_blocks_too_long from some 13,000 on.
	maxWords = 12_000
)

// look is how a message is shown: names are those of people.
type look struct {
	names func(chat.Person) string
}

// blocks are m from top to bottom. Titles and the like are hostile text, so
// nothing of them goes through Slack's markup: rich text is shown as it is.
func (l look) blocks(m chat.Message) []api.Block {
	var out []api.Block
	room := roomFor(len(m.Cards))
	if b := l.rich(m.Text, room.text); b != nil {
		out = append(out, b)
	}
	for i, c := range m.Cards {
		if i > 0 {
			out = append(out, api.NewDividerBlock())
		}
		out = append(out, l.card(c, i, room)...)
	}
	if b := l.foot(m.Foot, room.foot); b != nil {
		out = append(out, b)
	}
	if b := buttons("message", m.Buttons); b != nil {
		out = append(out, b)
	}
	if len(out) == 0 {
		out = append(out, api.NewRichTextBlock("", api.NewRichTextSection(textElement("…", 0))))
	}
	return out[:min(len(out), maxBlocks)]
}

// room is how many characters the parts of a message get.
type room struct{ text, foot, title, byline, summary, why, small int }

// roomFor shares out maxWords.
func roomFor(cards int) room {
	switch {
	case cards == 0:
		return room{text: 10_000, foot: 1_500}
	case cards <= 3:
		return room{text: 2_500, foot: 1_500, title: 400, byline: 250, summary: 900, why: 500, small: 350}
	}
	return room{text: 2_000, foot: 1_200, title: 200, byline: 120, summary: 220, why: 160, small: 170}
}

// card is a paper: the title that leads to it, what is said of it, and what can
// be done with it.
func (l look) card(c chat.Card, place int, r room) []api.Block {
	w := writer{look: l}
	if c.Number > 0 {
		w.add(textElement(fmt.Sprintf("%d. ", c.Number), chat.Bold))
	}
	link := webLink(c.Link)
	w.title(c, link, r.title)
	w.line(chat.Plain(line(c.Byline)), r.byline)
	w.line(c.Summary, r.summary)
	w.line(c.Why, r.why)
	out := []api.Block{api.NewRichTextBlock("", w.done()...)}
	if small := smallPrint(c, r.small); small != "" {
		out = append(out, faint(small))
	}
	if b := buttons(fmt.Sprintf("card %d", place), c.Buttons); b != nil {
		out = append(out, b)
	}
	return out
}

// smallPrint is the votes and the topics.
func smallPrint(c chat.Card, limit int) string {
	var parts []string
	if counts := line(c.Counts); counts != "" {
		parts = append(parts, counts)
	}
	for _, t := range c.Topics {
		if t = line(t); t != "" {
			parts = append(parts, cut(t, limit/2))
		}
	}
	return cut(strings.Join(parts, " · "), limit)
}

// foot is small print, unless there is something in it that small print can't
// show.
func (l look) foot(t chat.Text, limit int) api.Block {
	for _, s := range t {
		if s.Link != "" || s.Style&(chat.Code|chat.Pre) != 0 || s.Place != (chat.Place{}) {
			return l.rich(t, limit)
		}
	}
	text := strings.TrimSpace(plain(l.said(t)))
	if text == "" {
		return nil
	}
	return faint(cut(text, min(limit, maxContext)))
}

// faint is a line of small print.
func faint(text string) api.Block {
	return api.NewContextBlock("", &api.TextBlockObject{Type: api.PlainTextType, Text: text, Emoji: new(bool)})
}

// rich is t as a block; nil if there is nothing to see.
func (l look) rich(t chat.Text, limit int) api.Block {
	w := writer{look: l}
	w.text(t, limit)
	if all := w.done(); len(all) > 0 {
		return api.NewRichTextBlock("", all...)
	}
	return nil
}

// buttons are those of a card or of the message; nil if there are none. The
// action travels as the value, so that a button works as long as its message
// exists.
func buttons(of string, all []chat.Button) api.Block {
	var out, menus []api.BlockElement
	for i, b := range all[:min(len(all), maxButtons)] {
		switch e := button(b, i).(type) {
		case nil:
		case *api.OverflowBlockElement:
			menus = append(menus, e)
		default:
			out = append(out, e)
		}
	}
	if len(out)+len(menus) == 0 {
		return nil
	}
	return api.NewActionBlock(of, append(out, menus...)...)
}

func button(b chat.Button, place int) api.BlockElement {
	label := label(cmp.Or(line(b.Label), string(b.Does), "Open"), maxLabel)
	id := fmt.Sprintf("%s %d", cmp.Or(string(b.Does), "press"), place)
	if b.Action == "" {
		link := webLink(b.Link)
		if link == "" {
			return nil
		}
		return &api.ButtonBlockElement{Type: api.METButton, ActionID: "open " + id, Text: label, URL: link}
	}
	if b.Does == chat.Unvote { // rarely wanted, so it does not take a button's room
		return &api.OverflowBlockElement{Type: api.METOverflow, ActionID: fmt.Sprintf("%s%d %s", more, place, b.Action), Options: []*api.OptionBlockObject{{Text: label, Value: "0"}}}
	}
	return &api.ButtonBlockElement{Type: api.METButton, ActionID: id, Text: label, Value: b.Action}
}

// more begins the id of a menu; its place and the action follow, which is too
// long for the value of a menu's option.
const more = "more "

func label(s string, limit int) *api.TextBlockObject {
	return &api.TextBlockObject{Type: api.PlainTextType, Text: cut(s, limit), Emoji: new(bool)}
}

// distinct gives the blocks of part n of a page ids that no other part has.
func distinct(blocks []api.Block, n int) []api.Block {
	for _, b := range blocks {
		if a, ok := b.(*api.ActionBlock); ok {
			a.BlockID = fmt.Sprintf("%d %s", n, a.BlockID)
		}
	}
	return blocks
}
