package starter_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"paperboy/internal/paper"
	"paperboy/internal/starter"
)

func feed(t *testing.T) []paper.Paper {
	t.Helper()
	papers, err := starter.Papers()
	if err != nil {
		t.Fatal(err)
	}
	return papers
}

func TestEveryPaperIsWholeAndListedOnce(t *testing.T) {
	papers := feed(t)
	if len(papers) < 120 {
		t.Errorf("the feed has %d papers, want about 120", len(papers))
	}
	seen := make(map[paper.ID]bool)
	for _, p := range papers {
		if seen[p.ID] {
			t.Errorf("%s stands twice", p.ID)
		}
		seen[p.ID] = true
		if ref, ok := paper.ParseID(string(p.ID)); !ok || ref.ID != p.ID {
			t.Errorf("%s is not an ID", p.ID)
		}
		if n := utf8.RuneCountInString(p.Summary); n < 100 || n > 300 {
			t.Errorf("%s: the summary has %d characters, want 100 to 300", p.ID, n)
		}
		if spelled(p.Authors) || strings.Contains(strings.Join(p.Authors, ""), ",") {
			t.Errorf("%s has strange authors: %q", p.ID, p.Authors)
		}
		if p.Title == "" || p.AuthorCount == 0 || p.Day().IsZero() || len(p.Keywords) == 0 {
			t.Errorf("%s lacks something: %+v", p.ID, p)
		}
	}
}

func TestMixtureOfExpertsPapersSaySo(t *testing.T) {
	hidden := 0
	for _, p := range feed(t) {
		title := strings.ToLower(p.Title)
		if !slices.Contains(p.Keywords, "mixture of experts") || strings.Contains(title, "moe") || strings.Contains(title, "mixture of expert") || strings.Contains(title, "mixture-of-expert") {
			continue
		}
		hidden++
	}
	if hidden == 0 {
		t.Error("no paper is about mixture of experts without its title saying so")
	}
}

// TestFactsAreThoseOfTheListing compares with the facts the feed was made from.
func TestFactsAreThoseOfTheListing(t *testing.T) {
	dir := os.Getenv("PAPERBOY_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	text, err := os.ReadFile(filepath.Join(dir, "starter-facts.json"))
	if err != nil {
		t.Skipf("the facts are not here to compare with: %v", err)
	}
	var lists map[string][]struct {
		ArXiv       string   `json:"arxiv"`
		Title       string   `json:"title"`
		Authors     []string `json:"authors"`
		AuthorCount int      `json:"author_count"`
		Published   string   `json:"published"`
		PageDay     string   `json:"page_day"`
		Upvotes     int      `json:"upvotes"`
		Comments    int      `json:"comments"`
		Github      string   `json:"github"`
	}
	if err := json.Unmarshal(text, &lists); err != nil {
		t.Fatal(err)
	}
	byID := make(map[paper.ID]paper.Paper)
	for _, p := range feed(t) {
		byID[p.ID] = p
	}
	n := 0
	for _, list := range lists {
		for _, f := range list {
			n++
			p := byID[paper.ID("arxiv:"+f.ArXiv)]
			published := ""
			if !p.Published.IsZero() {
				published = p.Published.Format("2006-01-02")
			}
			if spelled(f.Authors) {
				// The facts have these names letter by letter, and count the letters.
				f.Authors, f.AuthorCount = p.Authors, len(p.Authors)
			}
			if p.Title != f.Title || p.AuthorCount != f.AuthorCount || !slices.Equal(p.Authors, f.Authors) ||
				published != f.Published || p.Day().String() != f.PageDay || p.Votes() != f.Upvotes ||
				p.Comments() != f.Comments || p.Code != f.Github {
				t.Errorf("%s differs from the facts:\n got %+v\nwant %+v", f.ArXiv, p, f)
			}
		}
	}
	if n != len(byID) {
		t.Errorf("the feed has %d papers, the facts %d", len(byID), n)
	}
}

// spelled reports whether a list of names is a list of letters.
func spelled(names []string) bool {
	return len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return utf8.RuneCountInString(n) > 1 })
}
