package mail

import (
	"strings"
	"unicode/utf8"
)

// width is how many characters a line of plain text has at most, links aside.
const width = 72

// plain is the letter as plain text.
func (l letter) plain() string {
	var b strings.Builder
	heading := l.Heading
	if l.Beside != "" {
		heading += " · " + l.Beside
	}
	write := func(indent, s string) {
		if s != "" {
			b.WriteString(wrap(s, indent))
		}
	}
	write("", heading)
	for _, s := range l.Lines {
		b.WriteString("\n")
		write("", s)
	}
	for _, e := range l.Entries {
		b.WriteString("\n")
		title := e.Title
		indent := ""
		if e.Number != "" {
			title, indent = e.Number+". "+title, strings.Repeat(" ", len(e.Number)+2)
		}
		b.WriteString(strings.TrimPrefix(wrap(title, indent), indent))
		for _, s := range []string{e.Byline, e.Summary, e.Counts} {
			write(indent, s)
		}
		if e.Why != "" {
			write(indent, "Why: "+e.Why)
		}
		for _, address := range []string{e.Link, e.Page} {
			if address != "" {
				b.WriteString(indent + address + "\n")
			}
		}
	}
	if l.Action.Address != "" {
		b.WriteString("\n" + l.Action.Label + ":\n" + l.Action.Address + "\n")
	}
	b.WriteString("\n-- \n")
	write("", l.Why)
	if l.Leave != "" {
		b.WriteString("Unsubscribe: " + l.Leave + "\n")
	}
	if l.Home != "" {
		b.WriteString("Paperboy: " + l.Home + "\n")
	}
	return b.String()
}

// wrap breaks s between words into lines that begin with indent.
func wrap(s, indent string) string {
	var b strings.Builder
	n := 0
	for i, word := range strings.Fields(s) {
		size := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			n = len(indent)
		case n+1+size > width:
			b.WriteString("\n" + indent)
			n = len(indent)
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(word)
		n += size
	}
	return b.String() + "\n"
}
