package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/search"
	"paperboy/internal/store"
)

// cardsShown is how many papers a page has: with their abstracts they stay below
// 60 KB.
const cardsShown = 12

// tab is a link of which one is where the reader is.
type tab struct {
	Label, Path string
	Here        bool
}

// feedPage is the papers of a period.
type feedPage struct {
	Title      string
	Total      string // "23 papers"
	Note       string // why it is another period than was asked for
	Prev, Next *tab
	Periods    []tab
	Sorts      []tab
	Day        date.Date // for the field that leads to another one
	Cards      []paperCard
	Pager      pager
	Top        []topPaper // what the team voted for lately
}

// topPaper is a paper in the list beside the feed.
type topPaper struct {
	Title, Path, Votes string
}

// fewPapers are too few to begin with: then the page of today shows a month.
const fewPapers = 5

// today is the papers of today, or the latest if it has none yet: those of the last
// day with papers, or of its month if those are few.
func (w *Web) today(out http.ResponseWriter, r *http.Request, v visit) error {
	day := date.Of(v.now.In(w.options.Zone))
	p, note := dayOf(day), ""
	first, err := w.store.Listed(r.Context(), v.team, day, day, store.Page{})
	if err != nil {
		return err
	}
	if first.Total == 0 {
		last, err := w.store.LatestDay(r.Context(), day)
		if err != nil {
			return err
		}
		if last.IsZero() {
			return w.render(out, r, v, http.StatusOK, "empty", "Papers", nil)
		}
		p, note = dayOf(last), "Nothing is listed for today, "+shortDay(day)+", yet. These are the latest papers."
		there, err := w.store.Listed(r.Context(), v.team, last, last, store.Page{})
		if err != nil {
			return err
		}
		if there.Total < fewPapers {
			p = monthOf(last)
		}
	}
	return w.period(out, r, v, p, note)
}

// goToDay leads from the field for a day to its page.
func (w *Web) goToDay(out http.ResponseWriter, r *http.Request, _ visit) error {
	p, ok := parseDay(r.URL.Query().Get("day"))
	if !ok {
		return badRequest("Which day? Write it like 2026-02-27.")
	}
	http.Redirect(out, r, p.path(), http.StatusSeeOther)
	return nil
}

func (w *Web) day(out http.ResponseWriter, r *http.Request, v visit) error {
	p, ok := parseDay(r.PathValue("day"))
	if !ok {
		return notFound("There is no such day. Days are written like 2026-02-27.")
	}
	return w.period(out, r, v, p, "")
}

func (w *Web) week(out http.ResponseWriter, r *http.Request, v visit) error {
	p, ok := parseWeek(r.PathValue("week"))
	if !ok {
		return notFound("There is no such week. Weeks are written like 2026-W09.")
	}
	return w.period(out, r, v, p, "")
}

func (w *Web) month(out http.ResponseWriter, r *http.Request, v visit) error {
	p, ok := parseMonth(r.PathValue("month"))
	if !ok {
		return notFound("There is no such month. Months are written like 2026-02.")
	}
	return w.period(out, r, v, p, "")
}

// sorts are the orders that a reader can choose.
var sorts = []struct {
	by    store.Order
	label string
}{
	{store.ByVotes, "All votes"}, {store.ByTeam, "Votes here"}, {store.BySource, "Source votes"}, {store.ByNewest, "Newest"},
}

func orderOf(r *http.Request) store.Order {
	for _, s := range sorts {
		if r.URL.Query().Get("sort") == string(s.by) {
			return s.by
		}
	}
	return store.ByVotes
}

// period shows the papers of a period.
func (w *Web) period(out http.ResponseWriter, r *http.Request, v visit, p period, note string) error {
	ctx, by := r.Context(), orderOf(r)
	at := pageOf(r)
	listing, err := w.listing(ctx, v, p, by, at)
	if err != nil {
		return err
	}
	f := feedPage{Title: p.title(), Note: note, Total: english.Count(listing.Total, "paper"), Day: p.to}
	if f.Cards, err = w.listed(ctx, v, listing, r.URL.RequestURI()); err != nil {
		return err
	}
	if f.Prev, f.Next, err = w.neighbours(ctx, p, by); err != nil {
		return err
	}
	if f.Top, err = w.top(ctx, v); err != nil {
		return err
	}
	f.Pager = pagerOf(r, at, listing.Total)
	for _, other := range []struct {
		label string
		p     period
	}{{"Day", dayOf(p.to)}, {"Week", weekOf(p.to)}, {"Month", monthOf(p.to)}} {
		if p.kind == other.p.kind {
			other.p = p
		}
		f.Periods = append(f.Periods, tab{other.label, sorted(other.p.path(), by), p.kind == other.p.kind})
	}
	for _, s := range sorts {
		f.Sorts = append(f.Sorts, tab{s.label, sorted(p.path(), s.by), s.by == by})
	}
	return w.render(out, r, v, http.StatusOK, "feed", p.title(), f)
}

