package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

var (
	ctx   = context.Background()
	noon  = time.Date(2026, 2, 27, 12, 0, 0, 0, time.UTC)
	feb27 = date.New(2026, 2, 27)
)

// full is a paper with every field set.
func full(id paper.ID) paper.Paper {
	return paper.Paper{
		ID: id, Version: 2, Title: "Sparse experts & “friends” <b>", Abstract: "One.\n\nTwo 混合专家.",
		Summary: "Short.", Authors: []string{"A. Author", "B, Jr."}, AuthorCount: 573,
		Categories: []string{"cs.LG", "cs.AI"}, Keywords: []string{"mixture of experts"},
		Published: noon.Add(1500 * time.Microsecond), Updated: noon.Add(time.Hour),
		DOI: "10.1/x", Venue: "ACL", Comment: "12 pages", Link: "https://example.org/p",
		Code: "https://github.com/a/b", Stars: 79408, Project: "https://a.example", Organization: "Lab",
		Sightings: []paper.Sighting{
			{Source: "arxiv", Kind: paper.New, Day: feb27},
			{Source: "huggingface", Day: feb27.AddDays(1), Votes: 162, Comments: 5, By: "user-a"},
		},
	}
}

func save(t *testing.T, s *store.Store, papers ...paper.Paper) store.Saved {
	t.Helper()
	saved, err := s.SavePapers(ctx, papers)
	if err != nil {
		t.Fatalf("SavePapers: %v", err)
	}
	return saved
}

func get(t *testing.T, s *store.Store, id paper.ID) paper.Paper {
	t.Helper()
	p, ok, err := s.Paper(ctx, id)
	if err != nil || !ok {
		t.Fatalf("Paper(%s) = found %v, %v", id, ok, err)
	}
	return p
}

func TestPapersComeBackAsSaved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		want := []paper.Paper{full("arxiv:2602.00001"), {ID: "doi:10.1/y", Title: "0"}}
		save(t, s, want...)
		got, err := s.Papers(ctx, []paper.ID{"arxiv:2602.00001", "arxiv:nobody", "doi:10.1/y"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("papers (-saved +read):\n%s", diff)
		}
	})
}

func TestSavingAgainChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		papers := []paper.Paper{full("arxiv:2602.00001"), full("arxiv:2602.00002")}
		if got, want := save(t, s, papers...), (store.Saved{Added: 2}); got != want {
			t.Errorf("first time %+v, want %+v", got, want)
		}
		before, err := s.LastChange(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := save(t, s, papers...), (store.Saved{Same: 2}); got != want {
			t.Errorf("second time %+v, want %+v", got, want)
		}
		again, _, err := s.Changes(ctx, before, 10)
		if err != nil || len(again) != 0 {
			t.Errorf("changes after saving the same again: %v, %v; want none", again, err)
		}
		if after, err := s.LastChange(ctx); after != before || err != nil {
			t.Errorf("the last change is %d, %v after saving the same again; want %d still", after, err, before)
		}
		more := papers[0]
		more.Sightings = []paper.Sighting{{Source: "huggingface", Day: feb27, Votes: 200}}
		if got, want := save(t, s, more, papers[1]), (store.Saved{Changed: 1, Same: 1}); got != want {
			t.Errorf("with more votes %+v, want %+v", got, want)
		}
		if got := get(t, s, papers[0].ID); got.Votes() != 200 || len(got.Sightings) != 2 {
			t.Errorf("after more votes the sightings are %+v", got.Sightings)
		}
	})
}

func TestChangeNumbersHaveNoGaps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var papers []paper.Paper
		for i := range 50 {
			papers = append(papers, full(paper.ID(fmt.Sprintf("doi:10.1/%02d", i))))
		}
		for range 3 {
			save(t, s, papers...)
		}
		papers[7].Sightings = []paper.Sighting{{Source: "huggingface", Day: feb27, Votes: 200}}
		save(t, s, papers...)
		if last, err := s.LastChange(ctx); last != 51 || err != nil {
			t.Errorf("after 51 changes the last number is %d, %v", last, err)
		}
	})
}

func TestOneBatchMayNameAPaperTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, b := full("arxiv:2602.00001"), paper.Paper{ID: "arxiv:2602.00001", Title: "x", Version: 3}
		if got, want := save(t, s, a, b), (store.Saved{Added: 1}); got != want {
			t.Errorf("saved %+v, want %+v", got, want)
		}
		if got := get(t, s, a.ID); got.Version != 3 || got.Title != "x" || got.Abstract != a.Abstract {
			t.Errorf("merged to %+v", got)
		}
	})
}

func TestHostileTextIsStoredClean(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		save(t, s, paper.Paper{
			ID: "arxiv:2602.00001", Title: "Robert'); DROP TABLE papers;--\x00 \xff\n" + strings.Repeat("x", 10<<20),
			Abstract: "a\x00b", Authors: []string{"\x00", "N\x07N"}, Code: "javascript:alert(1)",
		})
		got := get(t, s, "arxiv:2602.00001")
		if !strings.HasPrefix(got.Title, "Robert'); DROP TABLE papers;-- \uFFFD xxx") || len(got.Title) > paper.MaxTitle {
			t.Errorf("title stored as %.60q… (%d bytes)", got.Title, len(got.Title))
		}
		if got.Abstract != "a b" || len(got.Authors) != 1 || got.Authors[0] != "N N" || got.Code != "" {
			t.Errorf("stored %+v", got)
		}
	})
}

func TestNumbersBeyondBelief(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const huge = 1 << 40
		far := date.New(12345, 1, 1)
		given := paper.Paper{
			ID: "arxiv:2602.00001", Title: "T", Version: huge, AuthorCount: huge, Stars: huge,
			Published: time.Unix(0, 0), Updated: far.Start(time.UTC),
			Sightings: []paper.Sighting{{Source: "x", Day: far, Votes: huge, Comments: -huge}},
		}
		save(t, s, given)
		got := get(t, s, given.ID)
		const most = 1<<31 - 1
		want := paper.Paper{
			ID: given.ID, Title: "T", Version: most, AuthorCount: most, Stars: most,
			Published: time.UnixMicro(1).UTC(),
			Sightings: []paper.Sighting{{Source: "x", Votes: most}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		if again := save(t, s, given); again != (store.Saved{Same: 1}) {
			t.Errorf("saved once more %+v, want it unchanged", again)
		}
	})
}

func TestPapersWithoutTitleAreRefusedTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if _, err := s.SavePapers(ctx, []paper.Paper{full("arxiv:2602.00001"), {ID: "arxiv:2602.00002"}}); err == nil {
			t.Error("a paper without a title was saved")
		}
		if n, err := s.CountPapers(ctx); n != 0 || err != nil {
			t.Errorf("%d papers are in the feed (%v), want none", n, err)
		}
	})
}

func TestChangesMissNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const writers, batches, size = 4, 5, 7
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for b := range batches {
					var papers []paper.Paper
					for i := range size {
						// Every writer also touches a paper that the others touch.
						papers = append(papers, full(paper.ID(fmt.Sprintf("doi:10.%d/%d-%d", w, b, i))),
							paper.Paper{ID: "doi:10.9/shared", Title: "Shared", Keywords: []string{fmt.Sprint(w, b)}})
					}
					if _, err := s.SavePapers(ctx, papers); err != nil {
						t.Errorf("writer %d: %v", w, err)
					}
				}
			})
		}
		seen := make(map[paper.ID]bool)
		done := make(chan struct{})
		go func() { wg.Wait(); close(done) }()
		var after int64
		for running := true; ; {
			papers, last, err := s.Changes(ctx, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range papers {
				seen[p.ID] = true
			}
			after = last
			if len(papers) > 0 {
				continue
			}
			if !running {
				break
			}
			select {
			case <-done:
				running = false
			default:
			}
		}
		if want := writers*batches*size + 1; len(seen) != want {
			t.Errorf("the follower saw %d papers, want %d", len(seen), want)
		}
		if got := get(t, s, "doi:10.9/shared"); len(got.Keywords) != writers*batches {
			t.Errorf("the shared paper kept %d of %d writers' keywords: an update was lost", len(got.Keywords), writers*batches)
		}
	})
}

