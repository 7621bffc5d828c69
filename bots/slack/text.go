package slack

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
)

// plain is s for elements that Slack shows as they are. What would be a mention
// elsewhere is taken apart by a joiner that has no width, should a client ever
// look for one.
func plain(s string) string {
	return unmention.Replace(chat.Harmless(s))
}

var unmention = strings.NewReplacer("<!", "<\u2060!", "<@", "<\u2060@", "<#", "<\u2060#")

// line is plain without line breaks and runs of spaces.
func line(s string) string { return strings.Join(strings.Fields(plain(s)), " ") }

// escape is for text that Slack parses
// (https://docs.slack.dev/messaging/formatting-message-text#escaping).
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// cut is s with at most so many characters.
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:max(limit-1, 0)]) + "…"
}

// webLink is s as Slack takes it: an http or https address in printable ASCII
// without what has a meaning in Slack's markup; "" if s is none.
func webLink(s string) string { return chat.WebLink(s, maxLink, `<>|"`) }

// maxLink is the longest address, which is also below the 3,000 of a button's.
const maxLink = paper.MaxLink

// notice is the text of a message where there is only room for that: on a
// phone's lock screen and for a screen reader. It says first what the message is
// about.
func (l look) notice(m chat.Message) string {
	var parts []string
	if t := short(l.said(m.Text), 200); t != "" {
		parts = append(parts, t)
	}
	for _, c := range m.Cards {
		parts = append(parts, noticeOf(c))
	}
	if len(parts) == 0 {
		parts = append(parts, short(l.said(m.Foot), 200))
	}
	text := strings.Join(parts, "\n")
	if strings.TrimSpace(text) == "" {
		return "Paperboy"
	}
	return cut(text, maxNotice)
}

// said is a text alone, with the names that people have.
func (l look) said(t chat.Text) string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(l.words(s))
	}
	return b.String()
}

func noticeOf(c chat.Card) string {
	title := short(c.Title.String(), 150)
	if title == "" {
		title = short(string(c.Paper), 150)
	}
	if c.Number > 0 {
		return fmt.Sprintf("%d. %s", c.Number, title)
	}
	return title
}

func short(s string, limit int) string {
	return escape.Replace(cut(strings.Join(strings.Fields(chat.Harmless(s)), " "), limit))
}
