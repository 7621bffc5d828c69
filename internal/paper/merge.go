package paper

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Merge is what two sightings of one paper tell together. Of two texts the one
// of the higher version wins, then the fuller one; counts are the higher ones,
// since observations come out of order (re-reads, imports, catching up) and
// counts of a paper hardly ever fall; days and dates are the earlier ones.
// Merge(a, b) equals Merge(b, a), and merging what is already merged changes
// nothing. a and b must have the same ID.
func Merge(a, b Paper) Paper {
	if a.Version < b.Version {
		a, b = b, a
	}
	pick := fuller
	if a.Version > b.Version {
		pick = first
	}
	m := Paper{
		ID:           a.ID,
		Version:      a.Version,
		Title:        pick(a.Title, b.Title),
		Abstract:     pick(a.Abstract, b.Abstract),
		Summary:      pick(a.Summary, b.Summary),
		AuthorCount:  max(a.AuthorCount, b.AuthorCount),
		Keywords:     union(a.Keywords, b.Keywords),
		Published:    earlier(a.Published, b.Published),
		Updated:      later(a.Updated, b.Updated),
		DOI:          pick(a.DOI, b.DOI),
		Venue:        pick(a.Venue, b.Venue),
		Comment:      pick(a.Comment, b.Comment),
		Link:         pick(a.Link, b.Link),
		Code:         fuller(a.Code, b.Code),
		Stars:        max(a.Stars, b.Stars),
		Project:      fuller(a.Project, b.Project),
		Organization: fuller(a.Organization, b.Organization),
		Sightings:    mergeSightings(a.Sightings, b.Sightings),
	}
	m.Authors = longerList(a.Authors, b.Authors)
	m.Categories = longerList(a.Categories, b.Categories)
	if a.Version > b.Version {
		m.Authors = firstList(a.Authors, b.Authors)
		m.Categories = firstList(a.Categories, b.Categories)
		m.AuthorCount = cmp.Or(a.AuthorCount, b.AuthorCount)
	}
	m.AuthorCount = max(m.AuthorCount, len(m.Authors))
	return m
}

func first(a, b string) string { return cmp.Or(a, b) }

func firstList(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}

// fuller is the longer text; of equally long ones the greater, so that the
// order of a and b does not matter.
func fuller(a, b string) string {
	if len(a) > len(b) || len(a) == len(b) && a > b {
		return a
	}
	return b
}

// longerList is fuller for lists.
func longerList(a, b []string) []string {
	if len(a) > len(b) || len(a) == len(b) && slices.Compare(a, b) > 0 {
		return a
	}
	return b
}

// union is all of a and b, the fuller list's order first, without repeats in
// another case.
func union(a, b []string) []string {
	long := longerList(a, b)
	short := a
	if len(a) > 0 && len(long) == len(a) && slices.Equal(long, a) {
		short = b
	}
	out := slices.Clone(long)
	for _, s := range short {
		if !slices.ContainsFunc(out, func(t string) bool { return strings.EqualFold(s, t) }) {
			out = append(out, s)
		}
	}
	return out[:min(len(out), MaxWords)]
}

// earlier is the earlier moment, unless it says the same as the other less
// exactly. Some sources give only the day, and reference managers only the
// month or the year, which come as the first midnight of it.
func earlier(a, b time.Time) time.Time {
	switch {
	case a.IsZero():
		return b
	case b.IsZero():
		return a
	case b.Before(a):
		a, b = b, a
	}
	if a.Before(b) && roundsDown(a, b) {
		return b
	}
	return a
}

// roundsDown reports whether a is the first midnight of b's day, month or year.
func roundsDown(a, b time.Time) bool {
	y, m, d := b.Date()
	for _, first := range []time.Time{
		time.Date(y, m, d, 0, 0, 0, 0, time.UTC), time.Date(y, m, 1, 0, 0, 0, 0, time.UTC), time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		if a.Equal(first) {
			return true
		}
	}
	return false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// mergeSightings keeps one sighting of a source and kind.
func mergeSightings(a, b []Sighting) []Sighting {
	if len(a)+len(b) == 0 {
		return nil
	}
	out := slices.Concat(a, b)
	slices.SortStableFunc(out, func(s, t Sighting) int {
		return cmp.Or(cmp.Compare(s.Source, t.Source), cmp.Compare(s.Kind, t.Kind))
	})
	kept := out[:1]
	for _, s := range out[1:] {
		if last := &kept[len(kept)-1]; last.Source == s.Source && last.Kind == s.Kind {
			*last = mergeSighting(*last, s)
		} else {
			kept = append(kept, s)
		}
	}
	return kept
}

// mergeSighting keeps the first day on which a source listed the paper, but the
// last day of a replacement: an older version being replaced is no news.
func mergeSighting(a, b Sighting) Sighting {
	m := Sighting{
		Source:   a.Source,
		Kind:     a.Kind,
		Day:      a.Day,
		Votes:    max(a.Votes, b.Votes),
		Comments: max(a.Comments, b.Comments),
		By:       fuller(a.By, b.By),
	}
	switch {
	case a.Day.IsZero():
		m.Day = b.Day
	case b.Day.IsZero():
	case (a.Kind == Replace) == a.Day.Before(b.Day):
		m.Day = b.Day
	}
	return m
}
