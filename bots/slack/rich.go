package slack

import (
	"cmp"
	"strings"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

// writer makes the elements of a rich text block.
type writer struct {
	look
	all     []api.RichTextElement
	section []api.RichTextSectionElement
}

func (w *writer) add(e api.RichTextSectionElement) { w.section = append(w.section, e) }

// done are all elements.
func (w *writer) done() []api.RichTextElement {
	w.close()
	return w.all
}

// close ends the running section.
func (w *writer) close() {
	if len(w.section) > 0 {
		w.all = append(w.all, api.NewRichTextSection(w.section...))
		w.section = nil
	}
}

// title is bold and leads to the paper.
func (w *writer) title(c chat.Card, link string, limit int) {
	text := cut(line(c.Title.String()), limit)
	text = cmp.Or(text, link, line(string(c.Paper)), "(no title)")
	if link == "" {
		w.add(textElement(text, chat.Bold))
		return
	}
	w.add(&api.RichTextSectionLinkElement{Type: api.RTSELink, URL: link, Text: text, Style: style(chat.Bold)})
}

// line adds t on a line of its own, if there is something to see.
func (w *writer) line(t chat.Text, limit int) {
	if strings.TrimSpace(chat.Harmless(t.String())) == "" {
		return
	}
	w.add(textElement("\n", 0))
	w.text(folded(t), limit)
}

// folded is t on one line.
func folded(t chat.Text) chat.Text {
	out := make(chat.Text, len(t))
	for i, s := range t {
		s.Text = strings.ReplaceAll(chat.Harmless(s.Text), "\n", " ")
		out[i] = s
	}
	return out
}

// text adds t as far as limit allows.
func (w *writer) text(t chat.Text, limit int) {
	if strings.TrimSpace(chat.Harmless(t.String())) == "" {
		return
	}
	for _, s := range t {
		words := cut(plain(w.words(s)), limit)
		limit -= len([]rune(words))
		w.span(s, words)
		if limit <= 0 {
			return
		}
	}
}

// words are what a span says.
func (l look) words(s chat.Span) string {
	if s.Person.Platform == name && l.names != nil {
		return l.names(s.Person)
	}
	return cmp.Or(s.Text, s.Person.ID)
}

func (w *writer) span(s chat.Span, words string) {
	link := webLink(s.Link)
	switch {
	case s.Place.Platform == name && ordinary(s.Place.Channel):
		w.add(api.NewRichTextSectionChannelElement(s.Place.Channel, nil))
	case words == "":
	case s.Style&chat.Pre != 0:
		w.close()
		w.all = append(w.all, &api.RichTextPreformatted{Type: api.RTEPreformatted, Elements: []api.RichTextSectionElement{textElement(words, 0)}})
	case link != "":
		w.add(&api.RichTextSectionLinkElement{Type: api.RTSELink, URL: link, Text: words, Style: style(s.Style)})
	default:
		w.add(textElement(words, s.Style))
	}
}

// ordinary tells the channels that Slack shows by a name: C… and G…
func ordinary(channel string) bool {
	return strings.HasPrefix(channel, "C") || strings.HasPrefix(channel, "G")
}

func textElement(s string, look chat.Style) api.RichTextSectionElement {
	return api.NewRichTextSectionTextElement(s, style(look))
}

// style is nil where nothing is set apart.
func style(s chat.Style) *api.RichTextSectionTextStyle {
	if s&(chat.Bold|chat.Italic|chat.Code) == 0 {
		return nil
	}
	return &api.RichTextSectionTextStyle{Bold: s&chat.Bold != 0, Italic: s&chat.Italic != 0, Code: s&chat.Code != 0}
}
