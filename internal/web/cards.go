package web

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// Limits on what a card shows, in bytes and items; the paper's own page has all.
const (
	titleLimit    = 300
	summaryLimit  = 320
	abstractLimit = 1500
	namesLimit    = 16
	topicsLimit   = 5
	sharesLimit   = 3
)

// paperCard is a paper in a list, and the head of its own page.
type paperCard struct {
	ID       paper.ID
	Anchor   string // names it within the page
	Path     string
	Title    []piece
	Plain    string // the title for who hears it in a button's name
	Authors  string // "6 authors", or the names of one or two
	Names    string // the names, if Authors is their number
	Day      date.Date
	Shown    string // the day in words
	Field    string // the primary category
	House    string // the organization
	Summary  []piece
	Abstract []paragraph
	Votes    voteBox
	Facts    []fact
	Topics   []tab
	Shares   []sharing
	Others   string // shares that the reader may not see in full
	Picks    []picking
	Why      []piece // why a search found it
}

// piece is a stretch of text; a search marks some.
type piece struct {
	Text   string
	Marked bool
}

type paragraph []piece

// voteBox is the votes of a paper with the buttons of the reader.
type voteBox struct {
	ID           paper.ID
	Path         string
	Title        string
	Total        string // at the source and here together
	Here         int
	Says         string // "162 votes on Hugging Face, 3 here"
	Voted, Saved bool
	SignedIn     bool
	Token, Back  string
	Note         string // what a press did, if that does not show
}

// fact is something small about a paper, perhaps with a link.
type fact struct {
	Text, Link string
	Kind       string // for its looks
}

// sharing is who brought a paper where.
type sharing struct {
	Who, Where string
	When       string
	At         string // for machines
	Link       string
}

// picking is a channel that a paper was picked for.
type picking struct {
	Where, When, Why string
	Number           int
	Link             string
}

// PathOf is the address of a paper’s page, after that of the team’s page. Slashes
// stay as they are unless the path would be taken for another.
func PathOf(id paper.ID) string {
	const folder = "/paper/"
	escaped := (&url.URL{Path: folder + string(id)}).EscapedPath()
	if path.Clean(folder+string(id)) == folder+string(id) {
		return escaped
	}
	return folder + url.PathEscape(string(id))
}

// anchorOf names a paper within a page.
func anchorOf(id paper.ID) string { return "p-" + url.PathEscape(string(id)) }

// known is what the store tells of some papers beside themselves.
type known struct {
	votes  map[paper.ID]int
	marks  map[paper.ID]map[team.Kind]bool
	shares map[paper.ID][]team.Share
	picks  map[paper.ID][]store.PickedFor
}

func (w *Web) known(ctx context.Context, v visit, papers []paper.Paper) (k known, err error) {
	ids := make([]paper.ID, len(papers))
	for i, p := range papers {
		ids[i] = p.ID
	}
	if k.votes, err = w.store.Votes(ctx, v.team, ids); err != nil {
		return k, err
	}
	if k.shares, err = w.store.SharesOf(ctx, v.team, ids); err != nil || !v.signedIn {
		return k, err
	}
	if k.marks, err = w.store.MarksOf(ctx, v.by(), ids); err != nil {
		return k, err
	}
	k.picks, err = w.store.PickedFor(ctx, ids)
	return k, err
}

// cards are papers in a list. query says what to mark, why has the words that
// matched, and back is where a vote leads back to.
func (w *Web) cards(ctx context.Context, v visit, papers []paper.Paper, query search.Query, why map[paper.ID][]string, back string) ([]paperCard, error) {
	k, err := w.known(ctx, v, papers)
	if err != nil {
		return nil, err
	}
	all := make([]paperCard, len(papers))
	for i, p := range papers {
		c := w.card(ctx, v, p, k, query, back)
		c.Title = marked(shorten(p.Title, titleLimit), query)
		c.Abstract = paragraphs(shorten(p.Abstract, abstractLimit), query)
		c.Topics = c.Topics[:min(len(c.Topics), topicsLimit)]
		if matched := why[p.ID]; len(matched) > 0 {
			c.Why = []piece{{Text: "Matches "}, {Text: strings.Join(matched, ", "), Marked: true}}
		}
		all[i] = c
	}
	return all, nil
}

