package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/store"
)

// object is a paper as programs get it. openapi.json describes it. What people
// did is counts: nobody is named.
type object struct {
	ID           paper.ID  `json:"id"`
	Title        string    `json:"title"`
	URL          string    `json:"url,omitempty"`
	Page         string    `json:"page"`
	Abstract     string    `json:"abstract,omitempty"`
	Summary      string    `json:"summary,omitempty"`
	Authors      []string  `json:"authors"`
	AuthorCount  int       `json:"author_count"`
	Categories   []string  `json:"categories"`
	Keywords     []string  `json:"keywords"`
	Version      int       `json:"version,omitempty"`
	Published    time.Time `json:"published,omitzero"`
	Updated      time.Time `json:"updated,omitzero"`
	DOI          string    `json:"doi,omitempty"`
	Venue        string    `json:"venue,omitempty"`
	Comment      string    `json:"comment,omitempty"`
	Code         string    `json:"code,omitempty"`
	Stars        int       `json:"stars,omitempty"`
	Project      string    `json:"project,omitempty"`
	Organization string    `json:"organization,omitempty"`
	Listings     []listing `json:"listings"`
	Votes        votes     `json:"votes"`
	Comments     int       `json:"comments"`
	Matched      []string  `json:"matched,omitempty"` // of a search
}

// listing is where and when a source listed a paper.
type listing struct {
	Source   string     `json:"source"`
	Kind     paper.Kind `json:"kind,omitempty"`
	Day      date.Date  `json:"day,omitzero"`
	Votes    int        `json:"votes"`
	Comments int        `json:"comments"`
}

type votes struct {
	Source int `json:"source"` // the highest count of any
	Team   int `json:"team"`
}

func (a *API) object(p paper.Paper, team int) object {
	o := object{
		ID: p.ID, Title: p.Title, URL: web(p.URL()), Page: a.page(p.ID), Abstract: p.Abstract, Summary: p.Summary,
		Authors: list(p.Authors), AuthorCount: p.AuthorCount, Categories: list(p.Categories), Keywords: list(p.Keywords),
		Version: p.Version, Published: p.Published, Updated: p.Updated, DOI: p.DOI, Venue: p.Venue, Comment: p.Comment,
		Code: web(p.Code), Stars: p.Stars, Project: web(p.Project), Organization: p.Organization,
		Listings: []listing{}, Votes: votes{p.Votes(), team}, Comments: p.Comments(),
	}
	for _, s := range p.Sightings {
		o.Listings = append(o.Listings, listing{s.Source, s.Kind, s.Day, s.Votes, s.Comments})
	}
	return o
}

// web is an address of the web in plain characters; "" if s is none.
func web(s string) string { return chat.WebLink(s, paper.MaxLink, `<>"`) }

// list is never null.
func list(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}

// papersAnswer is one page of a list.
type papersAnswer struct {
	Since  date.Date `json:"since"`  // the first day that the list is of
	Before date.Date `json:"before"` // the day after the last
	Total  int       `json:"total"`  // over all pages
	Papers []object  `json:"papers"`
	Next   string    `json:"next,omitempty"` // the cursor of the next page
}

// listPapers lists the papers of some days.
func (a *API) listPapers(w http.ResponseWriter, r *http.Request) error {
	p, err := params(r, "date", "week", "month", "since", "before", "sort", "limit", "cursor")
	if err != nil {
		return err
	}
	days, given, err := p.span()
	if err != nil {
		return err
	}
	sort, err := p.word("sort", string(store.ByVotes), string(store.ByTeam), string(store.ByNewest))
	if err != nil {
		return err
	}
	limit, err := p.number("limit", usualLimit, 1, maxLimit)
	if err != nil {
		return err
	}
	if !given {
		latest, err := a.store.LatestDay(r.Context(), a.today().AddDays(1))
		if err != nil {
			return err
		}
		if latest.IsZero() {
			latest = a.today()
		}
		days = span{latest, latest}
	}
	of := series{days.from.String(), days.to.String(), sort}
	after, err := of.position(p["cursor"])
	if err != nil {
		return err
	}
	l, next, err := a.store.Between(r.Context(), a.everybody(), days.from, days.to, store.Order(sort), after, limit)
	if err != nil {
		return err
	}
	objects, err := a.objects(r, l.Papers, nil)
	if err != nil {
		return err
	}
	return a.json(w, r, papersAnswer{days.from, days.to.AddDays(1), l.Total, objects, of.cursor(next)})
}

