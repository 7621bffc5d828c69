package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite" // registers "sqlite"

	"paperboy/internal/paper"
)

// fts5 is SQLite's full-text search over the same papers: words folded and stemmed,
// the title weighted over the authors over the abstract as ours, all words
// needed, the ten best by bm25. It keeps no texts, which makes it as small and
// fast as it can be, and it marks no highlights.
type fts5 struct {
	db  *sql.DB
	dir string
}

const sqlFTS5 = `
CREATE VIRTUAL TABLE papers USING fts5(title, authors, cats, body, content='', tokenize='porter unicode61 remove_diacritics 2');
INSERT INTO papers(papers, rank) VALUES('rank', 'bm25(3.0, 2.0, 1.0, 1.0)');
CREATE TABLE dates(id INTEGER PRIMARY KEY, published INTEGER NOT NULL)`

// openFTS5 makes an empty index in a temporary folder.
func openFTS5(ctx context.Context) (*fts5, error) {
	dir, err := os.MkdirTemp("", "paperboy-bench-*.fts5")
	if err != nil {
		return nil, err
	}
	dsn := "file:" + filepath.ToSlash(filepath.Join(dir, "fts5.db")) +
		"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=cache_size(-262144)&_pragma=mmap_size(8589934592)&_pragma=temp_store(memory)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	db.SetMaxOpenConns(1)
	f := &fts5{db, dir}
	if _, err := db.ExecContext(ctx, sqlFTS5); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *fts5) close() error { return errors.Join(f.db.Close(), os.RemoveAll(f.dir)) }