// card tells of a paper what both lists and its own page show.
func (w *Web) card(ctx context.Context, v visit, p paper.Paper, k known, query search.Query, back string) paperCard {
	c := paperCard{
		ID: p.ID, Anchor: anchorOf(p.ID), Path: PathOf(p.ID), Plain: shorten(p.Title, titleLimit),
		Day: shownDay(p), House: p.Organization, Facts: w.facts(p), Votes: w.voteBox(v, p, k, back),
	}
	c.Authors, c.Names = authors(p, namesLimit)
	if !c.Day.IsZero() {
		c.Shown = c.Day.Start(time.UTC).Format("2 Jan 2006")
	}
	if len(p.Categories) > 0 {
		c.Field = p.Categories[0]
	}
	c.Summary = marked(summary(p, query), query)
	for _, topic := range p.Keywords {
		c.Topics = append(c.Topics, topicTab(topic))
	}
	c.Shares, c.Others = w.sharings(ctx, v, k.shares[p.ID], sharesLimit)
	c.Picks = w.pickings(ctx, v, k.picks[p.ID])
	return c
}

// topicTab leads to the search for a topic.
func topicTab(topic string) tab {
	return tab{Label: topic, Path: "/search?q=" + url.QueryEscape(`"`+strings.ReplaceAll(topic, `"`, " ")+`"`)}
}

func (w *Web) voteBox(v visit, p paper.Paper, k known, back string) voteBox {
	here := k.votes[p.ID]
	return voteBox{
		ID: p.ID, Path: PathOf(p.ID), Title: shorten(p.Title, titleLimit), Total: english.Thousands(p.Votes() + here), Here: here,
		Says:  w.votesSaid(p, here),
		Voted: k.marks[p.ID][team.Up], Saved: k.marks[p.ID][team.Save], SignedIn: v.signedIn, Token: v.token, Back: back,
	}
}

// votesSaid is "162 votes on Hugging Face, 3 votes here".
func (w *Web) votesSaid(p paper.Paper, here int) string {
	var parts []string
	for _, s := range p.Sightings {
		if s.Votes > 0 {
			parts = append(parts, english.Count(s.Votes, "vote")+" on "+w.options.Labels.Of(s.Source))
		}
	}
	if here > 0 || len(parts) == 0 {
		parts = append(parts, english.Count(here, "vote")+" here")
	}
	return strings.Join(parts, ", ")
}

// facts are what else is known of a paper, each with where it leads.
func (w *Web) facts(p paper.Paper) (all []fact) {
	add := func(kind, text, link string) {
		all = append(all, fact{text, chat.WebLink(link, maxLink, ""), kind})
	}
	for _, s := range p.Sightings {
		if s.Votes > 0 {
			add("votes", "▲ "+english.Thousands(s.Votes)+" on "+w.options.Labels.Of(s.Source), "")
		}
		if s.Comments > 0 {
			add("comments", english.Count(s.Comments, "comment"), w.discussion(s.Source, p.ID))
		}
	}
	if chat.WebLink(p.Code, maxLink, "") != "" {
		text := "Code"
		if p.Stars > 0 {
			text += " ★ " + english.Thousands(p.Stars)
		}
		add("code", text, p.Code)
	}
	if chat.WebLink(p.Project, maxLink, "") != "" {
		add("project", "Project", p.Project)
	}
	if url := p.URL(); chat.WebLink(url, maxLink, "") != "" {
		add("source", host(url), url)
	}
	return all
}

// discussion is where people talk about a paper at a source; "" if nowhere.
func (w *Web) discussion(source string, id paper.ID) string {
	if w.options.Discussion == nil {
		return ""
	}
	return chat.WebLink(w.options.Discussion(source, id), maxLink, "")
}

// host is the name of the site that a link leads to.
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return "Link"
	}
	return shorten(strings.TrimPrefix(u.Hostname(), "www."), 60)
}