// series is which list a cursor is of.
type series struct{ From, To, Sort string }

// place is a position in a list, as a cursor holds it.
type place struct {
	Of    series
	After store.Position
}

// cursor is a position in a list as text; "" at its end.
func (l series) cursor(at store.Position) string {
	if at == (store.Position{}) {
		return ""
	}
	b, err := json.Marshal(place{l, at})
	if err != nil {
		panic("api: a cursor did not marshal: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// position reads a cursor of this list; "" is its beginning.
func (l series) position(cursor string) (store.Position, error) {
	if cursor == "" {
		return store.Position{}, nil
	}
	var at place
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &at)
	}
	switch {
	case err != nil || !isDay(at.After.Day) || paper.Line(string(at.After.Paper), paper.MaxLink) != string(at.After.Paper):
		return store.Position{}, wrong("The cursor cannot be read; it has to be the value of \"next\" of the page before.")
	case at.Of != l:
		return store.Position{}, wrong("The cursor is of another list; ask for the same days and the same order as before.")
	}
	return at.After, nil
}

func isDay(text string) bool {
	_, ok := day(text)
	return ok
}

// objects are papers in the order of ids. matched has words per paper.
func (a *API) objects(r *http.Request, ids []paper.ID, matched map[paper.ID][]string) ([]object, error) {
	papers, votes, err := a.read(r.Context(), a.everybody(), ids)
	if err != nil {
		return nil, err
	}
	objects := make([]object, 0, len(ids))
	for _, id := range ids {
		if p, ok := papers[id]; ok {
			o := a.object(p, votes[id])
			o.Matched = matched[id]
			objects = append(objects, o)
		}
	}
	return objects, nil
}

// onePaper answers with one paper, by its ID or by anything else that names it.
func (a *API) onePaper(w http.ResponseWriter, r *http.Request) error {
	if err := only(r); err != nil {
		return err
	}
	id := paper.ID(r.PathValue("id"))
	if len(id) > paper.MaxLink {
		return wrong("The id is too long.")
	}
	objects, err := a.objects(r, []paper.ID{paper.ID(paper.Line(string(id), paper.MaxLink))}, nil)
	if ref, ok := paper.ParseID(string(id)); err == nil && len(objects) == 0 && ok {
		objects, err = a.objects(r, []paper.ID{ref.ID}, nil)
	}
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		return problem{http.StatusNotFound, "The feed has no paper with this id; ids look like arxiv:2401.08383 or doi:10.1038/s42256-020-0208-z."}
	}
	return a.json(w, r, objects[0])
}

// searchAnswer is one page of what a search found.
type searchAnswer struct {
	Query  string   `json:"query"` // as it was understood
	Notes  []string `json:"notes"` // what of it was not, and why
	Total  int      `json:"total"`
	More   bool     `json:"more"` // there are more than Total
	Papers []object `json:"papers"`
}

// search answers with the papers that match, in the order of /papers.
func (a *API) search(w http.ResponseWriter, r *http.Request) error {
	p, err := params(r, "q", "sort", "limit", "offset")
	if err != nil {
		return err
	}
	text, err := p.query()
	if err != nil {
		return err
	}
	sort, err := p.word("sort", "", "relevance", "new", "votes")
	if err != nil {
		return wrong("sort has to be relevance, new or votes.")
	}
	if sort != "" {
		text += " sort:" + sort
	}
	limit, err := p.number("limit", usualLimit, 1, maxLimit)
	if err != nil {
		return err
	}
	offset, err := p.number("offset", 0, 0, maxOffset)
	if err != nil {
		return err
	}
	results, err := a.library.Search(r.Context(), search.Parse(text), a.everybody(), store.Page{Offset: offset, Limit: limit})
	if err != nil {
		return err
	}
	ids := make([]paper.ID, len(results.Hits))
	matched := make(map[paper.ID][]string, len(results.Hits))
	for i, h := range results.Hits {
		ids[i], matched[h.ID] = h.ID, h.Matched
	}
	objects, err := a.objects(r, ids, matched)
	if err != nil {
		return err
	}
	return a.json(w, r, searchAnswer{results.Query.String(), list(results.Notes), results.Total, results.More, objects})
}

// json answers with a value.
func (a *API) json(w http.ResponseWriter, r *http.Request, v any) error {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	a.serve(w, r, "application/json", b.Bytes(), a.scope())
	return nil
}
