// Package card makes the card of a paper: what people see of it in a chat.
package card

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/search"
)

const (
	summaryLimit = 300 // bytes of a summary on a card
	topicsLimit  = 4   // keywords on a card
)

// Labels are the names of sources as people write them.
type Labels map[string]string

// Of is a source's label, or its name if it has none.
func (l Labels) Of(source string) string { return cmp.Or(l[source], source) }

// Of is the card of a paper that so many people of the team voted for. query,
// which may be empty, says what to highlight.
func Of(p paper.Paper, votes int, labels Labels, query search.Query) chat.Card {
	return chat.Card{
		Paper:   p.ID,
		Title:   marked(p.Title, query),
		Link:    p.URL(),
		Byline:  byline(p),
		Summary: marked(summary(p, query), query),
		Counts:  Counts(p, votes, labels),
		Topics:  topics(p),
		Buttons: []chat.Button{
			{Label: "Upvote", Action: "vote " + string(p.ID), Does: chat.Vote},
			{Label: "Take back", Action: "unvote " + string(p.ID), Does: chat.Unvote},
			{Label: "Save", Action: "save " + string(p.ID), Does: chat.Save},
			{Label: "Similar", Action: "similar " + string(p.ID), Does: chat.Similar},
		},
	}
}

// marked is text with the words that query matched set apart.
func marked(text string, query search.Query) chat.Text {
	var t chat.Text
	done := 0
	for _, m := range query.Highlight(text) {
		if m.Start > done {
			t = append(t, chat.Span{Text: text[done:m.Start]})
		}
		t = append(t, chat.Span{Text: text[m.Start:m.End], Style: chat.Italic})
		done = m.End
	}
	if done < len(text) {
		t = append(t, chat.Span{Text: text[done:]})
	}
	return t
}

// summary is the source's own one or two sentences, else the part of the
// abstract that answers the query best, else how the abstract begins.
func summary(p paper.Paper, query search.Query) string {
	if p.Summary != "" {
		return shorten(p.Summary, summaryLimit)
	}
	if s := query.Snippet(p.Abstract, summaryLimit); s != "" {
		return s
	}
	return shorten(paper.Line(p.Abstract, paper.MaxAbstract), summaryLimit)
}

// shorten cuts s after a sentence if one ends in its second half, else between
// words.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	s = paper.Line(s, limit) // cuts between characters
	if end := strings.LastIndex(s, ". "); end > limit/2 {
		return s[:end+1]
	}
	if space := strings.LastIndexByte(s, ' '); space > 0 {
		s = s[:space]
	}
	return strings.TrimRightFunc(s, unicode.IsPunct) + "…"
}

// byline is "Noam Shazeer et al. · 6 authors · 16 Jan 2024".
func byline(p paper.Paper) string {
	var parts []string
	switch n := max(p.AuthorCount, len(p.Authors)); {
	case len(p.Authors) == 0 && n == 0:
	case len(p.Authors) == 0:
		parts = append(parts, english.Count(n, "author"))
	case n == 1:
		parts = append(parts, p.Authors[0])
	case n == 2 && len(p.Authors) == 2:
		parts = append(parts, p.Authors[0]+" and "+p.Authors[1])
	default:
		parts = append(parts, p.Authors[0]+" et al.", english.Count(n, "author"))
	}
	if d := shownDay(p); !d.IsZero() {
		parts = append(parts, d.Start(time.UTC).Format("2 Jan 2006"))
	}
	if len(p.Categories) > 0 {
		parts = append(parts, p.Categories[0])
	}
	return strings.Join(parts, " · ")
}

// shownDay is when a paper came out: published, or else first listed.
func shownDay(p paper.Paper) date.Date {
	if !p.Published.IsZero() {
		return date.Of(p.Published)
	}
	return p.Day()
}

// Counts is "▲ 162 on Hugging Face · 3 here · 5 comments · ★ 1,204".
func Counts(p paper.Paper, here int, labels Labels) string {
	var parts []string
	for _, s := range p.Sightings {
		if s.Votes > 0 {
			parts = append(parts, fmt.Sprintf("▲ %s on %s", english.Thousands(s.Votes), labels.Of(s.Source)))
		}
	}
	if here > 0 {
		parts = append(parts, english.Count(here, "vote")+" here")
	}
	if n := p.Comments(); n > 0 {
		parts = append(parts, english.Count(n, "comment"))
	}
	if p.Stars > 0 {
		parts = append(parts, "★ "+english.Thousands(p.Stars))
	}
	return strings.Join(parts, " · ")
}

func topics(p paper.Paper) []string {
	return p.Keywords[:min(len(p.Keywords), topicsLimit)]
}

// HowMany papers answer a search.
func HowMany(r search.Results) string {
	count := english.Count(r.Total, "paper")
	if r.More {
		return "More than " + count
	}
	return count
}
