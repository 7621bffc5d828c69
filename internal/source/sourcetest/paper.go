package sourcetest

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/paper"
)

// CheckPaper checks what holds for any paper of the source of that name.
func CheckPaper(t *testing.T, name string, p paper.Paper) {
	t.Helper()
	schemes := []string{paper.SchemeArXiv, paper.SchemeDOI, paper.SchemeOpenReview, paper.SchemeACL, paper.SchemeURL}
	if !slices.Contains(schemes, p.ID.Scheme()) || p.ID.Value() == "" {
		t.Errorf("ID %q has no known form", p.ID)
	}
	if p.URL() == "" {
		t.Errorf("%s: no address", p.ID)
	}
	for field, text := range map[string]string{
		"Title": p.Title, "Summary": p.Summary, "Venue": p.Venue, "Comment": p.Comment, "Organization": p.Organization,
	} {
		if clean := paper.Line(text, paper.MaxSummary); text != clean {
			t.Errorf("%s: %s is %.200q, want %.200q", p.ID, field, text, clean)
		}
	}
	if p.Title == "" || len(p.Title) > paper.MaxTitle {
		t.Errorf("%s: the title has %d bytes, want 1 to %d", p.ID, len(p.Title), paper.MaxTitle)
	}
	if clean := paper.Paragraphs(p.Abstract, paper.MaxAbstract); p.Abstract != clean {
		t.Errorf("%s: Abstract is %.200q, want %.200q", p.ID, p.Abstract, clean)
	}
	if p.AuthorCount < len(p.Authors) || len(p.Authors) > paper.MaxAuthors {
		t.Errorf("%s: AuthorCount = %d with %d authors", p.ID, p.AuthorCount, len(p.Authors))
	}
	for _, list := range [][]string{p.Authors, p.Categories, p.Keywords} {
		for _, text := range list {
			if text == "" || text != paper.Line(text, paper.MaxName) {
				t.Errorf("%s: %.200q in a list is not clean", p.ID, text)
			}
		}
	}
	for _, at := range []time.Time{p.Published, p.Updated} {
		if at.Location() != time.UTC {
			t.Errorf("%s: %v is not in UTC", p.ID, at)
		}
	}
	for _, s := range p.Sightings {
		if s.Source != name || s.Votes < 0 || s.Comments < 0 {
			t.Errorf("%s: sighting %+v, want source %q and no negative counts", p.ID, s, name)
		}
	}
	var stored paper.Paper
	if b, err := json.Marshal(p); err != nil || json.Unmarshal(b, &stored) != nil || !cmp.Equal(p, stored) {
		t.Errorf("%s does not come back from JSON as it was: %+v (%v)", p.ID, p, err)
	}
	if diff := cmp.Diff(p, paper.Merge(p, p)); diff != "" {
		t.Errorf("%s changes when it is merged with itself (-before +after):\n%s", p.ID, diff)
	}
}

// checkSeen checks that p, from a page, says when it was listed.
func checkSeen(t *testing.T, name string, p paper.Paper) {
	t.Helper()
	if len(p.Sightings) == 0 || p.Sightings[0].Day.IsZero() {
		t.Errorf("%s: sightings %+v, want the day on which %s listed it", p.ID, p.Sightings, name)
	}
}
