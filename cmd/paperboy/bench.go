package main

import (
	"context"
	"errors"

	"paperboy/internal/bench"
)

type benchCmd struct {
	Search benchSearchCmd `cmd:"" help:"Build an index of many papers, search in it, and print how long that takes."`
}

type benchSearchCmd struct {
	Corpus  string `required:"" placeholder:"FILE" help:"The papers, as import reads them."`
	Queries string `placeholder:"FILE" help:"The queries, one a line, a class and a tab before it if you like. Made from the papers if not given."`
	Papers  int    `placeholder:"N" help:"How many papers; if the file has fewer, the others are made from those by crossing their sentences."`
	Vs      string `enum:",fts5" default:"" placeholder:"fts5" help:"Ask SQLite's full-text search the same, too."`
}

// Run measures and prints as it goes.
func (b *benchSearchCmd) Run(ctx context.Context, std streams) error {
	err := bench.Search(ctx, std.out, bench.Options{Corpus: b.Corpus, Queries: b.Queries, Papers: b.Papers, FTS5: b.Vs == "fts5"})
	return interrupted(ctx, err)
}

type evalCmd struct {
	Search evalSearchCmd `cmd:"" help:"Print how well the search ranks judged collections."`
}

type evalSearchCmd struct {
	Folders []string `arg:"" name:"dir" help:"Folders in BEIR's layout: corpus.jsonl, queries.jsonl, qrels.tsv or qrels/test.tsv, each plain or with .gz."`
	Queries int      `placeholder:"N" help:"Ask only so many queries of each."`
	Mode    string   `enum:"smart,any" default:"smart" placeholder:"MODE" help:"smart ranks as /papers does: papers with all words, then with most, then with any; any is one list of papers with any of the words."`
}

// Run measures and prints a table.
func (e *evalSearchCmd) Run(ctx context.Context, std streams) error {
	return interrupted(ctx, bench.Eval(ctx, std.out, e.Folders, bench.Mode(e.Mode), e.Queries))
}

// interrupted is err, or what to say of it after Ctrl-C.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return err
}
