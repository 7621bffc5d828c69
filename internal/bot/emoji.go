package bot

import (
	"slices"
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

// Meanings are those of a deployment that has chosen some of its emoji: where it
// has chosen none, the usual ones, less those that it gave another meaning.
func Meanings(up, down, save []string) Emoji {
	chosen, e := slices.Concat(up, down, save), Usual()
	for _, set := range []struct {
		to     *[]string
		chosen []string
	}{{&e.Up, up}, {&e.Down, down}, {&e.Save, save}} {
		if len(set.chosen) > 0 {
			*set.to = set.chosen
			continue
		}
		*set.to = slices.DeleteFunc(*set.to, func(usual string) bool {
			return slices.ContainsFunc(chosen, func(c string) bool { return same(c, usual) })
		})
	}
	return e
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

// same reports whether two emoji are one, by character or by name. Candidates
// may be written with colons, as people type them.
func same(candidate, emoji string) bool {
	candidate = strings.Trim(strings.TrimSpace(candidate), ":")
	return candidate != "" && character(candidate) == character(emoji)
}

// character is the emoji of a name, as far as it is known, without what changes
// only its look.
func character(emoji string) string {
	for c, all := range names {
		if slices.Contains(all, emoji) {
			return bare(c)
		}
	}
	return bare(emoji)
}

// bare is an emoji without what changes only its look: the marks that ask for its
// plain or colourful form, which platforms add or leave out as they like, and the
// tone of its skin, which people may write into the settings.
func bare(emoji string) string {
	return strings.Map(func(r rune) rune {
		if r == '\ufe0e' || r == '\ufe0f' || r >= '\U0001f3fb' && r <= '\U0001f3ff' {
			return -1
		}
		return r
	}, emoji)
}
