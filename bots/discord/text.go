package discord

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"paperboy/internal/chat"
)

// line is clean without line breaks and runs of spaces.
func line(s string) string { return strings.Join(strings.Fields(chat.Harmless(s)), " ") }

// plain is a line for parts that Discord shows as they are, such as a footer or a
// label. Mentions mean nothing there; should a client ever look for one, a joiner
// that has no width takes it apart.
func plain(s string) string {
	if s = line(s); strings.ContainsAny(s, "@<") {
		return unmention.Replace(s)
	}
	return s
}

var unmention = strings.NewReplacer("@everyone", "@\u2060everyone", "@here", "@\u2060here", "<@", "<\u2060@", "<#", "<\u2060#")

// size is how long Discord finds s, at most: it counts characters in some places
// and UTF-16 units in others.
func size(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// cut is s with at most so many characters.
func cut(s string, limit int) string {
	if size(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > limit-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// escaped is clean text in Discord's markdown, at most limit long, and what it
// takes of that. atStart says that a line begins with it.
func escaped(s string, limit int, atStart bool) string {
	var b strings.Builder
	n := 0
	for i, r := range s {
		piece := escapedRune(s, i, r, atStart)
		if n += size(piece); n > limit-1 && (n > limit || i+len(string(r)) < len(s)) {
			b.WriteString("…")
			break
		}
		b.WriteString(piece)
		atStart = r == '\n' || atStart && (r == ' ' || unicode.IsDigit(r))
	}
	return b.String()
}

// special has a meaning anywhere: styles, spoilers, mentions, links, emoji by
// name, and links by their scheme.
const special = "\\*_~`|<>[]:"

func escapedRune(s string, i int, r rune, atStart bool) string {
	switch {
	case strings.ContainsRune(special, r):
		return `\` + string(r)
	case r == '@': // names nobody, but would look as if it did
		return "@\u2060"
	case atStart && (strings.ContainsRune("#-+>", r) || r == '.' && i > 0 || r == ')' && i > 0): // headings, lists, quotes
		return `\` + string(r)
	}
	return string(r)
}

// markdown is t in Discord's markdown, at most limit long.
func markdown(t chat.Text, limit int) string {
	w := writer{left: limit, start: true}
	for _, s := range t {
		if w.left < 4 {
			break
		}
		w.span(s)
	}
	return strings.TrimRight(w.String(), " \n")
}

// writer writes markdown until there is no room.
type writer struct {
	strings.Builder
	left  int  // characters
	start bool // of a line
}

func (w *writer) put(s string) {
	if s == "" {
		return
	}
	// What ends one style and begins the next must not be read as one mark.
	if last := w.String(); strings.HasSuffix(last, "*") && s[0] == '*' || strings.HasSuffix(last, "`") && s[0] == '`' {
		s = "\u2060" + s
	}
	if size(s) > w.left { // half of a mark is none
		w.left = 0
		return
	}
	w.WriteString(s)
	w.left -= size(s)
	w.start = s[len(s)-1] == '\n'
}

func (w *writer) span(s chat.Span) {
	switch {
	case s.Person.Platform == name && isID(s.Person.ID):
		w.put("<@" + s.Person.ID + ">") // names them; Message.allowed_mentions is empty
	case s.Place.Platform == name && isID(s.Place.Channel):
		w.put("<#" + s.Place.Channel + ">")
	case s.Style&chat.Pre != 0:
		w.block(chat.Harmless(s.Text))
	default:
		w.words(s)
	}
}

// block keeps lines as they are, for copying.
func (w *writer) block(text string) {
	if room := w.left - 12; room > 0 && strings.TrimSpace(text) != "" {
		text = strings.ReplaceAll(text, "```", "`\u2060``")
		w.put("```\n" + cut(strings.Trim(text, "\n"), room) + "\n```\n")
	}
}

// words writes a span line by line: a style ends with its line.
func (w *writer) words(s chat.Span) {
	link := webLink(s.Link)
	for i, text := range strings.Split(chat.Harmless(s.Text), "\n") {
		if i > 0 {
			w.put("\n")
		}
		w.styled(text, s.Style, link)
	}
}

// styled writes a part of a line. A mark must stand beside a word, so that spaces
// go outside.
func (w *writer) styled(text string, style chat.Style, link string) {
	inner := strings.TrimSpace(text)
	if inner == "" {
		w.put(text)
		return
	}
	at := strings.Index(text, inner)
	before, after := text[:at], text[at+len(inner):]
	open, end := marks(style, inner)
	if link != "" {
		open, end = open+"[", "](<"+link+">)"+end
		inner = brackets.Replace(inner)
	}
	room := w.left - size(before) - size(open) - size(end) - 1 // for a joiner
	if room < 2 {
		w.left = 0
		return
	}
	if open == "`" { // shown as it is
		inner = cut(inner, room)
	} else {
		inner = escaped(inner, room, w.start || link != "")
	}
	w.put(before + open + inner + end)
	if size(after) <= w.left {
		w.put(after)
	}
}

// brackets would end the label of a link early.
var brackets = strings.NewReplacer("[", "(", "]", ")")

// marks go around text of a style. There is no way to write every text as code.
func marks(style chat.Style, text string) (open, end string) {
	if style&chat.Code != 0 && !strings.ContainsAny(text, "`\\") {
		return "`", "`"
	}
	if style&chat.Bold != 0 {
		open, end = "**", "**"
	}
	if style&chat.Italic != 0 {
		open, end = open+"*", "*"+end
	}
	return open, end
}

// small is t in small print, line by line. There are no blocks in small print.
func small(t chat.Text, limit int) string {
	flat := make(chat.Text, len(t))
	for i, s := range t {
		s.Style &^= chat.Pre
		flat[i] = s
	}
	var b strings.Builder
	for l := range strings.SplitSeq(markdown(flat, limit), "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if size(b.String())+size(l)+3 > limit {
			break
		}
		b.WriteString("-# " + l)
	}
	return strings.TrimSpace(b.String())
}

const (
	maxLink    = 512  // the longest address that a button takes
	maxAddress = 2048 // and any other part
)

// webLink is s as Discord takes it: an http or https address in printable ASCII
// without what has a meaning in markdown; "" if s is none, or too long.
func webLink(s string) string { return chat.WebLink(s, maxAddress, "<>|\"`\\^{}") }

// isID tells Discord's numbers from other words.
func isID(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && n > 0
}
