package web_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// void elements have no end tag (https://html.spec.whatwg.org/multipage/syntax.html#void-elements).
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// inline elements may not have blocks in them, nor may paragraphs and headings.
var (
	inline = []string{"p", "h1", "h2", "h3", "span", "b", "em", "code", "mark", "button", "label", "summary", "legend", "dt", "pre", "time"}
	block  = []string{"p", "div", "ul", "ol", "dl", "h1", "h2", "h3", "form", "section", "article", "aside", "header", "footer", "nav", "main", "details", "fieldset", "figure", "pre", "table"}
)

// checker reads a page tag by tag, as it is written and not as browsers mend it.
type checker struct {
	open     []string
	ids      map[string]int
	refers   []string // to ids
	headings []int
	count    map[string]int
	wrong    []string
}

func (c *checker) complain(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// checkHTML fails unless a page, or a part of one, is valid as far as a program of
// this size can tell: tags closed in order, no block within a line, ids that are
// unique and there where something refers to them, names for fields and buttons,
// headings without gaps, landmarks.
func checkHTML(t *testing.T, what, body string) {
	t.Helper()
	c := &checker{ids: map[string]int{}, count: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if z.Err() != io.EOF {
				c.complain("%v", z.Err())
			}
			break
		}
		c.take(kind, z.Token())
	}
	c.end(strings.Contains(body, "<html"))
	for _, w := range slices.Compact(c.wrong) {
		t.Errorf("%s: %s", what, w)
	}
}

func (c *checker) take(kind html.TokenType, t html.Token) {
	switch kind {
	case html.StartTagToken, html.SelfClosingTagToken:
		c.start(kind, t)
	case html.EndTagToken:
		if n := len(c.open); n == 0 || c.open[n-1] != t.Data {
			c.complain("</%s> closes nothing in %v", t.Data, c.open)
		} else {
			c.open = c.open[:n-1]
		}
	}
}

func (c *checker) start(kind html.TokenType, t html.Token) {
	if n := len(c.open); n > 0 && slices.Contains(inline, c.open[n-1]) && slices.Contains(block, t.Data) {
		c.complain("<%s> in <%s>", t.Data, c.open[n-1])
	}
	for _, own := range []string{"a", "button", "form", "label"} {
		if t.Data == own && slices.Contains(c.open, own) {
			c.complain("<%s> in <%s>", own, own)
		}
	}
	if within := len(c.open); within > 0 && (c.open[within-1] == "ul" || c.open[within-1] == "ol") && t.Data != "li" {
		c.complain("<%s> in <%s>", t.Data, c.open[within-1])
	}
	c.count[t.Data]++
	c.attributes(t)
	if len(t.Data) == 2 && t.Data[0] == 'h' && t.Data[1] >= '1' && t.Data[1] <= '6' {
		c.headings = append(c.headings, int(t.Data[1]-'0'))
	}
	if kind == html.StartTagToken && !slices.Contains(void, t.Data) {
		c.open = append(c.open, t.Data)
	}
}

func (c *checker) attributes(t html.Token) {
	seen := map[string]string{}
	for _, a := range t.Attr {
		if _, twice := seen[a.Key]; twice {
			c.complain("<%s> has %s twice", t.Data, a.Key)
		}
		seen[a.Key] = a.Val
		switch {
		case a.Key == "id":
			c.ids[a.Val]++
			if a.Val == "" || strings.ContainsAny(a.Val, " \t\n") {
				c.complain("the id %q", a.Val)
			}
		case a.Key == "for" || a.Key == "aria-labelledby" || a.Key == "aria-describedby":
			c.refers = append(c.refers, strings.Fields(a.Val)...)
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			c.complain("<%s> has %s, which the policy forbids", t.Data, a.Key)
		case (a.Key == "href" || a.Key == "src" || a.Key == "action") && t.Data != "a":
			if !strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "//") {
				c.complain("<%s> loads or sends to %q", t.Data, a.Val)
			}
		}
	}
	kind := seen["type"]
	_, labelled := seen["id"]
	if t.Data == "input" && kind != "hidden" && !labelled && !slices.Contains(c.open, "label") && seen["aria-label"] == "" {
		c.complain("a field %q has no label", seen["name"])
	}
	if t.Data == "img" && seen["alt"] == "" {
		c.complain("an image has no text")
	}
}

func (c *checker) end(whole bool) {
	if len(c.open) > 0 {
		c.complain("%v stay open", c.open)
	}
	for id, n := range c.ids {
		if n > 1 {
			c.complain("the id %q stands %d times", id, n)
		}
	}
	for _, id := range c.refers {
		if c.ids[id] == 0 {
			c.complain("nothing has the id %q", id)
		}
	}
	if !whole {
		return
	}
	for i, h := range c.headings {
		if i == 0 && h != 1 || i > 0 && h > c.headings[i-1]+1 {
			c.complain("headings go %v", c.headings)
		}
	}
	for _, once := range []string{"html", "head", "body", "title", "main", "h1"} {
		if c.count[once] != 1 {
			c.complain("%d <%s>", c.count[once], once)
		}
	}
}

func TestEveryPageIsValid(t *testing.T) {
	s := newSite(t, month(), everything)
	c := s.follow(square, ada, "diffusion", "*")
	b := s.member(ada)
	b.press("/paper/arxiv:2602.00100", "do", "vote")
	b.press("/paper/arxiv:2602.00100", "do", "save")
	for _, who := range []*browser{b, s.visitor()} {
		for _, path := range []string{
			"/", "/date/2026-02-26", "/date/2030-01-01", "/week/2026-W09", "/month/2026-02?sort=team&page=2", "/search", "/search?q=experts", "/search?q=zebra", "/search?q=diffus",
			"/search?q=2401.99999", "/search?q=experts&part=results", "/paper/arxiv:2602.00100", "/topics", "/saved", "/settings", "/settings/me", "/settings/" + c.ID, "/me", "/me/erase",
			"/signin", "/signin/unknown", s.link(bob), "/nowhere",
		} {
			if a := who.get(path); a.status != http303 {
				checkHTML(t, path, a.body)
			}
		}
	}
	for _, fields := range [][]string{{"do", "preview", "topics", "chess\nmaths"}, {"do", "save", "topics", "chess", "schedule", "never", "count", "99"}} {
		checkHTML(t, strings.Join(fields, " "), b.press("/settings/"+c.ID, fields...).body)
	}
	b.header.Set("X-Part", "1")
	checkHTML(t, "a part of a paper", b.press("/paper/arxiv:2602.00100", "do", "unvote").body)
	checkHTML(t, "a part of the settings", b.press("/settings/"+c.ID, "do", "preview", "topics", "*").body)
}

const http303 = 303
