package settings

import "testing"

func TestNearestNeedsALikeness(t *testing.T) {
	names := []string{"database-url", "slack-bot-token", "slack-app-token", "count"}
	for _, test := range []struct{ word, want string }{
		{"databse-url", "database-url"},
		{"slack-bot-tokens", "slack-bot-token"},
		{"slack-token", "slack-bot-token"},
		{"cuont", "count"},
		{"", ""},
		{"colour", ""},
		{"discord-guild", ""},
	} {
		if got := nearest(test.word, names); got != test.want {
			t.Errorf("nearest(%q) = %q, want %q", test.word, got, test.want)
		}
	}
}
