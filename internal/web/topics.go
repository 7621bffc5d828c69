package web

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/team"
)

const (
	subjectsDays = 30
	wordsShown   = 60
	fieldsShown  = 24
	channelsMost = 100 // of a platform that the page asks about
)

// counted is a topic with how many papers it had lately.
type counted struct {
	tab
	Papers string
	Size   int // 1 to 4, for its looks
}

// followed is a topic that a channel follows.
type followed struct {
	tab
	Where string
}

// topicsPage is what papers are about.
type topicsPage struct {
	From, To string
	Words    []counted
	Fields   []counted
	Followed []followed
	SignedIn bool
}

func (w *Web) topics(out http.ResponseWriter, r *http.Request, v visit) error {
	ctx := r.Context()
	to, err := w.store.LatestDay(ctx, date.Of(v.now.In(w.options.Zone)).AddDays(1))
	if err != nil {
		return err
	}
	if to.IsZero() {
		return w.render(out, r, v, http.StatusOK, "empty", "Topics", nil)
	}
	words, fields, err := w.counts(ctx, to)
	if err != nil {
		return err
	}
	p := topicsPage{From: longDay(to.AddDays(1 - subjectsDays)), To: longDay(to), SignedIn: v.signedIn}
	p.Words = top(words, wordsShown, func(s string) string { return topicTab(s).Path })
	p.Fields = top(fields, fieldsShown, func(s string) string { return "/search?q=" + url.QueryEscape("cat:"+s+" sort:new") })
	if p.Followed, err = w.followed(ctx, v); err != nil {
		return err
	}
	return w.render(out, r, v, http.StatusOK, "topics", "Topics", p)
}

// subjects are the counts of the topics page, which reads thousands of papers.
type subjects struct {
	mu            sync.Mutex // guards what follows
	change        int64      // of the feed when they were counted
	to            date.Date
	words, fields map[string]int
}

// counts counts the keywords and categories of the days up to one.
func (w *Web) counts(ctx context.Context, to date.Date) (words, fields map[string]int, err error) {
	change, err := w.store.LastChange(ctx)
	if err != nil {
		return nil, nil, err
	}
	s := w.subjects
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.words != nil && s.change == change && s.to == to {
		return s.words, s.fields, nil
	}
	words, fields = map[string]int{}, map[string]int{}
	err = w.store.Subjects(ctx, to.AddDays(1-subjectsDays), to, func(categories, keywords []string) {
		for _, c := range categories {
			fields[c]++
		}
		for _, k := range keywords {
			words[strings.ToLower(k)]++
		}
	})
	if err == nil {
		s.words, s.fields, s.change, s.to = words, fields, change, to
	}
	return words, fields, err
}

// top are those that most papers have, in the order of the alphabet.
func top(all map[string]int, most int, path func(string) string) []counted {
	names := slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(all[b]-all[a], strings.Compare(a, b)) })
	names = names[:min(len(names), most)]
	if len(names) == 0 {
		return nil
	}
	highest := all[names[0]]
	slices.Sort(names)
	list := make([]counted, len(names))
	for i, name := range names {
		list[i] = counted{tab{Label: name, Path: path(name)}, english.Count(all[name], "paper"), 1 + 3*all[name]/max(highest, 4)}
	}
	return list
}

// followed are the topics of channels that the reader can see.
func (w *Web) followed(ctx context.Context, v visit) (all []followed, err error) {
	if !v.signedIn {
		return nil, nil
	}
	channels, err := w.store.ChannelsOn(ctx, v.by().Platform, channelsMost)
	if err != nil {
		return nil, err
	}
	for _, c := range channels {
		if !w.names.reads(ctx, v.by(), c.Place) {
			continue
		}
		for _, t := range c.Prefs.Topics {
			f := followed{tab{Label: t.Query, Path: "/search?q=" + url.QueryEscape(t.Query)}, w.names.place(ctx, c.Place)}
			if t.Query == team.Everything {
				f.tab = tab{Label: "everything", Path: "/"}
			}
			all = append(all, f)
		}
	}
	return all, nil
}
