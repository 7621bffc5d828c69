package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// mark records what U1 puts on a post, or by hand where post is "".
func mark(t testing.TB, s *store.Store, kind team.Kind, id paper.ID, on, sign string, at time.Time, withdrawn bool) bool {
	t.Helper()
	m := team.ByHand(team.Everyone, id, person("U1"), kind, at)
	if on != "" {
		m.On, m.Sign = post(on), sign
	}
	m.Withdrawn = withdrawn
	changed, err := s.Mark(t.Context(), m)
	if err != nil {
		t.Fatalf("mark %s: %v", id, err)
	}
	return changed
}

func saved(t testing.TB, s *store.Store, who chat.Person) []paper.ID {
	t.Helper()
	l, err := s.Saved(t.Context(), who, store.Page{Limit: 10})
	if err != nil || l.Total != len(l.Papers) {
		t.Fatalf("saved are %+v, %v", l, err)
	}
	return l.Papers
}

func TestADownvoteIsPrivateAndCountedNowhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		save(t, s, paper.Paper{ID: "doi:10.1/a", Title: "T", Authors: []string{"A. Author"}})
		mark(t, s, team.Down, "doi:10.1/a", "", "", noon, false)
		mark(t, s, team.Down, "doi:10.1/a", "1", "-1", noon, false)
		mark(t, s, team.Save, "doi:10.1/a", "1", "bookmark", noon, false)
		if n := votesFor(t, s, "doi:10.1/a"); n != 0 {
			t.Errorf("%d votes, want none", n)
		}
		if has, err := s.HasVoted(ctx, person("U1"), "doi:10.1/a"); has || err != nil {
			t.Errorf("HasVoted = %v, %v", has, err)
		}
		top, err := s.Top(ctx, team.Everyone, time.Time{}, store.Page{Limit: 9})
		all, err2 := s.AllVotes(ctx, team.Everyone)
		voters, err3 := s.Voters(ctx, team.Everyone, "doi:10.1/a")
		taste, err4 := s.Taste(ctx, team.Everyone, time.Time{})
		if top.Total+len(top.Papers)+len(all)+len(voters)+len(taste) > 0 || err != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Errorf("it shows in top %+v, votes %v, voters %v, taste %v (%v %v %v %v)", top, all, voters, taste, err, err2, err3, err4)
		}
		mark(t, s, team.Up, "doi:10.1/a", "1", "+1", noon, false)
		mark(t, s, team.Down, "doi:10.1/a", "1", "-1", noon.Add(time.Second), true)
		if n := votesFor(t, s, "doi:10.1/a"); n != 1 {
			t.Errorf("with an upvote besides, %d votes, want 1", n)
		}
	})
}

func TestTheSavedListFollowsReactionsAndHands(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const a, b = "doi:10.1/a", "doi:10.1/b"
		at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
		both, none := []paper.ID{b, a}, []paper.ID(nil)
		unsave := func(seconds int, want bool) {
			t.Helper()
			if was, err := s.Unsave(ctx, person("U1"), a, at(seconds)); was != want || err != nil {
				t.Errorf("unsave at %d s: %v, %v; want %v", seconds, was, err, want)
			}
		}
		for _, step := range []struct {
			what string
			do   func()
			want []paper.ID
		}{
			{"a reaction", func() { mark(t, s, team.Save, a, "1", "bookmark", at(1), false) }, []paper.ID{a}},
			{"another paper by hand", func() { mark(t, s, team.Save, b, "", "", at(2), false) }, both},
			{"the first by hand too", func() { mark(t, s, team.Save, a, "", "", at(3), false) }, []paper.ID{a, b}},
			{"a reaction taken off", func() { mark(t, s, team.Save, a, "1", "bookmark", at(4), true) }, []paper.ID{a, b}},
			{"a reaction on another post", func() { mark(t, s, team.Save, a, "2", "bookmark", at(5), false) }, []paper.ID{a, b}},
			{"unsaved, whatever saved it", func() { unsave(9, true) }, []paper.ID{b}},
			{"unsaved again", func() { unsave(10, false) }, []paper.ID{b}},
			{"a reaction delivered again", func() { mark(t, s, team.Save, a, "2", "bookmark", at(5), false) }, []paper.ID{b}},
			{"a withdrawal, after all", func() { mark(t, s, team.Save, a, "2", "bookmark", at(11), true) }, []paper.ID{b}},
			{"saved anew", func() { mark(t, s, team.Save, a, "2", "bookmark", at(12), false) }, []paper.ID{a, b}},
			{"an unsaving from before, delivered late", func() { unsave(11, false) }, []paper.ID{a, b}},
			{"a vote saves nothing", func() { mark(t, s, team.Up, "doi:10.1/c", "1", "+1", at(13), false) }, []paper.ID{a, b}},
		} {
			step.do()
			if diff := cmp.Diff(step.want, saved(t, s, person("U1"))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", step.what, diff)
			}
		}
		if diff := cmp.Diff(none, saved(t, s, person("U2"))); diff != "" {
			t.Errorf("another person's list (-want +got):\n%s", diff)
		}
		second, err := s.Saved(ctx, person("U1"), store.Page{Offset: 1, Limit: 1})
		if diff := cmp.Diff(store.Listing{Papers: []paper.ID{b}, Total: 2}, second); diff != "" || err != nil {
			t.Errorf("the second page (-want +got) %v:\n%s", err, diff)
		}
	})
}

func TestVotersAreTheFirstFirstAndEachOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for i, who := range []string{"U2", "U1", "U2", "U3", "U4"} {
			upvote(t, s, "doi:10.1/a", who, noon.Add(time.Duration(i)*time.Second), false)
		}
		upvote(t, s, "doi:10.1/a", "U4", noon.Add(time.Hour), true)
		other := team.ByHand("another", "doi:10.1/a", person("U9"), team.Up, noon)
		if _, err := s.Mark(ctx, other); err != nil {
			t.Fatal(err)
		}
		// U2's button was pressed again later, so U1's vote is the oldest.
		got, err := s.Voters(ctx, team.Everyone, "doi:10.1/a")
		if diff := cmp.Diff([]chat.Person{person("U1"), person("U2"), person("U3")}, got); diff != "" || err != nil {
			t.Errorf("voters (-want +got) %v:\n%s", err, diff)
		}
		if n := votesFor(t, s, "doi:10.1/a"); n != 3 {
			t.Errorf("%d votes, want those of the team: 3", n)
		}
	})
}

func TestTasteIsWhatATeamVotedForSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		save(t, s, paper.Paper{ID: "doi:10.1/a", Title: "T", Authors: []string{"A. Author", "B"}}, paper.Paper{ID: "doi:10.1/old", Title: "T"})
		upvote(t, s, "doi:10.1/old", "U1", noon.Add(-time.Hour), false)
		upvote(t, s, "doi:10.1/unknown", "U1", noon, false)
		mark(t, s, team.Up, "doi:10.1/a", "1", "+1", noon, false)
		mark(t, s, team.Up, "doi:10.1/a", "2", "fire", noon.Add(time.Second), false)
		got, err := s.Taste(ctx, team.Everyone, noon)
		want := []store.Liking{{By: person("U1"), Paper: "doi:10.1/a", Authors: []string{"A. Author", "B"}}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("taste (-want +got) %v:\n%s", err, diff)
		}
	})
}
