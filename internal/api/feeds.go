package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/store"
	"paperboy/internal/syndicate"
	"paperboy/internal/team"
)

// feedSize is how many papers a feed has: more than a day brings.
const feedSize = 50

// periods are what the team's top may be of, in days; 0 is all time.
var periods = []struct {
	name string
	days int
	when string
}{
	{"week", 7, "in the last 7 days"},
	{"day", 1, "today"},
	{"month", 30, "in the last 30 days"},
	{"all", 0, "so far"},
}

// Periods are the names of the periods that the team's top may be of, the usual
// one first.
func Periods() (names []string) {
	for _, p := range periods {
		names = append(names, p.name)
	}
	return names
}

// publicFeed serves a feed whose address says what it is of.
func (a *API) publicFeed(w http.ResponseWriter, r *http.Request) error {
	name, format, err := file(r)
	if err != nil {
		return err
	}
	f := team.Feed{What: team.FeedKind(name)}
	switch f.What {
	case team.Today:
		err = only(r)
	case team.Newest, team.Found:
		var p parameters
		if p, err = params(r, "q"); err == nil {
			f.Query, err = p.query()
		}
	case team.Top:
		var p parameters
		if p, err = params(r, "period"); err == nil {
			f.Query, err = p.word("period", Periods()...)
		}
	default:
		return problem{http.StatusNotFound, "There is no such feed; there are today, topic, search and top."}
	}
	if err != nil {
		return err
	}
	links := a.public(f)
	return a.serveFeed(w, r, publishing{feed: f, team: a.everybody(), name: nameOf(f), links: links, format: format, scope: a.scope()})
}

// privateFeed serves a feed of a person's secret address.
func (a *API) privateFeed(w http.ResponseWriter, r *http.Request) error {
	return a.secretFeed(w, r, func(what team.FeedKind) bool { return what != team.Picked && what != exported })
}

// channelFeed serves the picks of a channel below its secret address.
func (a *API) channelFeed(w http.ResponseWriter, r *http.Request) error {
	return a.secretFeed(w, r, func(what team.FeedKind) bool { return what == team.Picked })
}

func (a *API) secretFeed(w http.ResponseWriter, r *http.Request, fits func(team.FeedKind) bool) error {
	w.Header().Set("X-Robots-Tag", "noindex")
	secret, format, err := file(r)
	if err != nil {
		return err
	}
	address, ok, err := a.store.FeedBySecret(r.Context(), secret, a.options.Now())
	if err != nil {
		return err
	}
	if !ok || !fits(address.Feed.What) {
		return errNoSuchAddress
	}
	if err := only(r); err != nil {
		return err
	}
	shown := address.Feed
	if shown.What == team.Picked {
		if shown.Query, err = a.topics(r.Context(), shown.Place); err != nil {
			return err
		}
	}
	return a.serveFeed(w, r, publishing{
		feed: shown, team: address.Team, name: "feeds/" + address.ID, links: a.secret(address.Feed, secret), format: format, scope: "private",
	})
}

// topicsNamed is how many topics the title of a channel's feed has.
const topicsNamed = 3

// topics is what a channel follows, which tells its feed from others; its name is
// known to its platform alone.
func (a *API) topics(ctx context.Context, in chat.Place) (string, error) {
	c, err := a.store.Channel(ctx, in)
	var topics []string
	for _, t := range c.Prefs.Topics {
		if t.Query == team.Everything {
			t.Query = "the best of everything"
		}
		topics = append(topics, t.Query)
	}
	if len(topics) == 0 {
		return "no topic", err
	}
	return english.Some(topics, topicsNamed, "more topic", "and"), err
}

// file takes the last part of an address apart: "today.rss".
func file(r *http.Request) (name string, f syndicate.Format, err error) {
	name, ending, _ := strings.Cut(r.PathValue("file"), ".")
	f, ok := syndicate.Named(ending)
	if !ok {
		return "", f, problem{http.StatusNotFound, "There is no such feed; the address of one ends in .rss, .atom or .json."}
	}
	return name, f, nil
}

// publishing is a feed on its way to a reader.
type publishing struct {
	feed   team.Feed
	team   team.ID
	name   string // which never changes
	links  team.Links
	format syndicate.Format
	scope  string
}

func (a *API) serveFeed(w http.ResponseWriter, r *http.Request, p publishing) error {
	list, err := a.entries(r.Context(), p.team, p.feed)
	if err != nil {
		return err
	}
	self := map[string]string{"rss": p.links.RSS, "atom": p.links.Atom, "json": p.links.JSON}[p.format.Name]
	title, about := titled(p.feed)
	body := p.format.Write(syndicate.Feed{
		ID: syndicate.Tag(a.host, p.name), Title: title, About: about, Home: a.base + "/", Self: self, Entries: list,
	})
	a.serve(w, r, p.format.Type, body, p.scope)
	return nil
}

// Title is what a feed is called.
func Title(f team.Feed) string {
	title, _ := titled(f)
	return title
}

// titled is what a feed is called, and a sentence about it.
func titled(f team.Feed) (title, about string) {
	switch f.What {
	case team.Today:
		return "Papers of the day", "The papers of today, or of the last day that had some, the most upvoted first."
	case team.Newest:
		return "New papers: " + f.Query, "The newest papers that match “" + f.Query + "”."
	case team.Found:
		return "Papers: " + f.Query, "The papers that match “" + f.Query + "” best."
	case team.Top:
		for _, p := range periods {
			if p.name == f.Query {
				return "What we voted for " + p.when, "The papers that people here voted for " + p.when + ", the most voted first."
			}
		}
	case team.Picked:
		return "Daily picks: " + f.Query, "The papers that were picked for a channel, the latest first."
	case team.List:
		return "Saved papers", "A list of one’s own, the latest first."
	}
	return "Papers", "Papers."
}

