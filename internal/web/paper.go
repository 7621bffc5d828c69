package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/exchange"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

// namesAll is how many authors the page of a paper names; some papers have
// thousands.
const namesAll = 200

// similarShown is how many neighbours the page of a paper has.
const similarShown = 5

// paperPage is all that is known of a paper.
type paperPage struct {
	paperCard
	AllNames  string
	Links     []fact
	Versions  []tab
	Version   string // in words
	Venue     string
	Comment   string
	Listings  []listing
	Chart     *chart
	Voters    string // who voted, for who is signed in
	Similar   []neighbour
	BibTeX    string
	Cite      [2]string // the addresses of BibTeX and RIS
	Published string
}

// listing is where and when a source listed the paper.
type listing struct{ Where, When, At, Votes, Comments, Discussion string }

// neighbour is a similar paper.
type neighbour struct{ Title, Path, Why string }

// paper shows a paper, or gives its citation with ?cite=bibtex or ris.
func (w *Web) paper(out http.ResponseWriter, r *http.Request, v visit) error {
	ctx := r.Context()
	ref, ok := paper.ParseID(r.PathValue("id"))
	p, known, err := w.store.Paper(ctx, paper.ID(r.PathValue("id")))
	if err == nil && !known && ok { // in another spelling, such as with a version
		if p, known, err = w.store.Paper(ctx, ref.ID); known {
			http.Redirect(out, r, PathOf(p.ID), http.StatusMovedPermanently)
			return nil
		}
	}
	if err != nil {
		return err
	}
	if !known {
		return notFound("This paper is not in the feed. If it exists, search for its link or id to put it there.")
	}
	if style := r.URL.Query().Get("cite"); style != "" {
		return w.cite(out, p, style)
	}
	page, err := w.paperPage(ctx, v, p)
	if err != nil {
		return err
	}
	return w.render(out, r, v, http.StatusOK, "paper", shorten(p.Title, 100), page)
}

