package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"paperboy/internal/card"
	"paperboy/internal/paper"
	"paperboy/internal/search"
)

// maxQuery is longer than any search that makes sense, in bytes.
const maxQuery = 500

// searchPage is what a search found.
type searchPage struct {
	Query   string
	Says    string // "12 papers for “moe”"
	Notes   []string
	Cards   []paperCard
	Suggest []tab  // papers that the unfinished line may lead to
	Add     string // a link or id that is no paper of the feed yet
	Token   string // to add it with; "" if nobody is signed in
	Pager   pager
}

// search finds papers. With ?part=results it gives only what stands below the
// field, for the script that asks at every key.
func (w *Web) search(out http.ResponseWriter, r *http.Request, v visit) error {
	typed := r.URL.Query().Get("q")
	s, redirect, err := w.found(r, v, paper.Line(typed, maxQuery))
	if err != nil {
		return err
	}
	if r.URL.Query().Get("part") == "results" {
		return w.part(out, r, http.StatusOK, "results", s)
	}
	if redirect != "" {
		http.Redirect(out, r, redirect, http.StatusSeeOther)
		return nil
	}
	title := "Search"
	if s.Query != "" {
		title = shorten(s.Query, 80) + " · Search"
	}
	return w.render(out, r, v, http.StatusOK, "search", title, s)
}

// found answers a query. The name of a paper, such as a link, leads to that paper.
func (w *Web) found(r *http.Request, v visit, query string) (s searchPage, redirect string, err error) {
	s.Query, s.Token = query, v.token
	ctx, at := r.Context(), pageOf(r)
	if query == "" {
		return s, "", nil
	}
	if ref, ok := paper.ParseID(query); ok {
		return w.named(ctx, v, ref, s)
	}
	began := w.options.Now()
	results, err := w.library.Search(ctx, search.Parse(query), v.team, at)
	if err != nil {
		return s, "", err
	}
	if w.metrics != nil {
		w.metrics.Searched(w.options.Now().Sub(began))
	}
	papers, why, err := w.hits(ctx, results.Hits)
	if err != nil {
		return s, "", err
	}
	s.Says, s.Notes = card.HowMany(results)+" for “"+query+"”", results.Notes
	total := results.Total
	if results.More {
		total++ // there is another page
	}
	s.Pager = pagerOf(r, at, total)
	if results.Total == 0 {
		s.Says = "No paper matches “" + query + "”."
		s.Suggest = w.suggest(ctx, query)
	}
	back := "/search?" + strings.TrimSuffix(strings.ReplaceAll(r.URL.RawQuery, "part=results", ""), "&")
	s.Cards, err = w.cards(ctx, v, papers, results.Query, why, back)
	return s, "", err
}

// named is the answer to the name of a paper.
func (w *Web) named(ctx context.Context, v visit, ref paper.Ref, s searchPage) (searchPage, string, error) {
	p, known, err := w.store.Paper(ctx, ref.ID)
	switch {
	case err != nil:
		return s, "", err
	case !known:
		s.Says, s.Add = "This paper is not in the feed.", s.Query
		return s, "", nil
	}
	s.Says = "1 paper for “" + s.Query + "”"
	s.Cards, err = w.cards(ctx, v, []paper.Paper{p}, search.Query{}, nil, PathOf(p.ID))
	return s, PathOf(p.ID), err
}

// hits reads the papers of hits and tells which words of each matched.
func (w *Web) hits(ctx context.Context, hits []search.Hit) ([]paper.Paper, map[paper.ID][]string, error) {
	ids := make([]paper.ID, len(hits))
	why := make(map[paper.ID][]string, len(hits))
	for i, h := range hits {
		ids[i], why[h.ID] = h.ID, h.Matched
	}
	papers, err := w.store.Papers(ctx, ids)
	return papers, why, err
}

const suggestionsShown = 6

// suggest is what an unfinished line may become: a paper, or another search.
func (w *Web) suggest(ctx context.Context, line string) (all []tab) {
	list, err := w.library.Suggest(ctx, line, suggestionsShown)
	if err != nil {
		return nil // a suggestion too few is no reason for an error
	}
	var ids []paper.ID
	for _, o := range list {
		if o.Kind == search.KindTitle {
			ids = append(ids, o.ID)
			continue
		}
		all = append(all, tab{Label: o.Text, Path: "/search?q=" + url.QueryEscape(o.Query)})
	}
	papers, err := w.store.Papers(ctx, ids)
	if err != nil {
		return all
	}
	for _, p := range papers {
		all = append(all, tab{Label: shorten(p.Title, 160), Path: PathOf(p.ID)})
	}
	return all
}