// authors are the names of one or two, else how many there are and their names,
// at most so many.
func authors(p paper.Paper, most int) (says, names string) {
	n := max(p.AuthorCount, len(p.Authors))
	switch {
	case n == 0:
		return "", ""
	case n <= 2 && len(p.Authors) == n:
		return strings.Join(p.Authors, " and "), ""
	}
	shown := slices.Clone(p.Authors[:min(len(p.Authors), most)])
	if len(shown) == 0 {
		return english.Count(n, "author"), ""
	}
	names = strings.Join(shown, ", ")
	if more := n - len(shown); more > 0 {
		names += " and " + english.Thousands(more) + " more"
	}
	return english.Count(n, "author"), names
}

// shownDay is when a paper came out: published, or else first listed.
func shownDay(p paper.Paper) date.Date {
	if !p.Published.IsZero() {
		return date.Of(p.Published)
	}
	return p.Day()
}

// sharings tells who brought a paper where, as far as the reader can see it in the
// chat, and in a sentence how often else it was shared.
func (w *Web) sharings(ctx context.Context, v visit, shares []team.Share, most int) (all []sharing, others string) {
	hidden := 0
	for _, s := range shares {
		if !v.signedIn || !w.names.reads(ctx, v.by(), s.Post.Place) {
			hidden++
			continue
		}
		if len(all) == most {
			hidden++
			continue
		}
		at := s.At.In(w.options.Zone)
		all = append(all, sharing{
			Who: w.names.person(ctx, s.By), Where: w.names.place(ctx, s.Post.Place), Link: w.names.link(s.Post),
			When: at.Format("2 Jan 2006"), At: at.Format(time.DateOnly),
		})
	}
	switch {
	case hidden == 0:
	case len(all) > 0:
		others = "and " + english.Count(hidden, "more time")
	case hidden == 1:
		others = "Shared here once"
	default:
		others = fmt.Sprintf("Shared here %s times", english.Thousands(hidden))
	}
	return all, others
}

// pickings tells for which of the channels that the reader can see a paper was
// picked, and why.
func (w *Web) pickings(ctx context.Context, v visit, picks []store.PickedFor) (all []picking) {
	for _, p := range picks {
		if v.signedIn && w.names.reads(ctx, v.by(), p.Place) {
			all = append(all, picking{Where: w.names.place(ctx, p.Place), When: longDay(p.Day), Why: p.Why, Number: p.Number})
		}
	}
	return all
}

// summary is the source's own one or two sentences, else the part of the abstract
// that answers the query best, else how the abstract begins.
func summary(p paper.Paper, query search.Query) string {
	if p.Summary != "" {
		return shorten(p.Summary, summaryLimit)
	}
	if query.String() != "" {
		if s := query.Snippet(p.Abstract, summaryLimit); s != "" {
			return s
		}
	}
	return shorten(paper.Line(p.Abstract, paper.MaxAbstract), summaryLimit)
}

// shorten cuts s between words.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && s[limit]&0xc0 == 0x80 { // within a character
		limit--
	}
	s = s[:limit]
	if space := strings.LastIndexAny(s, " \n"); space > limit/2 {
		s = s[:space]
	}
	return strings.TrimRight(s, " \n,;:(") + "…"
}

// marksMost is how many words of a text are marked: enough to see why it is here.
const marksMost = 12

// marked is text with the words that query matched set apart.
func marked(text string, query search.Query) (all []piece) {
	if text == "" {
		return nil
	}
	if query.String() == "" {
		return []piece{{Text: text}}
	}
	done := 0
	marks := query.Highlight(text)
	for _, m := range marks[:min(len(marks), marksMost)] {
		if m.Start > done {
			all = append(all, piece{Text: text[done:m.Start]})
		}
		all = append(all, piece{text[m.Start:m.End], true})
		done = m.End
	}
	if done < len(text) {
		all = append(all, piece{Text: text[done:]})
	}
	return all
}

// paragraphs is text in its paragraphs.
func paragraphs(text string, query search.Query) (all []paragraph) {
	for _, one := range strings.Split(text, "\n\n") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, marked(one, query))
		}
	}
	return all
}
