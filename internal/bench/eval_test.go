package bench

import (
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperboy/internal/paper"
)

// folder is a new folder with files in it; those with .gz are compressed.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".gz" {
			z := gzip.NewWriter(f)
			z.Write([]byte(text))
			err = z.Close()
		} else {
			_, err = f.WriteString(text)
		}
		if err != nil || f.Close() != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	someCorpus = `{"_id": "a", "title": "apples", "text": "apples apples", "metadata": {"x": 1}}
{"_id": "b", "title": "", "text": "apples and pears and a long tail of other words"}

{"_id": "c", "title": "plums", "text": "none of these"}
`
	someQueries = `{"_id": "1", "text": "apples"}
{"_id": "2", "text": "Plums (OR) \"cherries\"?"}
{"_id": "3", "text": "never judged"}
{"_id": "4", "text": "judged irrelevant"}
`
)

// TestEvalPrintsWhatAHandCountGives: for the first query the paper of grade 1 is
// first and that of grade 3 second, c is not found; for the second c is first.
func TestEvalPrintsWhatAHandCountGives(t *testing.T) {
	plain := folder(t, map[string]string{"corpus.jsonl": someCorpus, "queries.jsonl": someQueries,
		"qrels.tsv": "query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t3\n1\tc\t1\n2\tc\t1\n4\ta\t0\n"})
	packed := folder(t, map[string]string{"corpus.jsonl.gz": someCorpus, "queries.jsonl.gz": someQueries,
		"qrels/test.tsv.gz": "1 0 a 1\n1 0 b 3\n1 0 c 1\n2 0 c 1\n4 0 a 0\n"})
	// (1 + 3/log2(3)) / (3 + 1/log2(3) + 1/log2(4)) = 2.8928 / 4.1309 = 0.7003
	// nDCG@10 (0.7003+1)/2, MRR@10 (1+1)/2, recall@100 (2/3+1)/2
	for _, mode := range []Mode{Smart, Any} {
		for _, dir := range []string{plain, packed} {
			var out strings.Builder
			if err := Eval(t.Context(), &out, []string{dir}, mode, 0); err != nil {
				t.Fatal(err)
			}
			line := strings.Split(out.String(), "\n")[1]
			if got, want := strings.Join(strings.Fields(line)[1:7], " "), "3 2 2 0.850 1.000 0.833"; got != want {
				t.Errorf("%s: %q, want %q in\n%s", mode, got, want, out.String())
			}
		}
	}
}

func TestMeasuresOfARanking(t *testing.T) {
	rank := func(n int) (ids []paper.ID) { // the only relevant one is the n-th
		for range n - 1 {
			ids = append(ids, "other")
		}
		return append(ids, "it")
	}
	for _, c := range []struct {
		ids               []paper.ID
		ndcg, mrr, recall float64
	}{
		{nil, 0, 0, 0},
		{rank(1), 1, 1, 1},
		{rank(3), 0.5, 1.0 / 3, 1},
		{rank(10), 1 / math.Log2(11), 0.1, 1},
		{rank(11), 0, 0, 1},
	} {
		var m measures
		m.add(c.ids, map[paper.ID]float64{"it": 2})
		if m.ndcg != c.ndcg || m.mrr != c.mrr || m.recall != c.recall {
			t.Errorf("relevant at %d: nDCG %f, MRR %f, recall %f, want %f, %f, %f", len(c.ids), m.ndcg, m.mrr, m.recall, c.ndcg, c.mrr, c.recall)
		}
	}
}

func TestBrokenCollectionsAreNamedByFileAndLine(t *testing.T) {
	good := map[string]string{"corpus.jsonl": someCorpus, "queries.jsonl": someQueries, "qrels.tsv": "1\ta\t1\n"}
	for _, c := range []struct{ file, text, want string }{
		{"corpus.jsonl", "{\"_id\": \"a\"}\nnot json\n", "corpus.jsonl, line 2 is no JSON object"},
		{"corpus.jsonl", `{"title": "a"}`, `corpus.jsonl, line 1 has no "_id"`},
		{"queries.jsonl", "\n[]\n", "queries.jsonl, line 2 is no JSON object"},
		{"qrels.tsv", "1\ta\t1\n1\ta\n", "qrels.tsv, line 2 has 2 columns"},
		{"qrels.tsv", "heading\n1\ta\tgood\n", `qrels.tsv, line 2 has the grade "good"`},
		{"qrels.tsv", "9\ta\t1\n", "no query has a relevant document"},
		{"corpus.jsonl", "", "has no corpus.jsonl"},
	} {
		files := map[string]string{}
		for name, text := range good {
			files[name] = text
		}
		if files[c.file] = c.text; c.text == "" {
			delete(files, c.file)
		}
		err := Eval(t.Context(), new(strings.Builder), []string{folder(t, files)}, Smart, 0)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %v, want %q", c.file, c.text, err, c.want)
		}
	}
}
