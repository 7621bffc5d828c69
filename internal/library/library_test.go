package library_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

func open(t *testing.T, s *store.Store, file string, log *strings.Builder) *library.Library {
	t.Helper()
	l, err := library.Open(t.Context(), s, file, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// quit is what happens to l when its process ends.
func quit(t *testing.T, l *library.Library) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// save puts n papers into the feed, numbered from first.
func save(t *testing.T, s *store.Store, first, n int) {
	t.Helper()
	papers := make([]paper.Paper, n)
	for i := range papers {
		papers[i] = paper.Paper{ID: paper.ID(fmt.Sprintf("doi:10.1/%05d", first+i)), Title: fmt.Sprintf("Experts number%d", first+i)}
	}
	if _, err := s.SavePapers(t.Context(), papers); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, l *library.Library, text string) search.Results {
	t.Helper()
	r, err := l.Search(t.Context(), search.Parse(text), team.Everyone, store.Page{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPaperJustSavedIsFound(t *testing.T) {
	s := storetest.Open(t)
	l := open(t, s, "", new(strings.Builder))
	for i := range 3 {
		save(t, s, i, 1)
		if got := find(t, l, "experts"); got.Total != i+1 {
			t.Errorf("after paper %d the search finds %d", i+1, got.Total)
		}
	}
}

func TestALargeImportKeepsNobodyWaiting(t *testing.T) {
	s := storetest.Open(t)
	l := open(t, s, "", new(strings.Builder))
	save(t, s, 0, 1)
	find(t, l, "experts")
	save(t, s, 1, 3000)
	got := find(t, l, "experts")
	if got.Total != 1 || len(got.Notes) == 0 || !strings.Contains(got.Notes[len(got.Notes)-1], "not searchable yet") {
		t.Errorf("during an import the search finds %d papers and notes %q", got.Total, got.Notes)
	}
	if err := l.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := find(t, l, "experts"); got.Total != 1000 || !got.More || l.Len() != 3001 || len(got.Notes) != 0 {
		t.Errorf("after catching up the search finds %d papers and notes %q", got.Total, got.Notes)
	}
}

func TestReadingAgainWhatIsKnownLeavesNothingToWaitFor(t *testing.T) {
	s := storetest.Open(t)
	l := open(t, s, "", new(strings.Builder))
	for range 2 {
		save(t, s, 0, 700)
		if err := l.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := find(t, l, "experts"); got.Total != 700 || len(got.Notes) != 0 {
		t.Errorf("the search finds %d papers and notes %q, want 700 without a note", got.Total, got.Notes)
	}
}

func TestTheIndexOutlivesTheProcess(t *testing.T) {
	s := storetest.Open(t)
	file := filepath.Join(t.TempDir(), "new", "folder", "x.index")
	var log strings.Builder
	save(t, s, 0, 700)
	first := open(t, s, file, &log)
	if err := first.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := first.Save(); err != nil {
		t.Fatal(err)
	}
	quit(t, first)
	if got := open(t, s, file, &log); got.Len() != 700 || log.String() != "" {
		t.Errorf("the index was opened with %d papers; the log has %q", got.Len(), log.String())
	}
}

func TestManyChangesAreSavedBeforeTheProcessEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.Open(t)
		file := filepath.Join(t.TempDir(), "x.index")
		l := open(t, s, file, new(strings.Builder))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- l.Follow(ctx) }()
		save(t, s, 0, 10)
		time.Sleep(time.Minute)
		if files, _ := filepath.Glob(filepath.Join(file, "*.seg")); len(files) > 0 {
			t.Error("a few papers were saved at once")
		}
		save(t, s, 10, 1500)
		time.Sleep(10 * time.Second)
		if got := open(t, s, file, new(strings.Builder)).Len(); got != 1510 {
			t.Errorf("the file has %d papers ten seconds after 1,500 came, want all 1,510", got)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestAnIndexThatCannotBeSavedWarnsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.Open(t)
		folder := filepath.Join(t.TempDir(), "a file, not a folder")
		if err := os.WriteFile(folder, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		save(t, s, 0, 1500)
		l := open(t, s, filepath.Join(folder, "x.index"), &log)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- l.Follow(ctx) }()
		time.Sleep(time.Hour)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := strings.Count(log.String(), "WARN"); n != 1 {
			t.Errorf("an hour without a place for the index gave %d warnings, want 1:\n%s", n, log.String())
		}
		if got := find(t, l, "number1499").Total; got != 1 {
			t.Errorf("the search finds %d papers, want the last of 1,500 all the same", got)
		}
	})
}

func TestAnIndexThatIsNoUseIsBuiltAgain(t *testing.T) {
	s, other := storetest.Open(t), storetest.Open(t)
	save(t, s, 0, 5)
	save(t, other, 100, 3)
	saved := func(s *store.Store) (folder string) {
		folder = filepath.Join(t.TempDir(), "x.index")
		l := open(t, s, folder, new(strings.Builder))
		if err := errors.Join(l.CatchUp(t.Context()), l.Save()); err != nil {
			t.Fatal(err)
		}
		quit(t, l)
		return folder
	}
	for name, c := range map[string]struct {
		of   *store.Store
		harm func(file string, whole []byte) error
		told string
	}{
		"whole":          {of: s},
		"torn":           {s, func(file string, whole []byte) error { return os.WriteFile(file, whole[:len(whole)/2], 0o600) }, "built anew"},
		"empty":          {s, func(file string, _ []byte) error { return os.WriteFile(file, nil, 0o600) }, "built anew"},
		"foreign":        {s, func(file string, _ []byte) error { return os.WriteFile(file, []byte("not an index"), 0o600) }, "built anew"},
		"missing":        {s, func(file string, _ []byte) error { return os.Remove(file) }, "built anew"},
		"another feed's": {of: other, told: "another feed"},
	} {
		folder := saved(c.of)
		files, _ := filepath.Glob(filepath.Join(folder, "*.seg"))
		whole, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		if c.harm != nil {
			if err := c.harm(files[0], whole); err != nil {
				t.Fatal(err)
			}
		}
		var log strings.Builder
		l := open(t, s, folder, &log)
		if got := find(t, l, "experts"); got.Total != 5 || got.Hits[0].ID >= "doi:10.1/00100" {
			t.Errorf("%s: the search finds %+v, want this feed's 5 papers", name, got.Hits)
		}
		if !strings.Contains(log.String(), c.told) || c.told == "" && log.String() != "" {
			t.Errorf("%s: the log has %q", name, log.String())
		}
	}
}

func TestAnIndexDamagedWhileInUseHeals(t *testing.T) {
	s := storetest.Open(t)
	folder := filepath.Join(t.TempDir(), "x.index")
	save(t, s, 0, 700)
	l := open(t, s, folder, new(strings.Builder))
	if err := errors.Join(l.CatchUp(t.Context()), l.Save()); err != nil {
		t.Fatal(err)
	}
	quit(t, l)
	files, _ := filepath.Glob(filepath.Join(folder, "*.seg"))
	f, err := os.OpenFile(files[0], os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, info.Size()/4), 100); err != nil { // among the postings
		t.Fatal(err)
	}
	f.Close()
	var log strings.Builder
	l = open(t, s, folder, &log)
	for i := range 20 {
		find(t, l, fmt.Sprintf("number%d", i))
	}
	find(t, l, "experts cat:cs nu*")
	if err := l.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := find(t, l, "experts"); got.Total != 700 || !strings.Contains(log.String(), "damaged") {
		t.Errorf("after healing the search finds %d papers, want 700; the log has %q", got.Total, log.String())
	}
}

func TestVotesOfTheTeamCount(t *testing.T) {
	s := storetest.Open(t)
	l := open(t, s, "", new(strings.Builder))
	save(t, s, 0, 3)
	vote := team.ByHand(team.Everyone, "doi:10.1/00001", chat.Person{Platform: "p", ID: "u"}, team.Up, time.Now())
	if _, err := s.Mark(t.Context(), vote); err != nil {
		t.Fatal(err)
	}
	if got := find(t, l, "experts votes:1"); got.Total != 1 || got.Hits[0].ID != vote.Paper {
		t.Errorf("votes:1 finds %+v", got.Hits)
	}
	if got := find(t, l, "experts sort:votes"); got.Total != 3 || got.Hits[0].ID != vote.Paper {
		t.Errorf("sort:votes finds %+v", got.Hits)
	}
}

func TestSearchWhilePapersArrive(t *testing.T) {
	s := storetest.Open(t)
	l := open(t, s, "", new(strings.Builder))
	save(t, s, 0, 10)
	find(t, l, "experts")
	var working sync.WaitGroup
	working.Go(func() {
		for i := range 20 {
			save(t, s, 10+i*20, 20)
		}
	})
	for range 3 {
		working.Go(func() {
			seen := 0
			for range 30 {
				got := find(t, l, "experts").Total
				if got < seen {
					t.Errorf("a search finds %d papers after one that found %d", got, seen)
				}
				seen = got
			}
		})
	}
	working.Wait()
	if got := find(t, l, "experts"); got.Total != 410 {
		t.Errorf("in the end the search finds %d papers, want 410", got.Total)
	}
}
