package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/bot"
	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

const (
	experts   = paper.ID("arxiv:2602.00001")
	diffusion = paper.ID("arxiv:2602.00002")
)

// posted is a scene with a post about one paper and one about two.
func posted(t *testing.T) (s *scene, one, many chat.Post) {
	t.Helper()
	s = newScene(t, nil, week()...)
	one, many = chat.Post{Place: place, ID: "one"}, chat.Post{Place: place, ID: "many"}
	for post, ids := range map[chat.Post][]paper.ID{one: {experts}, many: {diffusion, experts}} {
		if err := s.store.RecordPost(t.Context(), post, ids); err != nil {
			t.Fatal(err)
		}
	}
	return s, one, many
}

// react has somebody put an emoji on a post, or take it off.
func (s *scene) react(on chat.Post, by chat.Person, emoji string, removed bool, at time.Time) {
	s.Helper()
	if err := s.Reacted(s.Context(), chat.Reaction{Post: on, By: by, Emoji: emoji, Removed: removed, At: at}); err != nil {
		s.Fatalf("%q on %s: %v", emoji, on.ID, err)
	}
}

// count is the votes of both papers.
func (s *scene) count() [2]int {
	s.Helper()
	votes, err := s.store.Votes(s.Context(), team.Everyone, []paper.ID{experts, diffusion})
	if err != nil {
		s.Fatal(err)
	}
	return [2]int{votes[experts], votes[diffusion]}
}

func (s *scene) saved(by chat.Person) []string { return titles(s.typed(by, "saved")) }

func TestEveryEmojiMeansWhatItSays(t *testing.T) {
	up := strings.Fields("👍 +1 thumbsup ❤️ ❤ heart 🔥 fire 🚀 rocket 🎉 tada ⭐ star 🌟 star2 💯 100 👏 clap 🙌 raised_hands 😍 heart_eyes 🤩 star-struck ⬆️ ⬆ arrow_up 🔼 arrow_up_small 👍🏽 1️⃣ one")
	down := strings.Fields("👎 -1 thumbsdown 👎🏿")
	save := strings.Fields("🔖 bookmark 📑 bookmark_tabs 💾 floppy_disk")
	none := strings.Fields("😀 eyes 🤔 2️⃣ 🔟 0️⃣ #️⃣ upvote custom-moe ❌ 👍👍")
	s, one, _ := posted(t)
	at := now
	for kind, set := range map[string][]string{"up": up, "down": down, "save": save, "none": append(none, "", "\ufe0f", "\x00", strings.Repeat("x", 500))} {
		for _, emoji := range set {
			at = at.Add(time.Second)
			s.react(one, ada, emoji, false, at)
			votes, saved := s.count()[0] == 1, len(s.saved(ada)) == 1
			if votes != (kind == "up") || saved != (kind == "save") {
				t.Errorf("%q, meant as %s: voted %t, saved %t", emoji, kind, votes, saved)
			}
			s.react(one, ada, emoji, true, at.Add(time.Millisecond))
			if s.count()[0] != 0 || len(s.saved(ada)) != 0 {
				t.Errorf("%q taken off: %d votes, saved %q", emoji, s.count()[0], s.saved(ada))
			}
		}
	}
}

func TestADigestIsVotedByKeycapOnly(t *testing.T) {
	s, _, many := posted(t)
	at := now
	for _, step := range []struct {
		by      chat.Person
		emoji   string
		removed bool
		want    [2]int // experts is number 2, diffusion number 1
	}{
		{ada, "👍", false, [2]int{0, 0}},
		{ada, "👎", false, [2]int{0, 0}},
		{ada, "🔖", false, [2]int{0, 0}},
		{ada, "2️⃣", false, [2]int{1, 0}},
		{ada, "2\u20e3", false, [2]int{1, 0}}, // the same, folded
		{bob, "two", false, [2]int{2, 0}},
		{bob, "one", false, [2]int{2, 1}},
		{bob, "3️⃣", false, [2]int{2, 1}},
		{bob, "keycap_ten", false, [2]int{2, 1}},
		{ada, "1️⃣", true, [2]int{2, 1}}, // she had put none there
		{bob, "two", true, [2]int{1, 1}},
	} {
		at = at.Add(time.Second)
		s.react(many, step.by, step.emoji, step.removed, at)
		if got := s.count(); got != step.want {
			t.Errorf("%s by %s (removed %t): votes %v, want %v", step.emoji, step.by.ID, step.removed, got, step.want)
		}
	}
	if got := s.saved(ada); len(got) != 0 {
		t.Errorf("a bookmark on a digest saved %q", got)
	}
}

