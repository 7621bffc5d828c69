package bench

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"paperboy/internal/paper"
	"paperboy/internal/search"
)

// Mode is how queries are asked.
type Mode string

// Smart is as people get their answers: papers with all words, then those with most
// of them, then with any. Any is one list of the papers with any of the words.
const (
	Smart Mode = "smart"
	Any   Mode = "any"
)

// Eval measures how well the search ranks the judged collections in some folders,
// and writes a table with a line for each. It asks at most limit queries of each;
// 0 is all.
func Eval(ctx context.Context, out io.Writer, folders []string, mode Mode, limit int) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "collection\tdocuments\tqueries\tleft out\tnDCG@10\tMRR@10\trecall@100\tms/query\t")
	for _, dir := range folders {
		c, err := readCollection(dir)
		if err != nil {
			return err
		}
		if limit > 0 && len(c.queries) > limit {
			c.queries = c.queries[:limit]
		}
		m, err := c.measure(ctx, mode)
		if err != nil {
			return err
		}
		n := float64(len(c.queries))
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\t%.2f\t\n", filepath.Base(filepath.Clean(dir)),
			len(c.docs), len(c.queries), c.without, m.ndcg/n, m.mrr/n, m.recall/n, m.took.Seconds()*1000/n)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "Queries without a relevant document are left out, as trec_eval does.")
	return err
}

// measures are sums over queries.
type measures struct {
	ndcg, mrr, recall float64
	took              time.Duration
}

// deep is how many documents are looked at for recall.
const deep = 100

func (c *collection) measure(ctx context.Context, mode Mode) (m measures, err error) {
	ix := search.New()
	ix.Put(c.docs, 1)
	for _, q := range c.queries {
		if ctx.Err() != nil {
			return m, context.Cause(ctx)
		}
		query := search.Parse(asked(q.text, mode))
		began := time.Now()
		hits := ix.Search(query, search.Options{Limit: deep, Enough: deep}).Hits
		m.took += time.Since(began)
		ids := make([]paper.ID, len(hits))
		for i, h := range hits {
			ids[i] = h.ID
		}
		m.add(ids, q.grades)
	}
	return m, nil
}

// asked is a text that was not written for a search box: nothing in it is an
// operator.
func asked(text string, mode Mode) string {
	words := strings.Fields(strings.NewReplacer(`"`, " ", "(", " ", ")", " ", ":", " ", "*", " ", "|", " ", " -", " ").Replace(" " + text))
	for i, w := range words {
		if w == "OR" || w == "AND" || w == "NOT" {
			words[i] = strings.ToLower(w)
		}
	}
	if mode == Any {
		return strings.Join(words, " OR ")
	}
	return strings.Join(words, " ")
}

// add measures one ranking.
func (m *measures) add(ids []paper.ID, grades map[paper.ID]float64) {
	gain, first, found := 0.0, 0, 0
	for i, id := range ids {
		grade := grades[id]
		if grade <= 0 {
			continue
		}
		found++
		if i < 10 {
			gain += discounted(grade, i)
			if first == 0 {
				first = i + 1
			}
		}
	}
	ideal := 0.0
	for i, grade := range slices.Backward(slices.Sorted(maps.Values(grades))) {
		if rank := len(grades) - 1 - i; rank < 10 {
			ideal += discounted(grade, rank)
		}
	}
	m.ndcg += gain / ideal
	if first > 0 {
		m.mrr += 1 / float64(first)
	}
	m.recall += float64(found) / float64(len(grades))
}

// discounted is what a grade gains at a rank from 0 on.
func discounted(grade float64, rank int) float64 { return grade / math.Log2(float64(rank+2)) }
