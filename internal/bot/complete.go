package bot

import (
	"context"
	"slices"
	"strings"
	"sync"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

const (
	suggestionsMax = 25
	recentKept     = 5 // searches of a person
	recentPeople   = 10_000
)

// Complete suggests commands, topics that are followed here, what the person
// asked for last, and what the papers are about, their authors and titles.
func (b *Bot) Complete(ctx context.Context, c chat.Command) []chat.Suggestion {
	var all suggestions
	line := strings.TrimLeft(c.Text, " ")
	word, rest := firstWord(line)
	row, known := lookUp(c.Name, word)
	known = known && word != "" && (rest != "" || strings.HasSuffix(line, " "))
	switch {
	case known && strings.Contains(row.usage, "link or id"):
		all.suggested(b, ctx, row.name+" ", rest, search.KindTitle)
	case known && row.channel && strings.Contains(row.usage, "topic"):
		all.topics(b, ctx, c, row.name+" ", rest)
		if row.name == "subscribe" {
			all.recent(b, c.By, row.name+" ", rest)
			all.add(row.name+" "+rest, row.name+" "+rest)
			all.suggested(b, ctx, row.name+" ", rest, search.KindAcronym, search.KindTopic, search.KindAuthor)
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
		all.suggested(b, ctx, "", line, search.KindAcronym, search.KindTopic, search.KindAuthor, search.KindTitle)
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

// suggested adds what the index suggests of some kinds.
func (s *suggestions) suggested(b *Bot, ctx context.Context, before, line string, kinds ...search.Kind) {
	list, err := b.library.Suggest(ctx, line, suggestionsMax)
	if err != nil {
		return
	}
	list = slices.DeleteFunc(list, func(o search.Suggestion) bool { return !slices.Contains(kinds, o.Kind) })
	titles, err := b.titles(ctx, list)
	if err != nil {
		return
	}
	for _, o := range list {
		switch o.Kind {
		case search.KindTitle:
			s.add(titles[o.ID], before+string(o.ID))
		case search.KindAuthor:
			s.add(o.Text+" — author, "+english.Count(o.Papers, "paper"), before+o.Query)
		default:
			s.add(o.Text+" — "+english.Count(o.Papers, "paper"), before+o.Query)
		}
	}
}

// titles reads those of the papers that are suggested.
func (b *Bot) titles(ctx context.Context, list []search.Suggestion) (map[paper.ID]string, error) {
	var ids []paper.ID
	for _, o := range list {
		if o.Kind == search.KindTitle {
			ids = append(ids, o.ID)
		}
	}
	papers, err := b.store.Papers(ctx, ids)
	if err != nil {
		return nil, err
	}
	titles := make(map[paper.ID]string, len(papers))
	for _, p := range papers {
		titles[p.ID] = p.Title
	}
	return titles, nil
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
