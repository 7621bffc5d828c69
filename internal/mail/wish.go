package mail

import (
	"errors"
	"net"
	netmail "net/mail"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

// sentence is an error that is a whole answer: it tells the person what to do.
type sentence string

func (s sentence) Error() string { return string(s) }

// wish is what a person typed after /papers email.
type wish struct {
	ask, stop bool   // to see what is set; to end it
	address   string // "" if none was named
	when      string // words about days and hours; "" leaves them as they are
	weekly    bool   // or daily, if rhythm is set
	rhythm    bool
	trending  bool     // instead of topics
	topics    []string // none leaves them as they are
}

// errNotAWish is for words that are not about mail: a search that begins with
// "email".
var errNotAWish = errors.New("this is not about mail")

// readWish reads "you@example.org weekly friday 8:30 topics moe, "kv cache"" and
// any part of it. Its errors are sentences, or errNotAWish.
func readWish(text string) (w wish, err error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return wish{ask: true}, nil
	}
	if len(words) == 1 {
		switch strings.ToLower(words[0]) {
		case "stop", "off", "unsubscribe", "none":
			return wish{stop: true}, nil
		}
	}
	if strings.Contains(words[0], "@") {
		if w.address, err = readAddress(words[0]); err != nil {
			return wish{}, err
		}
		words = words[1:]
	}
	var when []string
	for i, word := range words {
		switch strings.ToLower(word) {
		case "daily", "weekly":
			w.rhythm, w.weekly = true, strings.EqualFold(word, "weekly")
			continue
		case "trending":
			if i < len(words)-1 {
				return wish{}, w.puzzled(words[i+1])
			}
			w.trending, w.when = true, strings.Join(when, " ")
			return w, w.sane()
		case "topics", "topic":
			_, rest, _ := cutWord(text, word)
			w.topics, err = readTopics(rest)
			w.when = strings.Join(when, " ")
			return w, errors.Join(err, w.sane())
		}
		when = append(when, word)
	}
	w.when = strings.Join(when, " ")
	return w, w.sane()
}

// sane checks the words about when, which can be anything so far.
func (w wish) sane() error {
	if w.when == "" {
		return nil
	}
	if _, err := team.ParseSchedule(team.Default().Schedule, w.when); err != nil {
		first, _, _ := strings.Cut(w.when, " ")
		if errors.Is(err, team.ErrNotASchedule) {
			return w.puzzled(first)
		}
		return sentence(err.Error())
	}
	return nil
}

// puzzled is about a word that says nothing here. Without an address, a rhythm or
// the like before it, it was not meant for us.
func (w wish) puzzled(word string) error {
	if w.address == "" && !w.rhythm && !w.trending {
		return errNotAWish
	}
	return sentence("“" + paper.Line(word, 40) + "” says nothing here. " + howTo)
}

// howTo shows how it is typed.
const howTo = `Say it like this: /papers email you@example.org weekly topics moe, "kv cache" (or daily; or trending in the place of topics).`

// cutWord cuts text around a word.
func cutWord(text, word string) (before, after string, ok bool) {
	at := 0
	for _, w := range strings.Fields(text) {
		i := at + strings.Index(text[at:], w)
		if at = i + len(w); w == word {
			return text[:i], text[at:], true
		}
	}
	return text, "", false
}

// readTopics reads topics with commas between them. A comma in quotation marks is
// part of a phrase.
func readTopics(text string) (topics []string, err error) {
	quoted := false
	parts := strings.FieldsFunc(text, func(r rune) bool {
		switch r {
		case '"', '“', '”':
			quoted = !quoted
		}
		return !quoted && (r == ',' || r == ';' || r == '\n')
	})
	for _, part := range parts {
		topic := strings.Join(strings.Fields(paper.Line(part, 4*team.MaxTopic)), " ")
		switch {
		case topic == "":
			continue
		case len(topic) > team.MaxTopic:
			return nil, sentence("One of the topics is too long. Several short ones find more; put commas between them.")
		case search.Parse(topic).String() == "":
			return nil, sentence("There is nothing to search for in “" + topic + "”. A topic is a search, such as \"mixture of experts\" -survey")
		}
		topics = append(topics, topic)
	}
	switch {
	case len(topics) == 0:
		return nil, sentence(`Which topics? Name them with commas between, as in topics moe, "kv cache"; or say trending.`)
	case len(topics) > team.MaxTopics:
		return nil, sentence("That is more topics than one mail can be about; the most is 50.")
	}
	return topics, nil
}

// maxAddress is the longest address there is (RFC 5321, 4.5.3.1.3).
const maxAddress = 254

const errAddress = sentence("That is no e-mail address that mail can be sent to. It should look like you@example.org.")

// readAddress reads an address as people and chat platforms write it, and returns
// it in ASCII.
func readAddress(word string) (string, error) {
	word = strings.Trim(word, "<>")
	word, _, _ = strings.Cut(word, "|") // Slack's <mailto:a@b.org|a@b.org>
	word = strings.TrimPrefix(word, "mailto:")
	local, domain, ok := strings.Cut(word, "@")
	if !ok || local == "" || strings.ContainsFunc(word, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return "", errAddress
	}
	domain, err := idna.Lookup.ToASCII(domain)
	if err != nil || net.ParseIP(domain) != nil {
		return "", errAddress
	}
	address := local + "@" + domain
	parsed, err := netmail.ParseAddress(address)
	switch {
	case err != nil || parsed.Address != address || parsed.Name != "" || len(address) > maxAddress || strings.ContainsAny(local, `"<>(),:;\[]`):
		return "", errAddress
	case strings.ContainsFunc(local, func(r rune) bool { return r > unicode.MaxASCII }):
		return "", sentence("Addresses with other than ASCII letters before the @ can’t be sent to.")
	}
	return address, nil
}

// Papers in a mail.
const (
	daily  = 5
	weekly = 10
)

// grant makes a channel want what the person wishes, on the day it is now.
func (w wish) grant(c *team.Channel, by chat.Person, today date.Date) error {
	p := &c.Prefs
	p.Layout, c.By = team.Letter, by
	if w.rhythm {
		p.Schedule.Cron, p.Schedule.Days = "", team.Weekdays
		if w.weekly {
			p.Schedule.Days = 1 << 1 // Monday
		}
	}
	if w.when != "" {
		next, err := team.ParseSchedule(p.Schedule, w.when)
		if err != nil {
			return sentence(err.Error())
		}
		p.Schedule = next
	}
	since, count := today, daily
	if p.Schedule.Weekly() {
		since, count = today.AddDays(-6), weekly // the first one tells of a week, too
	}
	if w.rhythm || w.when != "" || !p.Follows() {
		p.Count = count
	}
	if w.trending || len(w.topics) == 0 && len(p.Topics) == 0 {
		w.topics = []string{team.Everything}
	}
	if len(w.topics) > 0 {
		p.Topics = follow(p.Topics, w.topics, by, since)
	}
	return nil
}

// follow is the topics to follow; those that were followed keep their day.
func follow(now []team.Topic, queries []string, by chat.Person, since date.Date) (next []team.Topic) {
	var seen team.Prefs
	for _, q := range queries {
		topic := team.Topic{Query: q, By: by, Since: since}
		if i, ok := (team.Prefs{Topics: now}).Topic(q); ok {
			topic = now[i]
		}
		if _, twice := seen.Topic(q); !twice {
			seen.Topics = append(seen.Topics, topic)
		}
	}
	return seen.Topics
}