// put adds papers, the first of which has the number first.
func (f *fts5) put(ctx context.Context, papers []paper.Paper, first int) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	words, err := tx.PrepareContext(ctx, "INSERT INTO papers(rowid, title, authors, cats, body) VALUES(?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer words.Close()
	dates, err := tx.PrepareContext(ctx, "INSERT INTO dates(id, published) VALUES(?, ?)")
	if err != nil {
		return err
	}
	defer dates.Close()
	for i, p := range papers {
		_, err := words.ExecContext(ctx, first+i, p.Title, strings.Join(p.Authors, ", "), strings.Join(p.Categories, " "), p.Abstract+" "+p.Summary)
		if err != nil {
			return err
		}
		if _, err := dates.ExecContext(ctx, first+i, p.Published.Unix()); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// query is what FTS5 is asked.
type query struct {
	match         string
	since, before int64 // 0 for any time
}

// ask returns how many of the ten best papers there are.
func (f *fts5) ask(ctx context.Context, q query) (found int, err error) {
	text, args := "SELECT rowid FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT 10", []any{q.match}
	if q.since != 0 || q.before != 0 {
		text = "SELECT papers.rowid FROM papers JOIN dates ON dates.id = papers.rowid WHERE papers MATCH ? " +
			"AND dates.published >= ? AND dates.published < ? ORDER BY rank LIMIT 10"
		if q.before == 0 {
			q.before = 1 << 60
		}
		args = append(args, q.since, q.before)
	}
	rows, err := f.db.QueryContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
		found++
	}
	return found, rows.Err()
}

// translated is a search in the language of FTS5, for papers with all of its words
// or, if some is set, with some of them; ok is false where that has no words for
// it. Words too common to tell anything are left out, as by our search.
func translated(text string, some bool) (q query, ok bool) {
	var musts, words, sides, nots []string
	for _, item := range items(text) {
		item, negative := strings.CutPrefix(item, "-")
		if item == "OR" {
			sides, musts = append(sides, conjunction(musts)), nil
			continue
		}
		if slices.Contains(dropped, item) {
			continue
		}
		expression, known := q.item(item)
		switch {
		case !known:
			return query{}, false
		case expression == "":
		case negative:
			nots = append(nots, expression)
		case some && item[0] != '"' && !strings.Contains(item, ":"):
			words = append(words, expression)
		default:
			musts = append(musts, expression)
		}
	}
	if len(words) > 0 {
		musts = append(musts, "("+strings.Join(words, " OR ")+")")
	}
	sides = slices.DeleteFunc(append(sides, conjunction(musts)), func(s string) bool { return s == "" })
	if len(sides) == 0 {
		return query{}, false
	}
	q.match = strings.Join(sides, " OR ")
	if len(nots) > 0 {
		q.match = "(" + q.match + ") NOT (" + strings.Join(nots, " OR ") + ")"
	}
	return q, true
}

func conjunction(terms []string) string {
	if len(terms) < 2 {
		return strings.Join(terms, "")
	}
	return "(" + strings.Join(terms, " AND ") + ")"
}

// dropped are the words that our search leaves out beside others.
var dropped = strings.Fields("a an and are as at be but by for if in into is it no not of on or such that the their then there these they " +
	"this to was will with")

// items parts a search at its spaces, but not within quotes.
func items(text string) (list []string) {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
}

// item translates a word, a phrase, a beginning or a filter. A date goes into q and
// leaves the expression empty.
func (q *query) item(text string) (expression string, ok bool) {
	columns := map[string]string{"author": "authors", "title": "title", "cat": "cats"}
	if name, value, has := strings.Cut(text, ":"); has && !strings.HasPrefix(text, `"`) {
		if column := columns[name]; column != "" {
			return column + " : " + literal(value), true
		}
		return "", q.date(name, value)
	}
	if begin, is := strings.CutSuffix(text, "*"); is {
		return literal(begin) + "*", true
	}
	return literal(text), true
}

func (q *query) date(name, value string) bool {
	for _, layout := range []string{"2006", "2006-01", "2006-01-02"} {
		at, err := time.Parse(layout, value)
		if err != nil {
			continue
		}
		switch name {
		case "since":
			q.since = at.Unix()
			return true
		case "before":
			q.before = at.Unix()
			return true
		}
	}
	return false
}

func literal(text string) string { return `"` + strings.ReplaceAll(text, `"`, "") + `"` }

// compare asks SQLite what the index was asked, and says how the times compare.
func (b *bench) compare(ctx context.Context) (err error) {
	began := time.Now()
	f, err := openFTS5(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	first := 0
	err = b.corpus.each(ctx, func(some []paper.Paper) error {
		defer func() { first += len(some) }()
		return f.put(ctx, some, first)
	})
	if err != nil {
		return err
	}
	if _, err := f.db.ExecContext(ctx, "INSERT INTO papers(papers) VALUES('optimize')"); err != nil {
		return err
	}
	b.say("\nSQLite FTS5 (modernc), its index made in %.1f s and optimized. The same queries, all words needed, ORDER BY rank LIMIT 10, without highlights, in milliseconds:\n", time.Since(began).Seconds())
	return b.askFTS5(ctx, f)
}

// askFTS5 asks f the questions that can be put to it.
func (b *bench) askFTS5(ctx context.Context, f *fts5) error {
	var asked []question
	var theirs []cost
	var hits []int
	var ours, strict, helpful cost
	again := 0
	for i, question := range b.questions {
		q, ok := translated(question.text, false)
		if !ok {
			continue
		}
		c, n, err := f.cost(ctx, q)
		if err != nil {
			return fmt.Errorf("ask FTS5 for %q: %w", q.match, err)
		}
		asked, theirs, hits = append(asked, question), append(theirs, c), append(hits, n)
		ours, strict, helpful = ours.plus(b.costs[i]), strict.plus(c), helpful.plus(c)
		wider, _ := translated(question.text, true)
		if n >= handful || wider == q || strings.Contains(question.text, " OR ") {
			continue
		}
		more, _, err := f.cost(ctx, wider)
		if err != nil {
			return fmt.Errorf("ask FTS5 for %q: %w", wider.match, err)
		}
		again, helpful = again+1, helpful.plus(more)
	}
	if len(asked) == 0 {
		b.say("None of the queries can be put to it.")
		return nil
	}
	if err := report(b.out, asked, theirs, hits); err != nil {
		return err
	}
	times := func(c cost) float64 { return c.cpu.Seconds() / max(ours.cpu.Seconds(), 1e-6) }
	b.say("\nratio     FTS5 took %.0f times as much processor time as our search for the %d queries that both were asked: %s ms against %s ms, highlights left out",
		times(strict), len(asked), ms(strict.cpu), ms(ours.cpu))
	b.say("          and %.0f times, %s ms, with %d of them asked again for any of the words because fewer than %d papers have all, which ours does by itself",
		times(helpful), ms(helpful.cpu), again, handful)
	return nil
}

// handful is how many papers with all words make others unneeded.
const handful = 5

// cost asks twice and takes the second, warm time.
func (f *fts5) cost(ctx context.Context, q query) (c cost, found int, err error) {
	for range 2 {
		watch := start()
		if found, err = f.ask(ctx, q); err != nil {
			return c, 0, err
		}
		c = watch.cost()
	}
	return c, found, nil
}
