// Package bench measures the search: how well it ranks, on judged collections, and
// how fast it is, beside SQLite's own full-text search.
package bench

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"paperboy/internal/paper"
)

// collection is a set of documents, queries and judgements in the layout of BEIR
// (https://github.com/beir-cellar/beir): corpus.jsonl, queries.jsonl, and
// qrels.tsv or qrels/test.tsv, each of them plain or compressed with gzip.
type collection struct {
	docs    []paper.Paper
	queries []judgedQuery // those with a relevant document, in the order of the file
	without int           // queries without one
}

// judgedQuery is a query with how relevant documents are to it: those that are.
type judgedQuery struct {
	text   string
	grades map[paper.ID]float64
}

func readCollection(dir string) (*collection, error) {
	c := new(collection)
	grades, err := readGrades(dir)
	if err != nil {
		return nil, err
	}
	err = eachObject(dir, "corpus.jsonl", func(o object) error {
		c.docs = append(c.docs, paper.Paper{ID: paper.ID(o.ID), Title: o.Title, Abstract: o.Text})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = eachObject(dir, "queries.jsonl", func(o object) error {
		if grades[o.ID] == nil {
			c.without++
			return nil
		}
		c.queries = append(c.queries, judgedQuery{o.Text, grades[o.ID]})
		return nil
	})
	if err == nil && len(c.queries) == 0 {
		err = fmt.Errorf("%s: no query has a relevant document", dir)
	}
	return c, err
}

// object is a line of corpus.jsonl or queries.jsonl. Other fields do not matter.
type object struct {
	ID          string `json:"_id"`
	Title, Text string
}

func eachObject(dir, name string, f func(object) error) error {
	return eachLine(dir, []string{name}, func(n int, line string) error {
		var o object
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			return fmt.Errorf("is no JSON object with _id, title and text: %w", err)
		}
		if o.ID == "" {
			return errors.New(`has no "_id"`)
		}
		return f(o)
	})
}

// readGrades reads the judgements above zero, by query.
func readGrades(dir string) (map[string]map[paper.ID]float64, error) {
	grades := make(map[string]map[paper.ID]float64)
	err := eachLine(dir, []string{"qrels.tsv", filepath.Join("qrels", "test.tsv")}, func(n int, line string) error {
		query, doc, grade, err := judgement(line)
		switch {
		case err != nil && n == 1: // a heading
			return nil
		case err != nil:
			return err
		case grade <= 0:
			return nil
		}
		if grades[query] == nil {
			grades[query] = make(map[paper.ID]float64)
		}
		grades[query][paper.ID(doc)] = grade
		return nil
	})
	return grades, err
}

// judgement reads "query document grade", or, as TREC writes it, with a column
// that does not matter after the query.
func judgement(line string) (query, doc string, grade float64, err error) {
	f := strings.Split(line, "\t")
	if len(f) == 1 {
		f = strings.Fields(line)
	}
	switch len(f) {
	case 3:
	case 4:
		f = append(f[:1], f[2:]...)
	default:
		return "", "", 0, fmt.Errorf("has %d columns; a judgement is query, document and grade", len(f))
	}
	grade, err = strconv.ParseFloat(strings.TrimSpace(f[2]), 64)
	if err != nil {
		return "", "", 0, fmt.Errorf("has the grade %q, which is no number", f[2])
	}
	return f[0], f[1], grade, nil
}

// maxLine bounds a line, in bytes.
const maxLine = 16 << 20

// eachLine calls f for the lines that are not empty of the first of names that is
// in dir, plain or with .gz. Errors tell the file and the line.
func eachLine(dir string, names []string, f func(n int, line string) error) error {
	in, path, err := openFirst(dir, names)
	if err != nil {
		return err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	n := 0
	for lines.Scan() {
		if n++; strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := f(n, lines.Text()); err != nil {
			return fmt.Errorf("%s, line %d %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s, after line %d: %w", path, n, err)
	}
	return nil
}

func openFirst(dir string, names []string) (io.ReadCloser, string, error) {
	for _, name := range names {
		for _, path := range []string{filepath.Join(dir, name), filepath.Join(dir, name+".gz")} {
			f, err := os.Open(path)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, path, err
			}
			in, err := unpacked(f, path)
			return in, path, err
		}
	}
	return nil, "", fmt.Errorf("%s has no %s, plain or with .gz", dir, strings.Join(names, " or "))
}

// unpacked is f, or what is compressed in it.
func unpacked(f *os.File, path string) (io.ReadCloser, error) {
	if filepath.Ext(path) != ".gz" {
		return f, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}