// listed is a paper of a feed with what the feed says of it.
type listed struct {
	id  paper.ID
	why string    // a clause
	at  time.Time // when it came into the feed; zero: when it was listed first
}

// entries are the papers of a feed.
func (a *API) entries(ctx context.Context, of team.ID, f team.Feed) ([]syndicate.Entry, error) {
	list, err := a.chosen(ctx, of, f)
	if err != nil {
		return nil, err
	}
	ids := make([]paper.ID, len(list))
	for i, l := range list {
		ids[i] = l.id
	}
	papers, votes, err := a.read(ctx, of, ids)
	if err != nil {
		return nil, err
	}
	entries := make([]syndicate.Entry, 0, len(list))
	for _, l := range list {
		if p, ok := papers[l.id]; ok {
			entries = append(entries, a.entry(p, votes[l.id], l))
		}
	}
	return entries, nil
}

// chosen says which papers a feed has.
func (a *API) chosen(ctx context.Context, of team.ID, f team.Feed) ([]listed, error) {
	page := store.Page{Limit: feedSize}
	switch f.What {
	case team.Newest:
		return a.hits(ctx, of, f.Query+" sort:new")
	case team.Found:
		return a.hits(ctx, of, f.Query)
	case team.Top:
		l, err := a.store.Top(ctx, of, a.since(f.Query), page)
		return simply(l.Papers), err
	case team.List:
		l, err := a.store.Saved(ctx, f.Person, page)
		return simply(l.Papers), err
	case team.Picked:
		return a.picks(ctx, f)
	}
	return a.ofTheDay(ctx, of)
}

func simply(ids []paper.ID) []listed {
	list := make([]listed, len(ids))
	for i, id := range ids {
		list[i].id = id
	}
	return list
}

// since is when a period begins.
func (a *API) since(name string) time.Time {
	for _, p := range periods {
		if p.name == name && p.days > 0 {
			return a.today().AddDays(1 - p.days).Start(a.options.Zone)
		}
	}
	return time.Time{}
}

// ofTheDay are the papers of today or of the last day that has some.
func (a *API) ofTheDay(ctx context.Context, of team.ID) ([]listed, error) {
	day, err := a.store.LatestDay(ctx, a.today().AddDays(1))
	if err != nil || day.IsZero() {
		return nil, err
	}
	l, err := a.store.Listed(ctx, of, day, day, store.Page{Limit: feedSize})
	list := simply(l.Papers)
	for i := range list {
		list[i].at = day.Start(time.UTC)
	}
	return list, err
}

func (a *API) hits(ctx context.Context, of team.ID, query string) ([]listed, error) {
	results, err := a.library.Search(ctx, search.Parse(query), of, store.Page{Limit: feedSize})
	list := make([]listed, len(results.Hits))
	for i, h := range results.Hits {
		list[i].id = h.ID
	}
	return list, err
}

func (a *API) picks(ctx context.Context, f team.Feed) ([]listed, error) {
	picks, err := a.store.LatestPicks(ctx, f.Place, feedSize)
	list := make([]listed, len(picks))
	for i, p := range picks {
		list[i] = listed{p.Paper, p.Why, p.Day.Start(time.UTC)}
	}
	return list, err
}

// read gets papers with the team's votes.
func (a *API) read(ctx context.Context, of team.ID, ids []paper.ID) (map[paper.ID]paper.Paper, map[paper.ID]int, error) {
	found, err := a.store.Papers(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	votes, err := a.store.Votes(ctx, of, ids)
	papers := make(map[paper.ID]paper.Paper, len(found))
	for _, p := range found {
		papers[p.ID] = p
	}
	return papers, votes, err
}

// entry is a paper as a reader shows it.
func (a *API) entry(p paper.Paper, votes int, l listed) syndicate.Entry {
	c := card.Of(p, votes, a.options.Labels, search.Query{})
	e := syndicate.Entry{
		ID: syndicate.Tag(a.host, "paper/"+string(p.ID)), Title: c.Title.String(), Link: c.Link, Summary: c.Summary.String(),
		Text: []string{c.Byline, c.Counts}, Authors: p.Authors, Topics: slices.Concat(p.Categories, p.Keywords),
		Published: l.at, Updated: p.Updated,
	}
	if e.Published.IsZero() {
		e.Published = firstSeen(p)
	}
	if l.why != "" {
		e.Text = append(e.Text, "Picked: "+l.why+".")
	}
	text := p.Abstract
	if text == "" {
		text = p.Summary
	}
	e.Text = append(e.Text, strings.Split(text, "\n\n")...)
	e.Links = []syndicate.Link{{Label: "Paper", URL: c.Link}, {Label: "On our page", URL: a.page(p.ID)}, {Label: "Code", URL: p.Code}, {Label: "Project", URL: p.Project}}
	if e.Link == "" {
		e.Link = a.page(p.ID)
	}
	return e
}

// firstSeen is when a paper was listed first, or else published.
func firstSeen(p paper.Paper) time.Time {
	if d := p.Day(); !d.IsZero() {
		return d.Start(time.UTC)
	}
	return p.Published
}

// page is the address of a paper on the team's page.
func (a *API) page(id paper.ID) string {
	return a.base + "/paper/" + (&url.URL{Path: string(id)}).EscapedPath()
}
