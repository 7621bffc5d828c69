package store_test

import (
	"strings"
	"testing"

	"paperboy/internal/chat"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
)

func TestButtonsThatSayTooMuchAreKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fits, long := strings.Repeat("a", chat.MaxAction), strings.Repeat("é", chat.MaxAction)
		m := chat.Message{
			Buttons: []chat.Button{{Action: fits}, {Action: long}, {Link: "https://example.org"}},
			Cards:   []chat.Card{{Buttons: []chat.Button{{Action: long + "2"}, {Action: long}}}},
		}
		for range 2 { // what fits already is left as it is
			if err := s.FitButtons(ctx, &m); err != nil {
				t.Fatal(err)
			}
		}
		for _, test := range []struct {
			button chat.Button
			want   string
		}{{m.Buttons[0], fits}, {m.Buttons[1], long}, {m.Buttons[2], ""}, {m.Cards[0].Buttons[0], long + "2"}, {m.Cards[0].Buttons[1], long}} {
			if len(test.button.Action) > chat.MaxAction {
				t.Errorf("%q has no room", test.button.Action)
			}
			if got, ok, err := s.Action(ctx, test.button.Action); got != test.want || !ok || err != nil {
				t.Errorf("%q does %q, %v, %v; want %q", test.button.Action, got, ok, err, test.want)
			}
		}
		if got, ok, err := s.Action(ctx, "=0123"); ok || err != nil {
			t.Errorf("an unknown handle does %q, %v, %v", got, ok, err)
		}
	})
}
