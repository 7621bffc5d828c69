package main

import (
	"fmt"
	"slices"
	"strings"

	"paperboy/internal/card"
	"paperboy/internal/date"
	"paperboy/internal/polite"
	"paperboy/internal/source"
	"paperboy/internal/source/arxiv"
	"paperboy/internal/source/huggingface"
	"paperboy/internal/source/rss"
	"paperboy/internal/source/webpage"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// sourceSettings say where papers come from.
type sourceSettings struct {
	Sources        []string `env:"PAPERBOY_SOURCES" default:"huggingface,arxiv" placeholder:"NAME,…" help:"Where papers come from: huggingface, arxiv, and the address of any RSS, Atom or JSON feed; none to read nothing."`
	Categories     []string `name:"arxiv-categories" env:"ARXIV_CATEGORIES" default:"cs.AI,cs.CL,cs.CV,cs.LG,stat.ML" placeholder:"CAT,…" help:"Which arXiv categories to follow."`
	Contact        string   `env:"PAPERBOY_CONTACT" placeholder:"ADDRESS" help:"Your e-mail or web address, told to the services that are asked, as arXiv wishes."`
	HuggingFaceURL string   `name:"huggingface-url" env:"HUGGINGFACE_URL" default:"https://huggingface.co" placeholder:"URL" help:"Base address of Hugging Face, to go through a proxy or a test server."`
	ArXivAPIURL    string   `name:"arxiv-api-url" env:"ARXIV_API_URL" default:"https://export.arxiv.org/api/query" placeholder:"URL" help:"Address of arXiv's query API."`
	ArXivFeedURL   string   `name:"arxiv-feed-url" env:"ARXIV_FEED_URL" default:"https://rss.arxiv.org" placeholder:"URL" help:"Address of arXiv's daily feeds."`
	DOIURL         string   `name:"doi-url" env:"DOI_URL" default:"https://doi.org" placeholder:"URL" help:"Address of the DOI resolver."`
	AllowPrivate   bool     `name:"allow-private-addresses" env:"PAPERBOY_ALLOW_PRIVATE_ADDRESSES" help:"Follow links and feeds that people typed into private networks too."`
}

// client is the one client through which everything is asked. All processes
// on the store share its pace.
func (s sourceSettings) client(db *store.Store) *polite.Client {
	return polite.New(polite.Options{Contact: s.Contact, AllowPrivate: s.AllowPrivate, Pacer: db, Version: version()})
}

// sourceLabels are the sources' names as people write them.
var sourceLabels = card.Labels{
	"huggingface":   "Hugging Face",
	"arxiv":         "arXiv",
	team.SourceName: "what people here share",
}

// open makes the sources that are switched on. A source is one line here.
func (s sourceSettings) open(client *polite.Client) ([]source.Source, error) {
	var all []source.Source
	for _, name := range s.Sources {
		switch name = strings.TrimSpace(name); {
		case name == "", name == "none":
		case name == "huggingface":
			all = append(all, huggingface.New(client, s.HuggingFaceURL))
		case name == "arxiv":
			all = append(all, arxiv.New(client, s.ArXivAPIURL, s.ArXivFeedURL, s.Categories))
		case strings.HasPrefix(name, "http://"), strings.HasPrefix(name, "https://"):
			all = append(all, rss.New(client, name))
		default:
			return nil, fmt.Errorf("PAPERBOY_SOURCES names %q, which is neither huggingface, arxiv nor the address of a feed", name)
		}
	}
	return distinct(all)
}

// names are those of sources.
func names(all []source.Source) (names []string) {
	for _, s := range all {
		names = append(names, s.Name())
	}
	return names
}

// quietDays tells why a source lists nothing on a day, where that is known.
func quietDays(name string, day date.Date) (reason string, quiet bool) {
	if name == "arxiv" {
		return arxiv.NoFeed(day)
	}
	return "", false
}

// distinct refuses two sources of one name: they would share a cursor.
func distinct(all []source.Source) ([]source.Source, error) {
	for i, s := range all {
		if slices.ContainsFunc(all[:i], func(t source.Source) bool { return t.Name() == s.Name() }) {
			return nil, fmt.Errorf("PAPERBOY_SOURCES names %s twice", s.Name())
		}
	}
	return all, nil
}

// resolvers are all services that can describe a paper somebody names, whether
// or not their listings are followed.
func (s sourceSettings) resolvers(client *polite.Client) source.Resolvers {
	return source.Resolvers{
		arxiv.New(client, s.ArXivAPIURL, s.ArXivFeedURL, s.Categories),
		huggingface.New(client, s.HuggingFaceURL),
		webpage.New(client, s.DOIURL),
	}
}
