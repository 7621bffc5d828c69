package paper

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Attention Is All You Need", "Attention Is All You Need"},
		{"A title\n  over two lines ", "A title over two lines"},
		{"bell\a and\x1b[31m red\x00", "bell and [31m red"},
		{"\u202eevil\u202c abc\u200b def", "evil abc def"},
		{"so\u00adft", "soft"},
		{"Cafe\u0301", "Café"},
		{"bad \xff byte", "bad \uFFFD byte"},
		{"👩\u200d🔬 at work", "👩\u200d🔬 at work"},
		{" ", ""},
		{"", ""},
		{"0", "0"},
	} {
		if got := Line(c.in, 100); got != c.want {
			t.Errorf("Line(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLineCutsBetweenCharacters(t *testing.T) {
	if got, want := Line("ééé", 5), "éé"; got != want {
		t.Errorf("Line cut to %q, want %q", got, want)
	}
	if got := Line(strings.Repeat("x", 10<<20), MaxTitle); len(got) != MaxTitle {
		t.Errorf("a 10 MB title became %d bytes, want %d", len(got), MaxTitle)
	}
}

func TestParagraphsKeepsEmptyLines(t *testing.T) {
	got := Paragraphs("  One\nstill one.\r\n\r\nTwo.\n\n\n\nThree.", 100)
	if want := "One still one.\n\nTwo.\n\nThree."; got != want {
		t.Errorf("Paragraphs = %q, want %q", got, want)
	}
}

func TestCleanLeavesTheCallersSightings(t *testing.T) {
	given := []Sighting{{Source: "b", Votes: -1}, {Source: "a"}}
	if got := Clean(Paper{Sightings: given}).Sightings; got[0].Source != "a" || got[1].Votes != 0 {
		t.Errorf("cleaned to %+v", got)
	}
	if given[0].Source != "b" || given[0].Votes != -1 {
		t.Errorf("the caller's sightings became %+v", given)
	}
}

func TestCleanDropsLinksThatAreNotOfTheWeb(t *testing.T) {
	for in, want := range map[string]string{
		"https://github.com/a/b": "https://github.com/a/b",
		"javascript:alert(1)":    "",
		"file:///etc/passwd":     "",
		"https://a b":            "",
		"github.com/a/b":         "",
		"":                       "",
	} {
		if got := Clean(Paper{Code: in}).Code; got != want {
			t.Errorf("link %q became %q, want %q", in, got, want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\x00b\u202e\xff  c", 5)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = limit & 0xff
		got := Line(s, limit)
		if !utf8.ValidString(got) || len(got) > limit || strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("Line(%q, %d) = %q", s, limit, got)
		}
		if again := Line(got, limit); again != got {
			t.Errorf("Line(%q) = %q, and again %q", s, got, again)
		}
	})
}
