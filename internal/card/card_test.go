package card_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/search"
)

var labels = card.Labels{"huggingface": "Hugging Face"}

func TestBylineNamesAuthorsDayAndCategory(t *testing.T) {
	day := time.Date(2026, 2, 27, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		p    paper.Paper
		want string
	}{
		{paper.Paper{}, ""},
		{paper.Paper{AuthorCount: 7}, "7 authors"},
		{paper.Paper{Authors: []string{"Ada Lovelace"}, AuthorCount: 1, Published: day}, "Ada Lovelace · 27 Feb 2026"},
		{paper.Paper{Authors: []string{"Ada Lovelace", "Grace Hopper"}, AuthorCount: 2}, "Ada Lovelace and Grace Hopper"},
		{paper.Paper{Authors: []string{"Ada Lovelace", "Grace Hopper"}, AuthorCount: 1200, Categories: []string{"cs.LG", "cs.AI"}}, "Ada Lovelace et al. · 1,200 authors · cs.LG"},
		{paper.Paper{Sightings: []paper.Sighting{{Source: "arxiv", Day: date.New(2026, 3, 1)}}}, "1 Mar 2026"},
	} {
		if got := card.Of(test.p, 0, labels, search.Query{}).Byline; got != test.want {
			t.Errorf("byline of %+v is %q, want %q", test.p, got, test.want)
		}
	}
}

func TestCountsNameWhereVotesAreFrom(t *testing.T) {
	p := paper.Paper{Stars: 1204, Sightings: []paper.Sighting{{Source: "arxiv"}, {Source: "huggingface", Votes: 162, Comments: 1}, {Source: "blog", Votes: 2}}}
	if got, want := card.Counts(p, 3, labels), "▲ 162 on Hugging Face · ▲ 2 on blog · 3 votes here · 1 comment · ★ 1,204"; got != want {
		t.Errorf("counts are %q, want %q", got, want)
	}
	if got := card.Counts(paper.Paper{}, 0, labels); got != "" {
		t.Errorf("counts of a paper without any are %q", got)
	}
}

func TestMatchedWordsAreSetApart(t *testing.T) {
	p := paper.Paper{ID: "arxiv:2602.00001", Title: "Routing Experts", Abstract: strings.Repeat("We route 専門家 and more of them. ", 40)}
	c := card.Of(p, 0, labels, search.Parse("experts"))
	if c.Title.String() != p.Title || len(c.Title) != 2 || c.Title[1] != (chat.Span{Text: "Experts", Style: chat.Italic}) {
		t.Errorf("the title is %+v, want Experts set apart", c.Title)
	}
	if s := c.Summary.String(); len(s) > 300 || !utf8.ValidString(s) || s == "" {
		t.Errorf("the summary has %d bytes: %q", len(s), s)
	}
}