func TestLateAndRepeatedReactionsChangeNothing(t *testing.T) {
	s, one, many := posted(t)
	tick := func(n int) time.Time { return now.Add(time.Duration(n) * time.Second) }
	s.react(one, ada, "👍", true, tick(2)) // taken off, heard of first
	s.react(one, ada, "👍", false, tick(1))
	if got := s.count(); got != [2]int{0, 0} {
		t.Errorf("an earlier reaction that came late counts: %v", got)
	}
	s.react(one, ada, "👍", false, tick(3))
	s.react(one, ada, "👍", true, tick(2)) // again
	s.react(one, ada, "👍", false, tick(3))
	s.react(many, ada, "2️⃣", false, tick(4)) // one person, two posts, one vote
	if got := s.count(); got != [2]int{1, 0} {
		t.Errorf("votes %v, want one for the first paper", got)
	}
	for _, unknown := range []chat.Post{{Place: place, ID: "none"}, {Place: chat.Place{Platform: "test", Space: "T1", Channel: "C2"}, ID: "one"}, {}} {
		s.react(unknown, bob, "👍", false, tick(5))
		s.react(unknown, bob, "👍", true, tick(6))
	}
	if got := s.count(); got != [2]int{1, 0} {
		t.Errorf("reactions on unknown posts made the votes %v", got)
	}
}

// TestDownIsSeenNowhere puts 👎 on a paper and looks everywhere.
func TestDownIsSeenNowhere(t *testing.T) {
	s, one, _ := posted(t)
	s.paperboy(ada, "subscribe experts")
	looks := []string{"", "today", "week", "top", "top all", "saved", "who voted 2602.00001", "experts", "2602.00001", "why 2602.00001", "preview", "status", "similar 2602.00001"}
	before := make(map[string]string)
	for _, text := range looks {
		before[text] = show(s.typed(ada, text))
	}
	s.react(one, bob, "👎", false, now)
	s.react(one, ada, "👎", false, now)
	for _, text := range looks {
		if got := show(s.typed(ada, text)); got != before[text] {
			t.Errorf("after 👎, /papers %s says\n%s\nbefore\n%s", text, got, before[text])
		}
	}
}

func TestABookmarkSavesAndUnsavingTakesItOff(t *testing.T) {
	s, one, _ := posted(t)
	s.react(one, ada, "🔖", false, now)
	if got := s.saved(ada); !slices.Equal(got, []string{"Sparse Experts Routed"}) || len(s.saved(bob)) != 0 {
		t.Errorf("ada has saved %q, bob %q", got, s.saved(bob))
	}
	if got := show(s.asked("papers", ada, "unsave 2602.00001", now.Add(time.Second))); !strings.Contains(got, "is off your list") || len(s.saved(ada)) != 0 {
		t.Errorf("unsave says %q and leaves %q", got, s.saved(ada))
	}
	if got := s.says("top all"); strings.Contains(got, "vote here") {
		t.Errorf("saving counts as a vote:\n%s", got)
	}
}

func TestWhoVotedNamesEachPersonOnce(t *testing.T) {
	s, one, many := posted(t)
	if got := s.says("who voted 2602.00001"); got != "Nobody here has voted for “Sparse Experts Routed” yet." {
		t.Errorf("at first it says %q", got)
	}
	s.react(one, bob, "🔥", false, now)
	s.react(many, bob, "2️⃣", false, now.Add(time.Second))
	s.react(one, ada, "👍", false, now.Add(2*time.Second))
	m := s.typed(ada, "who voted for https://arxiv.org/abs/2602.00001")
	if got := show(m); got != "Voted for “Sparse Experts Routed”: bob, ada." {
		t.Errorf("it says %q", got)
	}
	if m.Text[1].Person != bob || m.Text[3].Person != ada {
		t.Errorf("the names are no persons: %+v", m.Text)
	}
}

func TestADeploymentChoosesItsEmoji(t *testing.T) {
	e := bot.Meanings([]string{":shipit:", " 👍🏿 "}, []string{"fire"}, nil)
	if slices.Contains(e.Save, "🔥") || !slices.Equal(e.Save, bot.Usual().Save) || !slices.Equal(e.Down, []string{"fire"}) {
		t.Errorf("the meanings are %+v", e)
	}
	e = bot.Meanings(nil, []string{":fire:", "👎", "💾"}, nil)
	if slices.Contains(e.Up, "🔥") || !slices.Contains(e.Up, "👍") || slices.Contains(e.Save, "💾") {
		t.Errorf("what means down now still means something else: %+v", e)
	}
	if e := bot.Meanings(nil, nil, nil); !slices.Equal(e.Up, bot.Usual().Up) {
		t.Errorf("with nothing chosen, up is %q", e.Up)
	}
}

func TestReactionsGoByTheChosenEmoji(t *testing.T) {
	s, one, _ := posted(t)
	s.emojiAre(bot.Meanings([]string{":shipit:", "👍🏿"}, nil, []string{"fire"}))
	for i, step := range []struct {
		emoji string
		votes int
		saved int
	}{{"rocket", 0, 0}, {"shipit", 1, 0}, {"+1", 1, 0}, {"🔥", 1, 1}} {
		s.react(one, ada, step.emoji, false, now.Add(time.Duration(i)*time.Second))
		if votes, saved := s.count()[0], len(s.saved(ada)); votes != step.votes || saved != step.saved {
			t.Errorf("after %s: %d votes, %d saved; want %d and %d", step.emoji, votes, saved, step.votes, step.saved)
		}
	}
}
