// Package sourcetest checks that a source keeps the contract of package source.
// A source is done when Run passes:
//
//	sourcetest.Run(t, sourcetest.Fixture{
//		New:   func(base string) source.Source { return huggingface.New(sourcetest.Client(), base) },
//		Good:  good,
//		Now:   time.Date(2026, 2, 27, 12, 0, 0, 0, time.UTC),
//		Title: "Sparse",
//	})
package sourcetest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/source"
)

// maxFetches is how many pages a source may need for what little Good has.
const maxFetches = 200

// Fixture is a source and a service for it to read.
type Fixture struct {
	// New builds the source over the service at base, with Client().
	New func(base string) source.Source
	// Good is the service. It holds at least two papers that the source finds
	// from an empty cursor at Now, and answers the same request alike.
	Good http.Handler
	Now  time.Time
	// Title is a word of letters that stands in the title of a paper of Good
	// and nowhere else; it is replaced to spoil that title.
	Title string
	// Known and Unknown are IDs that Good does and does not describe, for a
	// source that is a source.Resolver.
	Known, Unknown paper.ID
}

// Client is a polite client that never waits.
func Client() *polite.Client {
	return polite.New(polite.Options{Version: "test", Pacer: hasty{}})
}

// hasty is a polite.Pacer for services that nobody has to spare.
type hasty struct{}

func (hasty) Reserve(context.Context, string, time.Time, time.Duration) (time.Duration, error) {
	return 0, nil
}
func (hasty) Hold(context.Context, string, time.Time) error { return nil }

// Run checks f's source.
func Run(t *testing.T, f Fixture) {
	good := httptest.NewServer(f.Good)
	t.Cleanup(good.Close)
	t.Run("name is short and stable", func(t *testing.T) { f.checkName(t, good.URL) })
	t.Run("pages lead to the present", func(t *testing.T) { f.checkPages(t, good.URL) })
	t.Run("same ask gives same page", func(t *testing.T) { f.checkStateless(t, good.URL) })
	t.Run("second pass changes nothing", func(t *testing.T) { f.checkSecondPass(t, good.URL) })
	t.Run("strange cursor is an error", func(t *testing.T) { f.checkStrangeCursor(t, good.URL) })
	for _, s := range spoilers(f.Title) {
		t.Run("nothing is lost after "+s.name, func(t *testing.T) { f.checkSpoiled(t, s) })
	}
	t.Run("waiting time is told", f.checkRetryAfter)
	t.Run("ends with its context", f.checkCancel)
	t.Run("resolver answers what was asked", func(t *testing.T) { f.checkResolver(t, good.URL) })
}

func (f Fixture) checkName(t *testing.T, base string) {
	name := f.New(base).Name()
	if !regexp.MustCompile(`^[a-z][a-z0-9]{1,20}$`).MatchString(name) {
		t.Errorf("Name() = %q, want a short lower-case word", name)
	}
	if again := f.New(base).Name(); again != name {
		t.Errorf("Name() = %q, then %q", name, again)
	}
}

func (f Fixture) checkPages(t *testing.T, base string) {
	src := f.New(base)
	pages, _ := f.walk(t, src, "")
	last := pages[len(pages)-1]
	found := map[paper.ID]bool{}
	for i, page := range pages {
		if page.Progress < 0 || page.Progress > 1 {
			t.Errorf("page %d: Progress = %v, want 0 to 1", i+1, page.Progress)
		}
		if page.Wait < 0 || page.Next == "" {
			t.Errorf("page %d: Wait = %v, Next = %q, want no less than 0 and a cursor", i+1, page.Wait, page.Next)
		}
		for _, problem := range page.Problems {
			t.Errorf("page %d: good answers gave a problem: %v", i+1, problem)
		}
		for _, p := range page.Papers {
			CheckPaper(t, src.Name(), p)
			checkSeen(t, src.Name(), p)
			found[p.ID] = true
		}
	}
	if last.Progress != 1 {
		t.Errorf("Progress = %v when caught up, want 1", last.Progress)
	}
	if len(found) < 2 {
		t.Errorf("%d papers found, want at least 2", len(found))
	}
}