// cite gives a citation to keep.
func (w *Web) cite(out http.ResponseWriter, p paper.Paper, style string) error {
	h := out.Header()
	text, kind, end := exchange.BibTeX(p), "application/x-bibtex", ".bib"
	switch style {
	case "bibtex":
	case "ris":
		text, kind, end = exchange.RIS(p), "application/x-research-info-systems", ".ris"
	default:
		return badRequest("A citation comes as bibtex or as ris.")
	}
	h.Set("Content-Type", kind+"; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s%s"`, fileName(p.ID), end))
	h.Set("Cache-Control", "private, no-cache")
	_, err := out.Write([]byte(text))
	return ignored(err)
}

// ignored drops the error of writing to somebody who has gone.
func ignored(error) error { return nil }

// fileName is a paper's ID in letters, digits, dots and dashes.
func fileName(id paper.ID) string {
	name := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '.' {
			return r
		}
		return '-'
	}, string(id))
	return strings.Trim(name[:min(len(name), 80)], ".-")
}

func (w *Web) paperPage(ctx context.Context, v visit, p paper.Paper) (paperPage, error) {
	k, err := w.known(ctx, v, []paper.Paper{p})
	if err != nil {
		return paperPage{}, err
	}
	page := paperPage{paperCard: w.card(ctx, v, p, k, search.Query{}, PathOf(p.ID))}
	page.Title, page.Abstract = marked(p.Title, search.Query{}), paragraphs(p.Abstract, search.Query{})
	page.Summary = nil
	if p.Summary != "" {
		page.Summary = marked(p.Summary, search.Query{})
	}
	_, page.AllNames = authors(p, namesAll)
	page.Names = "" // they have a section of their own
	page.Links, page.Versions, page.Version = links(p), versions(p), version(p)
	page.Venue, page.Comment = p.Venue, p.Comment
	page.Shares, page.Others = w.sharings(ctx, v, k.shares[p.ID], 20)
	if page.Picks, err = w.posted(ctx, v, p.ID, page.Picks); err != nil {
		return page, err
	}
	for _, s := range p.Sightings {
		page.Listings = append(page.Listings, w.listedAt(p.ID, s))
	}
	if !p.Published.IsZero() {
		page.Published = p.Published.Format("2 January 2006")
	}
	page.BibTeX = strings.TrimSpace(exchange.BibTeX(p))
	page.Cite = [2]string{PathOf(p.ID) + "?cite=bibtex", PathOf(p.ID) + "?cite=ris"}
	if err := w.votesOf(ctx, v, p.ID, &page); err != nil {
		return page, err
	}
	page.Similar, err = w.similar(ctx, p)
	return page, err
}

// votesOf adds who voted when.
func (w *Web) votesOf(ctx context.Context, v visit, id paper.ID, page *paperPage) error {
	times, err := w.store.VoteTimes(ctx, v.team, id)
	if err != nil {
		return err
	}
	page.Chart = drawVotes(times, v.now, w.options.Zone)
	if !v.signedIn || len(times) == 0 {
		return nil
	}
	people, err := w.store.Voters(ctx, v.team, id)
	if err != nil {
		return err
	}
	var names []string
	for _, who := range people {
		if who.Platform == v.by().Platform {
			names = append(names, w.names.person(ctx, who))
		}
	}
	if more := len(people) - len(names); more > 0 {
		names = append(names, english.Thousands(more)+" elsewhere")
	}
	page.Voters = english.Some(names, 12, "other", "and")
	return nil
}

// posted adds to picks where their posts are.
func (w *Web) posted(ctx context.Context, v visit, id paper.ID, picks []picking) ([]picking, error) {
	if len(picks) == 0 {
		return nil, nil
	}
	posts, err := w.store.PostedIn(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		if !w.names.reads(ctx, v.by(), p.For) {
			continue
		}
		where := w.names.place(ctx, p.For)
		for i := range picks {
			if picks[i].Where == where && picks[i].Link == "" {
				picks[i].Link = w.names.link(p.Post)
			}
		}
	}
	return picks, nil
}

func (w *Web) listedAt(id paper.ID, s paper.Sighting) listing {
	l := listing{Where: w.options.Labels.Of(s.Source), At: s.Day.String()}
	if s.Source == team.SourceName {
		l.Where = "Shared by people here"
	}
	switch s.Kind {
	case paper.Cross:
		l.Where += ", cross-listed"
	case paper.Replace:
		l.Where += ", a new version"
	}
	if !s.Day.IsZero() {
		l.When = s.Day.Start(time.UTC).Format("2 January 2006")
	}
	if s.Votes > 0 {
		l.Votes = english.Thousands(s.Votes)
	}
	if s.Comments > 0 {
		l.Comments = english.Count(s.Comments, "comment")
		l.Discussion = w.discussion(s.Source, id)
	}
	return l
}

// links lead to the paper and to what belongs to it.
func links(p paper.Paper) (all []fact) {
	add := func(text, link string) {
		if link = chat.WebLink(link, maxLink, ""); link != "" {
			all = append(all, fact{Text: text, Link: link})
		}
	}
	if url := p.URL(); url != "" {
		add("Read at "+host(url), url)
	}
	if p.ID.Scheme() == paper.SchemeArXiv {
		add("PDF", "https://arxiv.org/pdf/"+p.ID.Value())
	}
	if p.DOI != "" {
		add("DOI "+shorten(p.DOI, 60), paper.ID(paper.SchemeDOI+":"+strings.ToLower(p.DOI)).URL())
	}
	code := "Code"
	if p.Stars > 0 {
		code += ", ★ " + english.Thousands(p.Stars)
	}
	add(code, p.Code)
	add("Project page", p.Project)
	return all
}

// versionsShown is how many versions are led to; the last ones.
const versionsShown = 12

// versions lead to those that arXiv keeps.
func versions(p paper.Paper) (all []tab) {
	if p.ID.Scheme() != paper.SchemeArXiv || p.Version < 2 {
		return nil
	}
	for n := max(1, p.Version-versionsShown+1); n <= p.Version; n++ {
		all = append(all, tab{fmt.Sprintf("v%d", n), fmt.Sprintf("https://arxiv.org/abs/%sv%d", p.ID.Value(), n), n == p.Version})
	}
	return all
}

func version(p paper.Paper) string {
	switch {
	case p.Version < 1:
		return ""
	case p.Updated.IsZero() || p.Version == 1:
		return fmt.Sprintf("Version %d", p.Version)
	}
	return fmt.Sprintf("Version %d of %s", p.Version, p.Updated.Format("2 January 2006"))
}

// similar are papers that share rare words with p.
func (w *Web) similar(ctx context.Context, p paper.Paper) (all []neighbour, err error) {
	hits, err := w.library.Similar(ctx, p, similarShown)
	if err != nil {
		return nil, err
	}
	papers, why, err := w.hits(ctx, hits)
	for _, q := range papers {
		n := neighbour{Title: shorten(q.Title, titleLimit), Path: PathOf(q.ID)}
		if len(why[q.ID]) > 0 {
			n.Why = "Both have " + strings.Join(why[q.ID], ", ")
		}
		all = append(all, n)
	}
	return all, err
}
