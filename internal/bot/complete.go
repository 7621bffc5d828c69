package bot

import (
	"context"
	"slices"
	"strings"
	"sync"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	suggestionsMax = 25
	titlesMax      = 12 // suggestions that are papers
	recentKept     = 5  // searches of a person
	recentPeople   = 10_000
)

// Complete suggests commands, topics that are followed here, what the person
// asked for last, and titles.
func (b *Bot) Complete(ctx context.Context, c chat.Command) []chat.Suggestion {
	var all suggestions
	line := strings.TrimLeft(c.Text, " ")
	word, rest := firstWord(line)
	row, known := lookUp(c.Name, word)
	known = known && word != "" && (rest != "" || strings.HasSuffix(line, " "))
	switch {
	case known && strings.Contains(row.usage, "link or id"):
		all.papers(b, ctx, row.name+" ", rest)
	case known && row.channel && strings.Contains(row.usage, "topic"):
		all.topics(b, ctx, c, row.name+" ", rest)
		if row.name == "subscribe" {
			all.recent(b, c.By, row.name+" ", rest)
			all.add(row.name+" "+rest, row.name+" "+rest)
		}
	case known && row.name == "email":
		for _, more := range []string{"daily", "weekly", "trending", "topics ", "stop"} {
			if begins(more, rest) {
				all.add(row.name+" "+more, row.name+" "+more)
			}
		}
	case c.Name == "paperboy":
		all.commands(channelCommands(), line)
	default:
		all.commands(paperCommands(), line)
		all.recent(b, c.By, "", line)
		all.topics(b, ctx, c, "", line)
		all.papers(b, ctx, "", line)
	}
	return all.list[:min(len(all.list), suggestionsMax)]
}

// suggestions are distinct.
type suggestions struct{ list []chat.Suggestion }

func (s *suggestions) add(label, text string) {
	if text = strings.TrimSpace(text); text == "" || slices.ContainsFunc(s.list, func(o chat.Suggestion) bool { return o.Text == text }) {
		return
	}
	s.list = append(s.list, chat.Suggestion{Label: paper.Line(label, 200), Text: text})
}

// commands adds those whose name begins with line.
func (s *suggestions) commands(rows []command, line string) {
	for _, row := range rows {
		if begins(row.name, line) {
			s.add(strings.TrimSpace(row.name+" "+row.usage)+" — "+row.help, row.name)
		}
	}
}

// recent adds what the person asked for last.
func (s *suggestions) recent(b *Bot, by chat.Person, before, line string) {
	for _, query := range b.recent.of(by) {
		if begins(query, line) {
			s.add(query, before+query)
		}
	}
}

// topics adds those that the channel follows.
func (s *suggestions) topics(b *Bot, ctx context.Context, c chat.Command, before, line string) {
	channel, err := b.store.Channel(ctx, c.In)
	if err != nil {
		return // a key too few is no reason for an error
	}
	for _, topic := range channel.Prefs.Topics {
		if topic.Query != team.Everything && strings.Contains(strings.ToLower(topic.Query), strings.ToLower(line)) {
			s.add(topic.Query, before+topic.Query)
		}
	}
}

// papers adds those whose words begin as the line's do.
func (s *suggestions) papers(b *Bot, ctx context.Context, before, line string) {
	line = strings.TrimSpace(line)
	if len(line) < 2 {
		return
	}
	results, err := b.library.Search(ctx, search.Parse(line+"*"), "", store.Page{Limit: titlesMax})
	if err != nil {
		return
	}
	papers, _, err := b.found(ctx, results.Hits)
	if err != nil {
		return
	}
	for _, p := range papers {
		s.add(p.Title, before+string(p.ID))
	}
}

func begins(s, with string) bool {
	return len(s) >= len(with) && strings.EqualFold(s[:len(with)], with)
}

// recent are the last searches of people, since this process began.
type recent struct {
	mu    sync.Mutex // guards what follows
	lines map[chat.Person][]string
}

func (r *recent) of(by chat.Person) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lines[by])
}

// remember puts a search before those that came earlier.
func (r *recent) remember(by chat.Person, line string) {
	line = strings.TrimSpace(line)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lines == nil || len(r.lines) >= recentPeople {
		r.lines = map[chat.Person][]string{}
	}
	earlier := slices.DeleteFunc(slices.Clone(r.lines[by]), func(l string) bool { return l == line })
	r.lines[by] = append([]string{line}, earlier[:min(len(earlier), recentKept-1)]...)
}

// forget lets go of a person's searches.
func (r *recent) forget(by chat.Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.lines, by)
}