// walk fetches from cursor until src has caught up.
func (f Fixture) walk(t *testing.T, src source.Source, cursor string) (pages []source.Page, asked []string) {
	t.Helper()
	for range maxFetches {
		page, err := src.Fetch(t.Context(), source.Ask{Cursor: cursor, Now: f.Now})
		if err != nil {
			t.Fatalf("Fetch(%q): %v", cursor, err)
		}
		pages, asked = append(pages, page), append(asked, cursor)
		cursor = page.Next
		if !page.More {
			return pages, asked
		}
	}
	t.Fatalf("not caught up after %d pages; the last cursor is %q", maxFetches, cursor)
	return nil, nil
}

func (f Fixture) checkStateless(t *testing.T, base string) {
	src := f.New(base)
	pages, asked := f.walk(t, src, "")
	slices.Reverse(asked)
	slices.Reverse(pages)
	for i, cursor := range asked {
		for which, s := range map[string]source.Source{"the same": src, "a new": f.New(base)} {
			again, err := s.Fetch(t.Context(), source.Ask{Cursor: cursor, Now: f.Now})
			if err != nil {
				t.Fatalf("Fetch(%q) again: %v", cursor, err)
			}
			if diff := cmp.Diff(pages[i], again, sameText); diff != "" {
				t.Errorf("Fetch(%q) by %s source gave another page the second time (-first +second):\n%s", cursor, which, diff)
			}
		}
	}
}

// sameText compares errors by what people read of them.
var sameText = cmp.Comparer(func(a, b error) bool { return a.Error() == b.Error() })

func (f Fixture) checkSecondPass(t *testing.T, base string) {
	src := f.New(base)
	pages, _ := f.walk(t, src, "")
	first := merged(nil, pages)
	for name, cursor := range map[string]string{"the last cursor": pages[len(pages)-1].Next, "the beginning": ""} {
		more, _ := f.walk(t, src, cursor)
		if diff := cmp.Diff(first, merged(first, more)); diff != "" {
			t.Errorf("reading on from %s changed papers (-before +after):\n%s", name, diff)
		}
	}
}

// merged is known with all papers of pages.
func merged(known map[paper.ID]paper.Paper, pages []source.Page) map[paper.ID]paper.Paper {
	all := map[paper.ID]paper.Paper{}
	for id, p := range known {
		all[id] = p
	}
	for _, page := range pages {
		for _, p := range page.Papers {
			if old, seen := all[p.ID]; seen {
				p = paper.Merge(old, p)
			}
			all[p.ID] = p
		}
	}
	return all
}

func (f Fixture) checkStrangeCursor(t *testing.T, base string) {
	for _, cursor := range []string{"{", "null", "42", "\x00", `{"day":"2026-13-99"}`} {
		page, err := f.New(base).Fetch(t.Context(), source.Ask{Cursor: cursor, Now: f.Now})
		if err == nil {
			t.Errorf("Fetch(%q) = %d papers, want an error", cursor, len(page.Papers))
		}
	}
}

func (f Fixture) checkResolver(t *testing.T, base string) {
	src := f.New(base)
	resolver, ok := src.(source.Resolver)
	if !ok {
		t.Skip("the source is no source.Resolver")
	}
	const foreign = "doi:10.1000/182"
	for id, want := range map[paper.ID]bool{f.Known: true, f.Unknown: true, foreign: false, "": false} {
		if got := resolver.Resolves(id); got != want {
			t.Errorf("Resolves(%q) = %v, want %v", id, got, want)
		}
	}
	got, err := resolver.Resolve(t.Context(), []paper.Ref{{ID: f.Unknown}, {ID: f.Known, Version: 1}, {ID: foreign}, {ID: ""}})
	if err != nil {
		t.Fatalf("Resolve: %v", err)
	}
	if len(got) != 1 || got[0].ID != f.Known {
		t.Fatalf("Resolve of %q and others = %+v, want that paper alone", f.Known, got)
	}
	CheckPaper(t, src.Name(), got[0])
	if none, err := resolver.Resolve(t.Context(), nil); len(none) > 0 || err != nil {
		t.Errorf("Resolve(nil) = %v, %v, want nothing", none, err)
	}
}