func TestListedByVotesOfSourceAndTeam(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		on := func(id paper.ID, day date.Date, votes int, kind paper.Kind) paper.Paper {
			return paper.Paper{ID: id, Title: "T", Sightings: []paper.Sighting{{Source: "x", Kind: kind, Day: day, Votes: votes}}}
		}
		save(t, s, on("doi:10.1/a", feb27, 1, ""), on("doi:10.1/b", feb27, 2, ""), on("doi:10.1/c", feb27, 9, paper.Replace),
			on("doi:10.1/d", feb27.AddDays(-1), 5, ""), on("doi:10.1/e", feb27.AddDays(-9), 50, ""))
		for _, who := range []string{"U1", "U2"} {
			vote(t, s, team.Mark{Paper: "doi:10.1/a", By: person(who), At: noon})
		}
		want := store.Listing{Papers: []paper.ID{"doi:10.1/d", "doi:10.1/a"}, Total: 3}
		got, err := s.Listed(ctx, team.Everyone, feb27.AddDays(-1), feb27, store.Page{Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("listed (-want +got):\n%s", diff)
		}
		got, err = s.Listed(ctx, "another team", feb27, feb27, store.Page{Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]paper.ID{"doi:10.1/b", "doi:10.1/a"}, got.Papers); diff != "" {
			t.Errorf("another team's list (-want +got):\n%s", diff)
		}
		save(t, s, on("doi:10.1/f", feb27, 0, ""), paper.Paper{ID: "doi:10.1/f", Title: "T", Sightings: []paper.Sighting{{Source: "y", Day: feb27.AddDays(1), Votes: 7}}})
		got, err = s.Listed(ctx, team.Everyone, feb27, feb27, store.Page{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(store.Listing{Papers: []paper.ID{"doi:10.1/f"}, Total: 3}, got); diff != "" {
			t.Errorf("listed with votes that another source reported a day later (-want +got):\n%s", diff)
		}
		if day, err := s.LatestDay(ctx, feb27); day != feb27.AddDays(-1) || err != nil {
			t.Errorf("LatestDay before %s = %s, %v", feb27, day, err)
		}
	})
}

func person(id string) chat.Person {
	return chat.Person{Platform: "slack", Space: "T1", ID: id}
}

func post(id string) chat.Post {
	return chat.Post{Place: chat.Place{Platform: "slack", Space: "T1", Channel: "C1"}, ID: id}
}

// vote records v for team.Everyone and reports whether it changed anything.
func vote(t *testing.T, s *store.Store, v team.Mark) bool {
	t.Helper()
	v.Team, v.Kind = team.Everyone, team.Up
	if v.Sign == "" {
		v.Sign = "button"
	}
	changed, err := s.Mark(ctx, v)
	if err != nil {
		t.Fatalf("Vote: %v", err)
	}
	return changed
}

func votesFor(t *testing.T, s *store.Store, id paper.ID) int {
	t.Helper()
	votes, err := s.Votes(ctx, team.Everyone, []paper.ID{id, "doi:10.1/other"})
	if err != nil {
		t.Fatalf("Votes: %v", err)
	}
	return votes[id]
}

func TestVoteTwiceCountsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const id = "doi:10.1/a"
		steps := []struct {
			what    string
			v       team.Mark
			changed bool
			count   int
		}{
			{"a reaction", team.Mark{On: post("1"), Sign: "+1", At: noon}, true, 1},
			{"the same, delivered again", team.Mark{On: post("1"), Sign: "+1", At: noon}, false, 1},
			{"another emoji", team.Mark{On: post("1"), Sign: "fire", At: noon.Add(time.Second)}, true, 1},
			{"another post", team.Mark{On: post("2"), Sign: "+1", At: noon.Add(2 * time.Second)}, true, 1},
			{"one taken back", team.Mark{On: post("1"), Sign: "+1", At: noon.Add(3 * time.Second), Withdrawn: true}, true, 1},
			{"the emoji taken back", team.Mark{On: post("1"), Sign: "fire", At: noon.Add(4 * time.Second), Withdrawn: true}, true, 1},
			{"the last taken back", team.Mark{On: post("2"), Sign: "+1", At: noon.Add(5 * time.Second), Withdrawn: true}, true, 0},
			{"its adding delivered late", team.Mark{On: post("2"), Sign: "+1", At: noon.Add(2 * time.Second)}, false, 0},
			{"a withdrawal that overtakes its adding", team.Mark{On: post("3"), Sign: "+1", At: noon.Add(9 * time.Second), Withdrawn: true}, true, 0},
			{"the overtaken adding", team.Mark{On: post("3"), Sign: "+1", At: noon.Add(8 * time.Second)}, false, 0},
		}
		for _, step := range steps {
			step.v.Paper, step.v.By = id, person("U1")
			if changed := vote(t, s, step.v); changed != step.changed {
				t.Errorf("%s: changed = %v, want %v", step.what, changed, step.changed)
			}
			if got := votesFor(t, s, id); got != step.count {
				t.Errorf("%s: %d votes, want %d", step.what, got, step.count)
			}
			if has, err := s.HasVoted(ctx, person("U1"), id); has != (step.count == 1) || err != nil {
				t.Errorf("%s: HasVoted = %v, %v", step.what, has, err)
			}
		}
	})
}

func TestManyVotersAtOnceAreAllCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				v := team.Mark{Team: team.Everyone, Paper: "doi:10.1/a", By: person(fmt.Sprint("U", i%20)), On: post(fmt.Sprint(i)), Sign: "+1", Kind: team.Up, At: noon}
				if _, err := s.Mark(ctx, v); err != nil {
					t.Errorf("vote %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got := votesFor(t, s, "doi:10.1/a"); got != 20 {
			t.Errorf("%d votes, want one each of 20 people", got)
		}
	})
}

func TestTopCountsVotesSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, id := range []paper.ID{"doi:10.1/old", "doi:10.1/a", "doi:10.1/b"} {
			save(t, s, paper.Paper{ID: id, Title: "T"})
		}
		vote(t, s, team.Mark{Paper: "doi:10.1/still-looked-up", By: person("U1"), At: noon})
		for i, v := range []struct {
			id  paper.ID
			ago time.Duration
		}{{"doi:10.1/old", 48 * time.Hour}, {"doi:10.1/old", 48 * time.Hour}, {"doi:10.1/old", time.Hour}, {"doi:10.1/a", 2 * time.Hour}, {"doi:10.1/a", time.Hour}, {"doi:10.1/b", 0}} {
			vote(t, s, team.Mark{Paper: v.id, By: person(fmt.Sprint("U", i)), At: noon.Add(-v.ago)})
		}
		for _, c := range []struct {
			since time.Time
			want  []paper.ID
		}{
			{noon.Add(-24 * time.Hour), []paper.ID{"doi:10.1/a", "doi:10.1/b", "doi:10.1/old"}},
			{time.Time{}, []paper.ID{"doi:10.1/old", "doi:10.1/a", "doi:10.1/b"}},
			{noon.Add(time.Hour), nil},
		} {
			got, err := s.Top(ctx, team.Everyone, c.since, store.Page{Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(store.Listing{Papers: c.want, Total: len(c.want)}, got); diff != "" {
				t.Errorf("top since %s (-want +got):\n%s", c.since, diff)
			}
		}
		all, err := s.AllVotes(ctx, team.Everyone)
		if diff := cmp.Diff(map[paper.ID]int{"doi:10.1/old": 3, "doi:10.1/a": 2, "doi:10.1/b": 1, "doi:10.1/still-looked-up": 1}, all); diff != "" || err != nil {
			t.Errorf("AllVotes (-want +got) %v:\n%s", err, diff)
		}
	})
}

func TestSavedListIsTheLatestFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for i, id := range []paper.ID{"doi:10.1/a", "doi:10.1/b", "doi:10.1/a"} {
			if _, err := s.Mark(ctx, team.ByHand(team.Everyone, id, person("U1"), team.Save, noon.Add(time.Duration(i)*time.Hour))); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Saved(ctx, person("U1"), store.Page{Limit: 10})
		if diff := cmp.Diff(store.Listing{Papers: []paper.ID{"doi:10.1/a", "doi:10.1/b"}, Total: 2}, got); diff != "" || err != nil {
			t.Errorf("saved (-want +got) %v:\n%s", err, diff)
		}
		for _, want := range []bool{true, false} {
			if was, err := s.Unsave(ctx, person("U1"), "doi:10.1/a", noon.Add(9*time.Hour)); was != want || err != nil {
				t.Errorf("Unsave = %v, %v; want %v", was, err, want)
			}
		}
		if got, err := s.Saved(ctx, person("U2"), store.Page{Limit: 10}); got.Total != 0 || err != nil {
			t.Errorf("another person's list is %+v, %v", got, err)
		}
	})
}

func TestPostsAndSharesAreRemembered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		share := team.Share{Team: team.Everyone, Paper: "doi:10.1/a", By: person("U1"), Post: post("1"), At: noon}
		for range 2 { // redelivered
			if err := s.Share(ctx, share); err != nil {
				t.Fatal(err)
			}
			if err := s.RecordPost(ctx, post("1"), []paper.ID{"doi:10.1/b", "doi:10.1/a"}); err != nil {
				t.Fatal(err)
			}
		}
		shares, err := s.Shares(ctx, team.Everyone, "doi:10.1/a")
		if diff := cmp.Diff([]team.Share{share}, shares); diff != "" || err != nil {
			t.Errorf("shares (-want +got) %v:\n%s", err, diff)
		}
		papers, err := s.PostPapers(ctx, post("1"))
		if diff := cmp.Diff([]paper.ID{"doi:10.1/b", "doi:10.1/a"}, papers); diff != "" || err != nil {
			t.Errorf("papers of the post (-want +got) %v:\n%s", err, diff)
		}
	})
}

func TestASourceIsReadByOneAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		lease := func(owner string, now time.Time, early bool) (store.Lease, bool) {
			t.Helper()
			l, ok, err := s.LeaseSource(ctx, "arxiv", owner, now, now.Add(time.Minute), early)
			if err != nil {
				t.Fatal(err)
			}
			return l, ok
		}
		first, ok := lease("a", noon, false)
		if !ok || first.Cursor != "" {
			t.Fatalf("first lease: %+v, %v", first, ok)
		}
		if _, ok := lease("b", noon.Add(59*time.Second), true); ok {
			t.Error("a second reader got the source while the first held it")
		}
		if _, err := s.SavePage(ctx, &first, []paper.Paper{full("arxiv:2602.00001")}, "page 2", noon.Add(2*time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, ok := lease("b", noon.Add(90*time.Second), false); ok {
			t.Error("saving a page did not prolong the lease")
		}
		second, ok := lease("b", noon.Add(3*time.Minute), false)
		if !ok || second.Cursor != "page 2" {
			t.Fatalf("lease after the first ran out: %+v, %v; want the cursor of the page saved", second, ok)
		}
		if _, err := s.SavePage(ctx, &first, []paper.Paper{full("arxiv:2602.00002")}, "page 3", noon.Add(5*time.Minute)); err == nil {
			t.Error("a reader that lost its lease could still save")
		}
		if _, ok, _ := s.Paper(ctx, "arxiv:2602.00002"); ok {
			t.Error("the page of a reader that lost its lease was kept")
		}
		if err := s.SourceFailed(ctx, second, "arXiv did not answer", noon.Add(4*time.Minute), noon.Add(9*time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, ok := lease("a", noon.Add(8*time.Minute), false); ok {
			t.Error("the source was leased before it was due")
		}
		third, ok := lease("a", noon.Add(8*time.Minute), true)
		if !ok {
			t.Fatal("early leasing was refused")
		}
		if err := s.SourceDone(ctx, third, noon.Add(8*time.Minute), noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		want := []store.SourceState{{Name: "arxiv", Cursor: "page 2", SucceededAt: noon.Add(8 * time.Minute), FailedAt: noon.Add(4 * time.Minute), NextAt: noon.Add(time.Hour)}}
		got, err := s.Sources(ctx)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("sources (-want +got) %v:\n%s", err, diff)
		}
	})
}

func TestOneOfManyGetsTheLease(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		var mu sync.Mutex // guards got
		got := 0
		for i := range 12 {
			wg.Go(func() {
				_, ok, err := s.LeaseSource(ctx, "arxiv", fmt.Sprint(i), noon, noon.Add(time.Minute), false)
				if err != nil {
					t.Errorf("lease %d: %v", i, err)
				}
				if ok {
					mu.Lock()
					got++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if got != 1 {
			t.Errorf("%d readers got the lease, want 1", got)
		}
	})
}

func TestRequestsOfAllProcessesKeepTheirDistance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		waits := make(chan time.Duration, 20)
		var wg sync.WaitGroup
		for range cap(waits) {
			wg.Go(func() {
				wait, err := s.Reserve(ctx, "arxiv", noon, 3*time.Second)
				if err != nil {
					t.Error(err)
				}
				waits <- wait
			})
		}
		wg.Wait()
		close(waits)
		seen := make(map[time.Duration]bool)
		for wait := range waits {
			if wait%(3*time.Second) != 0 || seen[wait] {
				t.Errorf("two requests were told to wait %s", wait)
			}
			seen[wait] = true
		}
		if err := s.Hold(ctx, "arxiv", noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if wait, err := s.Reserve(ctx, "arxiv", noon, 3*time.Second); wait != time.Hour || err != nil {
			t.Errorf("while held, the wait is %s, %v; want 1h", wait, err)
		}
		if wait, err := s.Reserve(ctx, "other", noon, 3*time.Second); wait != 0 || err != nil {
			t.Errorf("another key waits %s, %v; want 0", wait, err)
		}
	})
}

func TestWantedPapersAreLookedUpAgainLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ref := paper.Ref{ID: "arxiv:2602.00001", Version: 2}
		for range 2 {
			if err := s.Want(ctx, ref, feb27, noon); err != nil {
				t.Fatal(err)
			}
		}
		take := func(now time.Time) (store.Wanted, bool) {
			t.Helper()
			w, ok, err := s.TakeWanted(ctx, now, now.Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			return w, ok
		}
		if w, ok := take(noon); !ok || w != (store.Wanted{Ref: ref, Day: feb27, Tries: 1}) {
			t.Fatalf("took %+v, %v", w, ok)
		}
		if w, ok := take(noon.Add(time.Minute)); ok {
			t.Errorf("took %+v again at once", w)
		}
		if w, ok := take(noon.Add(2 * time.Hour)); !ok || w.Tries != 2 {
			t.Errorf("took %+v, %v; want a second try", w, ok)
		}
		if err := s.Found(ctx, full(ref.ID)); err != nil {
			t.Fatal(err)
		}
		get(t, s, ref.ID)
		if wanted, err := s.IsWanted(ctx, ref.ID); wanted || err != nil {
			t.Errorf("still wanted after it was found: %v, %v", wanted, err)
		}
	})
}

