package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// TestADatabaseOfTheFirstVersionKeepsVotesAndLists opens what a Paperboy of
// before the daily picks has written.
func TestADatabaseOfTheFirstVersionKeepsVotesAndLists(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		db, err := store.UpTo(ctx, address, 1)
		if err != nil {
			t.Fatal(err)
		}
		us := func(s int) int64 { return noon.Add(time.Duration(s) * time.Second).UnixMicro() }
		for _, row := range [][]any{
			{"U1", "", "", "", "button", us(1), false},
			{"U1", "T1", "C1", "1", "+1", us(2), false},
			{"U2", "T1", "C1", "1", "+1", us(3), true},
			{"U3", "T1", "C1", "1", "fire", us(4), false},
		} {
			_, err := db.Exec(`INSERT INTO votes (team, paper, platform, by_space, by_id, space, channel, post, mark, at, withdrawn)
				VALUES ('everyone', 'doi:10.1/a', 'slack', 'T1', $1, $2, $3, $4, $5, $6, $7)`, row...)
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, id := range []string{"doi:10.1/a", "doi:10.1/b"} {
			if _, err := db.Exec(`INSERT INTO saved (platform, space, person, paper, at) VALUES ('slack', 'T1', 'U1', $1, $2)`, id, us(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}

		s := open(t, address)
		if n := votesFor(t, s, "doi:10.1/a"); n != 2 {
			t.Errorf("%d votes, want those of U1 and U3", n)
		}
		if diff := cmp.Diff([]paper.ID{"doi:10.1/b", "doi:10.1/a"}, saved(t, s, person("U1"))); diff != "" {
			t.Errorf("saved (-want +got):\n%s", diff)
		}
		// The marks go on where they were: events from before change nothing, later ones do.
		for _, m := range []struct {
			what    string
			m       team.Mark
			changed bool
			votes   int
		}{
			{"U1's reaction again", team.Mark{By: person("U1"), On: post("1"), Sign: "+1", At: noon.Add(2 * time.Second)}, false, 2},
			{"U1's reaction withdrawn", team.Mark{By: person("U1"), On: post("1"), Sign: "+1", At: noon.Add(9 * time.Second), Withdrawn: true}, true, 2},
			{"U2's withdrawal overtaken", team.Mark{By: person("U2"), On: post("1"), Sign: "+1", At: noon.Add(2 * time.Second)}, false, 2},
		} {
			m.m.Paper = "doi:10.1/a"
			if changed := vote(t, s, m.m); changed != m.changed || votesFor(t, s, "doi:10.1/a") != m.votes {
				t.Errorf("%s: changed %v, %d votes; want %v, %d", m.what, changed, votesFor(t, s, "doi:10.1/a"), m.changed, m.votes)
			}
		}
		if changed := mark(t, s, team.Up, "doi:10.1/a", "", "", noon.Add(9*time.Second), true); !changed || votesFor(t, s, "doi:10.1/a") != 1 {
			t.Errorf("U1's button is taken back: %v, %d votes; want 1", changed, votesFor(t, s, "doi:10.1/a"))
		}
		if was, err := s.Unsave(ctx, person("U1"), "doi:10.1/a", noon.Add(time.Hour)); !was || err != nil {
			t.Errorf("unsaving what the old one saved: %v, %v", was, err)
		}
		if changed := mark(t, s, team.Save, "doi:10.1/b", "", "", noon.Add(time.Second), false); changed {
			t.Error("saving again at the same time made a second mark")
		}
	})
}
