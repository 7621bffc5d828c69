package mail

import (
	"context"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
)

// Lengths in bytes beyond which text is cut. A title is a line or three.
const (
	maxSubject   = 90
	maxPreheader = 140
	maxTitle     = 300
	maxLine      = 400 // byline, counts, why
	maxSummary   = 1200
	maxLink      = 900 // a line of a mail may have 998 bytes (RFC 5322, 2.1.1)
)

// letter is a mail before it is written: plain text of strangers that still is to
// be escaped, and links that are safe. It is made of what does not change between
// two tries, so that both are the same mail.
type letter struct {
	ID        string // of the mail: its Message-ID without the domain
	To        string
	At        time.Time
	Subject   string
	Preheader string // what inboxes show beside the subject
	Heading   string
	Beside    string // the day, beside the heading
	Lines     []string
	Entries   []entry
	Action    link // the one thing to do; none if it leads nowhere
	Why       string
	Leave     string // where to unsubscribe; "" in a mail that nobody subscribed
	Home      string // the team's page
}

// entry is a paper.
type entry struct {
	Number                              string
	Title, Byline, Summary, Counts, Why string
	Link, Page                          string
}

type link struct{ Label, Address string }

// compose makes the letter of a message for an address.
func (m *Mail) compose(ctx context.Context, a store.Inbox, msg chat.Message, at time.Time) (l letter, err error) {
	l = letter{ID: strings.ReplaceAll(msg.Key, "/", "."), To: a.Address, At: at, Home: chat.WebLink(m.options.Base, maxLink, markup)}
	l.Heading, l.Beside, l.Lines = parts(msg.Text)
	l.Subject = l.Heading
	for _, b := range msg.Buttons {
		if address := chat.WebLink(b.Link, maxLink, markup); address != "" {
			l.Action = link{line(b.Label, maxLine), address}
			break
		}
	}
	for _, c := range msg.Cards {
		l.Entries = append(l.Entries, m.entry(c))
	}
	if asks(msg) {
		l.Why = "You get this one mail because somebody typed your address into Paperboy."
		return l, nil
	}
	l.Why = "You get this because you asked Paperboy for papers by mail and confirmed this address."
	l.announce()
	l.Leave, err = m.link(ctx, toLeave, a.Place.Channel)
	return l, err
}

// asks reports whether a message asks for a confirmation.
func asks(msg chat.Message) bool { return strings.HasPrefix(msg.Key, store.AskKey) }

// markup is what is escaped in links, beside what is no part of any.
const markup = "\"'<>`\\"

// parts are the heading of a message's text, what stands beside it, and the lines
// after it.
func parts(t chat.Text) (heading, beside string, lines []string) {
	rest := t
	for len(rest) > 0 && rest[0].Style&chat.Bold != 0 {
		heading += rest[0].Text
		rest = rest[1:]
	}
	all := strings.Split(chat.Harmless(rest.String()), "\n")
	for _, s := range all[1:] {
		if s = line(s, maxSummary); s != "" {
			lines = append(lines, s)
		}
	}
	return line(heading, maxLine), line(strings.Trim(all[0], " ·"), maxLine), lines
}

// line is text on one line, not longer than limit.
func line(s string, limit int) string {
	s = strings.Join(strings.Fields(chat.Harmless(s)), " ")
	if len(s) <= limit {
		return s
	}
	s = paper.Line(s, limit-len("…"))
	if space := strings.LastIndexByte(s, ' '); space > limit/2 {
		s = s[:space]
	}
	return s + "…"
}

func (m *Mail) entry(c chat.Card) entry {
	e := entry{
		Title: line(c.Title.String(), maxTitle), Byline: line(c.Byline, maxLine), Summary: line(c.Summary.String(), maxSummary),
		Counts: line(c.Counts, maxLine), Why: line(c.Why.String(), maxLine),
		Link: chat.WebLink(c.Link, maxLink, markup), Page: chat.WebLink(m.options.Page(c.Paper), maxLink, markup),
	}
	if c.Number > 0 {
		e.Number = strconv.Itoa(c.Number)
	}
	return e
}

// announce makes the subject and what is shown beside it of the papers.
func (l *letter) announce() {
	if len(l.Entries) == 0 {
		return
	}
	l.Subject = line(l.Heading+": "+l.Entries[0].Title, maxSubject)
	var others []string
	for _, e := range l.Entries[1:] {
		others = append(others, line(e.Title, maxSubject))
	}
	l.Preheader = line(strings.Join(others, " · "), maxPreheader)
	if len(others) == 0 {
		l.Preheader = line(l.Entries[0].Summary, maxPreheader)
	}
}
