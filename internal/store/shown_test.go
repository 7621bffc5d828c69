package store_test

import (
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

func TestShownLatelyKnowsPlaceTimeAndPost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Date(2026, 2, 27, 9, 0, 0, 0, time.UTC)
		here := chat.Place{Platform: "p", Space: "s", Channel: "c"}
		by := chat.Person{Platform: "p", Space: "s", ID: "ann"}
		for id, post := range map[paper.ID]string{"arxiv:1": "1", "arxiv:2": "2", "arxiv:3": ""} { // 3 was typed, so nobody saw it
			if err := s.Share(ctx, team.Share{Paper: id, By: by, Post: chat.Post{Place: here, ID: post}, At: now}); err != nil {
				t.Fatal(err)
			}
		}
		elsewhere := here
		elsewhere.Channel = "d"
		all := []paper.ID{"arxiv:1", "arxiv:2", "arxiv:3"}
		for name, test := range map[string]struct {
			but   chat.Post
			since time.Time
			want  int
		}{
			"two":              {chat.Post{Place: here}, now.Add(-time.Minute), 2},
			"but for one post": {chat.Post{Place: here, ID: "1"}, now.Add(-time.Minute), 1},
			"long ago":         {chat.Post{Place: here}, now, 0},
			"in another place": {chat.Post{Place: elsewhere}, now.Add(-time.Minute), 0},
		} {
			if got, err := s.ShownLately(ctx, test.but, all, test.since); len(got) != test.want || err != nil {
				t.Errorf("%s: shown are %v, %v, want %d", name, got, err, test.want)
			}
		}
	})
}

func TestChannelsOfASpaceComeInTheirOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Date(2026, 2, 27, 9, 0, 0, 0, time.UTC)
		for channel, hours := range map[string]int{"later": 5, "soon": 1, "never": 0} {
			place := chat.Place{Platform: "p", Space: "s", Channel: channel}
			_, err := s.ChangeChannel(ctx, place, chat.Person{Platform: "p", ID: "ann"}, now, func(c *team.Channel) error {
				c.Prefs.Topics = []team.Topic{{Query: "moe"}}
				if hours > 0 {
					c.Next.At = now.Add(time.Duration(hours) * time.Hour)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.ChannelsOf(ctx, "p", "s", 10)
		if err != nil || len(all) != 2 || all[0].Place.Channel != "soon" || all[1].Place.Channel != "later" {
			t.Errorf("the channels are %+v, %v, want soon and later", all, err)
		}
		if all, err := s.ChannelsOf(ctx, "p", "another", 10); err != nil || len(all) > 0 {
			t.Errorf("another space has %+v, %v", all, err)
		}
	})
}
