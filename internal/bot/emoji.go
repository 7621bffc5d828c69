package bot

import (
	"strings"

	"paperboy/internal/team"
)

// Emoji says which reactions mean what. Those in no list mean nothing.
type Emoji struct{ Up, Down, Save []string }

// Usual are the emoji of a deployment that has not chosen its own.
func Usual() Emoji {
	return Emoji{
		Up:   []string{"👍", "❤️", "🔥", "🚀", "🎉", "⭐", "🌟", "💯", "👏", "🙌", "😍", "🤩", "⬆️", "🔼"},
		Down: []string{"👎"},
		Save: []string{"🔖", "📑", "💾"},
	}
}

// names are what platforms call emoji that they do not hand over as characters.
var names = map[string][]string{
	"👍": {"+1", "thumbsup"}, "❤️": {"heart"}, "🔥": {"fire"}, "🚀": {"rocket"}, "🎉": {"tada"}, "⭐": {"star"}, "🌟": {"star2"},
	"💯": {"100"}, "👏": {"clap"}, "🙌": {"raised_hands"}, "😍": {"heart_eyes"}, "🤩": {"star-struck"}, "⬆️": {"arrow_up"},
	"🔼": {"arrow_up_small"}, "👎": {"-1", "thumbsdown"}, "🔖": {"bookmark"}, "📑": {"bookmark_tabs"}, "💾": {"floppy_disk"},
}

// means is what a reaction says of a paper.
func (e Emoji) means(emoji string) (team.Kind, bool) {
	for _, set := range []struct {
		kind  team.Kind
		emoji []string
	}{{team.Up, e.Up}, {team.Down, e.Down}, {team.Save, e.Save}} {
		for _, candidate := range set.emoji {
			if same(candidate, emoji) {
				return set.kind, true
			}
		}
	}
	return "", false
}

// same reports whether emoji is candidate, or a name of it. Candidates may be
// written with colons, as people type them.
func same(candidate, emoji string) bool {
	candidate = strings.Trim(strings.TrimSpace(candidate), ":")
	if bare(candidate) == bare(emoji) && candidate != "" {
		return true
	}
	for character, all := range names {
		if bare(character) != bare(candidate) {
			continue
		}
		for _, name := range all {
			if name == emoji {
				return true
			}
		}
	}
	return false
}

// bare is an emoji without the mark that asks for its colourful form, which
// platforms add or leave out as they like.
func bare(emoji string) string { return strings.ReplaceAll(emoji, "\ufe0f", "") }