func TestOneOfTwoTakesAWantedPaper(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		s, err := store.Open(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if s.Engine() == "sqlite" {
			t.Skip("SQLite has one writer at a time")
		}
		if err := s.Want(ctx, paper.Ref{ID: "arxiv:2602.00001"}, feb27, noon); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("pgx", address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		other, err := db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		var pid int
		if err := other.QueryRow("UPDATE wanted SET next_at = $1 RETURNING pg_backend_pid()", noon.Add(time.Hour).UnixMicro()).Scan(&pid); err != nil {
			t.Fatal(err)
		}
		taken := make(chan bool, 1)
		go func() {
			_, ok, err := s.TakeWanted(ctx, noon, noon.Add(time.Hour))
			taken <- ok || err != nil
		}()
		for waiting := 0; waiting == 0; {
			if err := db.QueryRow("SELECT COUNT(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))", pid).Scan(&waiting); err != nil {
				t.Fatal(err)
			}
		}
		if err := other.Commit(); err != nil {
			t.Fatal(err)
		}
		if <-taken {
			t.Error("a paper that another process has just taken was taken once more")
		}
	})
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		for range 2 { // opening twice is fine
			s, err := store.Open(ctx, address)
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
		}
		driver, dsn := "pgx", address
		if !strings.HasPrefix(address, "postgres") {
			driver = "sqlite"
		}
		db, err := sql.Open(driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)"); err != nil {
			t.Fatal(err)
		}
		_, err = store.Open(ctx, address)
		if err == nil || !strings.Contains(err.Error(), "newer Paperboy") {
			t.Errorf("opening it said %v", err)
		}
	})
}

func TestManyProcessesMayOpenANewDatabase(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				s, err := store.Open(ctx, address)
				if err != nil {
					t.Errorf("process %d: %v", i, err)
					return
				}
				defer s.Close()
				if _, err := s.SavePapers(ctx, []paper.Paper{full("arxiv:2602.00001")}); err != nil {
					t.Errorf("process %d: %v", i, err)
				}
			})
		}
		wg.Wait()
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ address, want string }{
		{"", "needs a file path"},
		{":memory:", "needs a file path"},
		{"mysql://root:secret@db/x", "mysql://"},
		{"postgres://user:se cret@host:port/x", "is not a PostgreSQL address"},
		{"postgres://user:secret@127.0.0.1:1/x", "does not answer"},
		{filepath.Join(dir, "no", "such.db"), "create"},
		{text, "not a SQLite database"},
		{dir, "cannot be opened"},
	} {
		_, err := store.Open(ctx, c.address)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q) = %v, want %q and no password", c.address, err, c.want)
		}
	}
}

func TestAUserWhoMayNotMakeTablesIsToldAtOnce(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		if !strings.HasPrefix(address, "postgres") {
			t.Skip("SQLite has no users")
		}
		// A role that every server has and that may only read.
		_, err := store.Open(ctx, address+"&role=pg_read_all_data")
		if err == nil || !strings.Contains(err.Error(), "GRANT CREATE") {
			t.Errorf("Open = %v, want what to grant", err)
		}
	})
}

func TestOddFileNamesAreTakenLiterally(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?mode=ro&x%41#1.db")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if rights := info.Mode().Perm(); rights&0o077 != 0 {
		t.Errorf("others may use the database: its rights are %v", rights)
	}
}

func TestBackupOfALiveStore(t *testing.T) {
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "paperboy.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	save(t, s, full("arxiv:2602.00001"))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := s.SavePapers(ctx, []paper.Paper{full(paper.ID(fmt.Sprint("doi:10.1/", i)))}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	file := filepath.Join(t.TempDir(), "copy.db")
	err = s.Backup(ctx, file)
	close(stop)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	copied, err := store.Open(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	get(t, copied, "arxiv:2602.00001")
	papers, _, err := copied.Changes(ctx, 0, 1<<20)
	last, _ := copied.LastChange(ctx)
	if n := len(papers); err != nil || int64(n) != last {
		t.Errorf("the copy has %d papers and its last change is %d (%v): it is torn", n, last, err)
	}
	if err := s.Backup(ctx, file); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a second backup over the first said %v", err)
	}
	if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".paperboy*")); len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
}