// sorted is the address of a period in an order.
func sorted(path string, by store.Order) string {
	if by == store.ByVotes {
		return path
	}
	return path + "?sort=" + url.QueryEscape(string(by))
}

// neighbours are the periods before and after p that have papers.
func (w *Web) neighbours(ctx context.Context, p period, by store.Order) (prev, next *tab, err error) {
	before, err := w.store.LatestDay(ctx, p.from)
	if err != nil {
		return nil, nil, err
	}
	after, err := w.store.NextDay(ctx, p.to)
	if err != nil {
		return nil, nil, err
	}
	lead := func(d date.Date) *tab {
		if d.IsZero() || !within(d) {
			return nil
		}
		other := p.of(d)
		return &tab{Label: other.title(), Path: sorted(other.path(), by)}
	}
	return lead(before), lead(after), nil
}

const (
	topShown = 5
	topDays  = 30
)

// top is what the team voted for lately.
func (w *Web) top(ctx context.Context, v visit) (all []topPaper, err error) {
	l, err := w.store.Top(ctx, v.team, v.now.AddDate(0, 0, -topDays), store.Page{Limit: topShown})
	if err != nil {
		return nil, err
	}
	papers, err := w.store.Papers(ctx, l.Papers)
	if err != nil {
		return nil, err
	}
	votes, err := w.store.Votes(ctx, v.team, l.Papers)
	for _, p := range papers {
		all = append(all, topPaper{shorten(p.Title, 120), PathOf(p.ID), english.Count(votes[p.ID], "vote")})
	}
	return all, err
}

// listed are the cards of a page of a list.
func (w *Web) listed(ctx context.Context, v visit, l store.Listing, back string) ([]paperCard, error) {
	papers, err := w.store.Papers(ctx, l.Papers)
	if err != nil {
		return nil, err
	}
	return w.cards(ctx, v, papers, search.Query{}, nil, back)
}

// savedPage is a person's list.
type savedPage struct {
	Total string
	Cards []paperCard
	Pager pager
}

func (w *Web) saved(out http.ResponseWriter, r *http.Request, v visit) error {
	at := pageOf(r)
	l, err := w.store.Saved(r.Context(), v.by(), at)
	if err != nil {
		return err
	}
	p := savedPage{Total: english.Count(l.Total, "paper"), Pager: pagerOf(r, at, l.Total)}
	if p.Cards, err = w.listed(r.Context(), v, l, r.URL.RequestURI()); err != nil {
		return err
	}
	return w.render(out, r, v, http.StatusOK, "saved", "Saved papers", p)
}

// pager leads through the pages of a list.
type pager struct {
	Prev, Next string // addresses; "" for none
	Says       string // "16 to 30 of 40"; "" if there is one page
}

// lastPage keeps offsets within what databases count in.
const lastPage = 100_000

// pageOf is the part of a list that ?page= asks for, from 1.
func pageOf(r *http.Request) store.Page {
	n, err := strconv.Atoi(cmp.Or(r.URL.Query().Get("page"), "1"))
	if err != nil || n < 1 || n > lastPage {
		n = 1
	}
	return store.Page{Offset: (n - 1) * cardsShown, Limit: cardsShown}
}

func pagerOf(r *http.Request, at store.Page, total int) (p pager) {
	turn := func(offset int) string {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(offset/cardsShown+1))
		if offset == 0 {
			q.Del("page")
		}
		q.Del("part")
		if len(q) == 0 {
			return r.URL.EscapedPath()
		}
		return r.URL.EscapedPath() + "?" + q.Encode()
	}
	if at.Offset > 0 {
		p.Prev = turn(min(at.Offset-cardsShown, max(0, total-1)/cardsShown*cardsShown))
	}
	if at.Offset+cardsShown < total {
		p.Next = turn(at.Offset + cardsShown)
	}
	if total > cardsShown && at.Offset < total {
		p.Says = english.Thousands(at.Offset+1) + " to " + english.Thousands(min(total, at.Offset+cardsShown)) + " of " + english.Thousands(total)
	}
	return p
}
