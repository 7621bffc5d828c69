package console

import (
	"cmp"
	"strconv"
	"strings"

	"paperboy/internal/chat"
)

// page is what a message is rendered for.
type page struct {
	width  int
	colour bool
	links  bool // OSC 8
	reader chat.Person
}

// render is m as lines of text, each ended by a newline and complete in itself:
// no colour or link reaches from one line to the next. It is "" for an empty m.
func (p page) render(m chat.Message) string {
	var blocks []string
	add := func(block string) {
		if block != "" {
			blocks = append(blocks, block)
		}
	}
	add(p.text(m.Text, false))
	digits := 0
	for _, c := range m.Cards {
		if c.Number > 0 {
			digits = max(digits, len(strconv.Itoa(c.Number)))
		}
	}
	for _, c := range m.Cards {
		add(p.card(c, digits))
	}
	add(p.text(m.Foot, true) + p.linkButtons(m.Buttons, "", ""))
	out := strings.Join(blocks, "\n")
	if len(m.Cards) > 0 {
		out += "\n"
	}
	return out
}

// card is the title with the number before it and the rest below it, indented.
func (p page) card(c chat.Card, digits int) string {
	number, indent := "", "  "
	if c.Number > 0 {
		number = strconv.Itoa(c.Number)
		number = strings.Repeat(" ", digits-len(number)) + number
		indent = strings.Repeat(" ", digits+2)
		number = p.paint(piece{number, look{style: chat.Code}}) + "  "
	}
	link := webLink(c.Link)
	var b strings.Builder
	b.WriteString(p.block(p.title(c, link), number, indent))
	b.WriteString(p.block([]piece{{escape(about(c)), look{dim: true}}}, indent, indent))
	b.WriteString(p.block(p.pieces(c.Summary, false), indent, indent))
	b.WriteString(p.labelled("why: ", p.pieces(c.Why, false), indent))
	b.WriteString(p.labelled("topics: ", []piece{{escape(strings.Join(c.Topics, " · ")), look{}}}, indent))
	b.WriteString(p.block([]piece{{link, look{dim: true, link: p.target(link)}}}, indent, indent))
	b.WriteString(p.linkButtons(c.Buttons, link, indent))
	return b.String()
}

// title is always bold. Without colours it carries no marks, so that it can be
// searched for and copied.
func (p page) title(c chat.Card, link string) []piece {
	text := c.Title
	if strings.TrimSpace(escape(text.String())) == "" {
		text = chat.Plain(cmp.Or(link, string(c.Paper)))
	}
	var out []piece
	for _, s := range text {
		out = append(out, piece{p.plain(s), look{style: s.Style | chat.Bold, link: p.target(link)}})
	}
	return out
}

// about is the line below a title.
func about(c chat.Card) string {
	if c.Byline == "" || c.Counts == "" {
		return c.Byline + c.Counts
	}
	return c.Byline + " · " + c.Counts
}

// labelled is text after a dim label; nothing where there is no text.
func (p page) labelled(label string, text []piece, indent string) string {
	if len(words(text)) == 0 {
		return ""
	}
	return p.block(append([]piece{{label, look{dim: true}}}, text...), indent, indent)
}

// linkButtons are the buttons that lead somewhere, a line each. The others are
// typed; a link that stands there already (shown) is left out.
func (p page) linkButtons(buttons []chat.Button, shown, indent string) string {
	var b strings.Builder
	for _, button := range buttons {
		link := webLink(button.Link)
		if link == "" || link == shown {
			continue
		}
		b.WriteString(p.labelled(cmp.Or(escape(button.Label), "link")+": ", []piece{{link, look{dim: true, link: p.target(link)}}}, indent))
	}
	return b.String()
}

// text is t with its line breaks; of several empty lines one remains.
func (p page) text(t chat.Text, dim bool) string {
	var b strings.Builder
	gap := ""
	for _, line := range splitLines(t) {
		block := p.block(p.pieces(line, dim), "", "")
		if len(line) > 0 && line[0].Style&chat.Pre != 0 {
			block = p.kept(line)
		}
		if block == "" {
			gap = "\n"
			continue
		}
		if b.Len() > 0 {
			b.WriteString(gap)
		}
		b.WriteString(block)
		gap = ""
	}
	return b.String()
}

// kept is a line that begins with text to be copied: it is not wrapped.
func (p page) kept(line chat.Text) string {
	var b strings.Builder
	for _, x := range p.pieces(line, false) {
		b.WriteString(p.paint(x))
	}
	return b.String() + "\n"
}

func splitLines(t chat.Text) []chat.Text {
	lines := []chat.Text{nil}
	for _, s := range t {
		for i, part := range strings.Split(s.Text, "\n") {
			if i > 0 {
				lines = append(lines, nil)
			}
			last := &lines[len(lines)-1]
			s.Text = part
			*last = append(*last, s)
		}
	}
	return lines
}

// pieces is t cleaned. What colours and hyperlinks would show is written out
// where there are none: *matched words*, and the address after its text.
func (p page) pieces(t chat.Text, dim bool) []piece {
	var out []piece
	for _, s := range t {
		text, link := p.plain(s), webLink(s.Link)
		if strings.TrimSpace(text) == "" {
			out = append(out, piece{text, look{dim: dim}})
			continue
		}
		if s.Style&chat.Italic != 0 && !p.colour {
			text = "*" + text + "*"
		}
		out = append(out, piece{text, look{s.Style, dim, p.target(link)}})
		if link != "" && !p.links && link != text {
			out = append(out, piece{" (" + link + ")", look{dim: dim}})
		}
	}
	return out
}

// plain is what s says, cleaned. The reader's own name is "you".
func (p page) plain(s chat.Span) string {
	switch s.Person {
	case chat.Person{}:
		return escape(s.Text)
	case p.reader:
		return "you"
	}
	return escape(cmp.Or(s.Text, s.Person.ID))
}

// target is where a hyperlink to link leads: nowhere if there are none.
func (p page) target(link string) string {
	if !p.links {
		return ""
	}
	return link
}

// block is text wrapped to the width, each line after its indent.
func (p page) block(text []piece, first, rest string) string {
	var b strings.Builder
	lead := first
	for _, line := range wrap(text, p.width-len(rest)) {
		b.WriteString(lead)
		for _, part := range line {
			b.WriteString(p.paint(part))
		}
		b.WriteByte('\n')
		lead = rest
	}
	return b.String()
}

// paint is x with the sequences for its look around it: SGR
// (https://vt100.net/docs/vt510-rm/SGR.html) and OSC 8
// (https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda).
func (p page) paint(x piece) string {
	s := x.text
	if codes := x.codes(); p.colour && codes != "" {
		s = "\x1b[" + codes + "m" + s + "\x1b[0m"
	}
	if x.link != "" {
		s = "\x1b]8;;" + x.link + "\x1b\\" + s + "\x1b]8;;\x1b\\"
	}
	return s
}

// codes are the SGR parameters of l: bold, faint, underlined cyan, cyan.
func (l look) codes() string {
	var codes []string
	if l.style&chat.Bold != 0 {
		codes = append(codes, "1")
	}
	if l.dim {
		codes = append(codes, "2")
	}
	if l.style&chat.Italic != 0 {
		codes = append(codes, "4")
	}
	if l.style&(chat.Italic|chat.Code) != 0 {
		codes = append(codes, "36")
	}
	return strings.Join(codes, ";")
}
