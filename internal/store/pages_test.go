package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

func TestListsInEveryOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for i, votes := range []int{50, 49, 5, 5} {
			p := paper.Paper{ID: paper.ID("doi:10.1/" + string(rune('a'+i))), Title: "T", Published: noon.AddDate(0, 0, -i)}
			p.Sightings = []paper.Sighting{{Source: "x", Day: feb27, Votes: votes}, {Source: "y", Day: feb27.AddDays(-i), Votes: 1}}
			save(t, s, p)
		}
		for _, by := range []string{"U1", "U2"} {
			m := team.ByHand(team.Everyone, "doi:10.1/b", person(by), team.Up, noon)
			if _, err := s.Mark(ctx, m); err != nil {
				t.Fatal(err)
			}
		}
		mark(t, s, team.Up, "doi:10.1/c", "", "", noon, false)
		for order, want := range map[store.Order]string{store.ByVotes: "bacd", store.BySource: "abcd", store.ByTeam: "bcad", store.ByNewest: "abcd"} {
			l, err := s.ListedBy(ctx, team.Everyone, feb27.AddDays(-1), feb27, order, store.Page{Limit: 9})
			var got strings.Builder
			for _, id := range l.Papers {
				got.WriteString(strings.TrimPrefix(string(id), "doi:10.1/"))
			}
			if got.String() != want || l.Total != 4 || err != nil {
				t.Errorf("by %s: %s of %d, %v, want %s", order, &got, l.Total, err, want)
			}
			page, err := s.ListedBy(ctx, team.Everyone, feb27, feb27, order, store.Page{Offset: 1, Limit: 2})
			if !slices.Equal(page.Papers, l.Papers[1:3]) || err != nil {
				t.Errorf("by %s the second and third are %v, %v", order, page.Papers, err)
			}
		}
		same, err := s.Listed(ctx, team.Everyone, feb27, feb27, store.Page{Limit: 9})
		byVotes, err2 := s.ListedBy(ctx, team.Everyone, feb27, feb27, store.ByVotes, store.Page{Limit: 9})
		if diff := cmp.Diff(same, byVotes); diff != "" || err != nil || err2 != nil {
			t.Errorf("the page's usual order differs from the chat's (%v, %v):\n%s", err, err2, diff)
		}
	})
}

func TestTheNextDayWithPapers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := full("doi:10.1/a")
		p.Sightings = []paper.Sighting{{Source: "x", Day: feb27}, {Source: "x", Kind: paper.Replace, Day: feb27.AddDays(3)}}
		save(t, s, p)
		for ago, want := range map[int]string{1: "2026-02-27", 30: "2026-02-27", 0: "", -1: ""} {
			if got, err := s.NextDay(ctx, feb27.AddDays(-ago)); got.String() != want || err != nil {
				t.Errorf("after %s comes %q, %v, want %q", feb27.AddDays(-ago), got, err, want)
			}
		}
	})
}

func TestWhatIsKnownOfManyPapersAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := []paper.ID{"doi:10.1/a", "doi:10.1/b", "doi:10.1/c"}
		for _, id := range ids {
			save(t, s, full(id))
		}
		mark(t, s, team.Up, ids[0], "", "", noon, false)
		mark(t, s, team.Up, ids[0], "1", "+1", noon, false)
		mark(t, s, team.Save, ids[0], "", "", noon, false)
		mark(t, s, team.Down, ids[1], "", "", noon, false)
		mark(t, s, team.Up, ids[2], "", "", noon, true)
		marks, err := s.MarksOf(ctx, person("U1"), ids)
		if diff := cmp.Diff(map[paper.ID]map[team.Kind]bool{ids[0]: {team.Up: true, team.Save: true}, ids[1]: {team.Down: true}}, marks); diff != "" || err != nil {
			t.Errorf("marks (%v):\n%s", err, diff)
		}
		if marks, err := s.MarksOf(ctx, person("U2"), ids); len(marks) > 0 || err != nil {
			t.Errorf("U2 has the marks %v, %v", marks, err)
		}
		for i, in := range []string{"C1", "C2"} {
			p := chat.Post{Place: chat.Place{Platform: "slack", Space: "T1", Channel: in}, ID: fmt.Sprint(i)}
			for _, of := range []team.ID{team.Everyone, "others"} {
				p.ID += string(of)
				if err := s.Share(ctx, team.Share{Team: of, Paper: ids[i], By: person("U1"), Post: p, At: noon.Add(time.Duration(i))}); err != nil {
					t.Fatal(err)
				}
			}
		}
		shares, err := s.SharesOf(ctx, team.Everyone, ids)
		if err != nil || len(shares) != 2 || len(shares[ids[0]]) != 1 || shares[ids[1]][0].Post.Channel != "C2" || shares[ids[1]][0].By != person("U1") {
			t.Errorf("shares are %+v, %v", shares, err)
		}
		for _, empty := range []func() (int, error){
			func() (int, error) { m, err := s.MarksOf(ctx, person("U1"), nil); return len(m), err },
			func() (int, error) { m, err := s.SharesOf(ctx, team.Everyone, nil); return len(m), err },
			func() (int, error) { m, err := s.PickedFor(ctx, nil); return len(m), err },
		} {
			if n, err := empty(); n > 0 || err != nil {
				t.Errorf("of no papers %d things are known, %v", n, err)
			}
		}
	})
}

func TestVoteTimesAreThoseOfPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		save(t, s, full("doi:10.1/a"))
		mark(t, s, team.Up, "doi:10.1/a", "1", "+1", noon.Add(time.Hour), false)
		mark(t, s, team.Up, "doi:10.1/a", "2", "+1", noon.Add(2*time.Hour), false)
		mark(t, s, team.Up, "doi:10.1/a", "3", "+1", noon, true)
		m := team.ByHand(team.Everyone, "doi:10.1/a", person("U2"), team.Up, noon.Add(time.Minute))
		if _, err := s.Mark(ctx, m); err != nil {
			t.Fatal(err)
		}
		times, err := s.VoteTimes(ctx, team.Everyone, "doi:10.1/a")
		if diff := cmp.Diff([]time.Time{noon.Add(time.Minute), noon.Add(time.Hour)}, times); diff != "" || err != nil {
			t.Errorf("votes came at (%v):\n%s", err, diff)
		}
	})
}

func TestSubjectsAreThoseOfTheDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		inside, outside := full("doi:10.1/a"), full("doi:10.1/b")
		inside.Sightings = []paper.Sighting{{Source: "x", Day: feb27}, {Source: "y", Day: feb27.AddDays(-1)}}
		outside.Sightings = []paper.Sighting{{Source: "x", Day: feb27.AddDays(-9)}, {Source: "x", Kind: paper.Replace, Day: feb27}}
		save(t, s, inside, outside)
		var got []string
		err := s.Subjects(ctx, feb27.AddDays(-1), feb27, func(categories, keywords []string) {
			got = append(got, strings.Join(categories, " ")+": "+strings.Join(keywords, " "))
		})
		if diff := cmp.Diff([]string{"cs.LG cs.AI: mixture of experts"}, got); diff != "" || err != nil {
			t.Errorf("subjects (%v):\n%s", err, diff)
		}
	})
}

func TestChannelsByTheirIDAndPlatform(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, p := range []chat.Place{{Platform: "slack", Space: "T2", Channel: "C1"}, {Platform: "slack", Space: "T1", Channel: "C2"}, {Platform: "other", Space: "T1", Channel: "C3"}} {
			if _, err := s.ChangeChannel(ctx, p, person("U1"), noon, func(c *team.Channel) error { c.Prefs = team.Default(); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.ChannelsOn(ctx, "slack", 10)
		if err != nil || len(all) != 2 || all[0].Place.Channel != "C2" || all[1].Place.Channel != "C1" {
			t.Fatalf("channels of slack are %+v, %v", all, err)
		}
		got, ok, err := s.ChannelWith(ctx, all[0].ID)
		if diff := cmp.Diff(all[0], got); diff != "" || !ok || err != nil {
			t.Errorf("by its ID (%t, %v):\n%s", ok, err, diff)
		}
		if _, ok, err := s.ChannelWith(ctx, "unknown"); ok || err != nil {
			t.Errorf("an unknown ID: %t, %v", ok, err)
		}
	})
}

func TestForWhichChannelsAPaperWasPicked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for i, id := range []paper.ID{"doi:10.1/a", "doi:10.1/b"} {
			p := full(id)
			p.Title += fmt.Sprint(i)
			save(t, s, p)
		}
		first, second := subscribed(t, s, channel("C1")), subscribed(t, s, channel("C2"))
		plan(t, s, planOf(first, "doi:10.1/a", "doi:10.1/b"), planOf(second, "doi:10.1/b"))
		picked, err := s.PickedFor(ctx, []paper.ID{"doi:10.1/a", "doi:10.1/b", "doi:10.1/c"})
		if err != nil || len(picked) != 2 || len(picked["doi:10.1/b"]) != 2 {
			t.Fatalf("picked are %+v, %v", picked, err)
		}
		want := store.PickedFor{Channel: first.ID, Place: channel("C1"), Picked: store.Picked{Day: feb27, Number: 1, Why: "reason 0"}}
		if diff := cmp.Diff([]store.PickedFor{want}, picked["doi:10.1/a"]); diff != "" {
			t.Errorf("a was picked for (-want +got):\n%s", diff)
		}
		if posts, err := s.PostedIn(ctx, "doi:10.1/a"); len(posts) > 0 || err != nil {
			t.Errorf("before it is sent it stands in %v, %v", posts, err)
		}
		taken := claim(t, s, 0, 1)
		sent(t, s, taken[0], 0, 0)
		posts, err := s.PostedIn(ctx, taken[0].Message.Cards[0].Paper)
		if err != nil || len(posts) != 1 || posts[0].For != taken[0].Place || posts[0].Post.ID == "" || posts[0].Post.Channel == "" {
			t.Errorf("it stands in %+v, %v", posts, err)
		}
	})
}
