package search

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paperboy/internal/paper"
)

// The line is that of a plain BM25 (README.md of the data).
func TestRankingReachesPlainBM25(t *testing.T) {
	for _, c := range []struct {
		name         string
		ndcg, recall float64
	}{
		{"scitldr", 0.791, 0.966},
		{"hf_ai_keywords", 0.319, 0.786},
		{"kdd_www_kp", 0.363, 0.541},
		{"cranfield", 0.359, 0.725},
		{"cisi", 0.371, 0.428},
	} {
		t.Run(c.name, func(t *testing.T) {
			ndcg, recall := judge(t, "search/"+c.name)
			t.Logf("nDCG@10 %.3f (plain BM25 %.3f), recall@100 %.3f (%.3f)", ndcg, c.ndcg, recall, c.recall)
			if ndcg < 0.95*c.ndcg || recall < 0.95*c.recall {
				t.Errorf("nDCG@10 %.3f, recall@100 %.3f; want at least 95 %% of %.3f and %.3f", ndcg, recall, c.ndcg, c.recall)
			}
		})
	}
}

// judge searches a judged collection for any of the words of each query.
func judge(t *testing.T, folder string) (ndcg, recall float64) {
	ix := New()
	ix.Put(corpus(t, folder), 1)
	queries := make(map[string]string)
	for lines := dataFile(t, folder+"/queries.jsonl.gz"); lines.Scan(); {
		var q struct {
			ID   string `json:"_id"`
			Text string
		}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		queries[q.ID] = q.Text
	}
	judged := make(map[string]map[paper.ID]float64)
	lines := dataFile(t, folder+"/qrels.tsv.gz")
	lines.Scan() // heading
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		grade, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if grade <= 0 {
			continue
		}
		if judged[f[0]] == nil {
			judged[f[0]] = make(map[paper.ID]float64)
		}
		judged[f[0]][paper.ID(f[1])] = grade
	}
	ids := slices.Sorted(maps.Keys(judged))
	ids = ids[:min(len(ids), 1500)]
	for _, id := range ids {
		grades := judged[id]
		res := ix.Search(Parse(typed(queries[id])), Options{Limit: 100, Enough: 100})
		gain, found := 0.0, 0
		for i, h := range res.Hits {
			if grades[h.ID] == 0 {
				continue
			}
			found++
			if i < 10 {
				gain += grades[h.ID] / math.Log2(float64(i+2))
			}
		}
		var ideal []float64
		for _, g := range grades {
			ideal = append(ideal, g)
		}
		slices.Sort(ideal)
		slices.Reverse(ideal)
		best := 0.0
		for i, g := range ideal[:min(10, len(ideal))] {
			best += g / math.Log2(float64(i+2))
		}
		ndcg += gain / best
		recall += float64(found) / float64(len(grades))
	}
	return ndcg / float64(len(ids)), recall / float64(len(ids))
}

// typed is a text without what would be an operator.
func typed(text string) string {
	return strings.NewReplacer(`"`, " ", "(", " ", ")", " ", ":", " ", " -", " ", "*", " ").Replace(text)
}

func corpus(t *testing.T, folder string) (papers []paper.Paper) {
	for lines := dataFile(t, folder+"/corpus.jsonl.gz"); lines.Scan(); {
		var d struct {
			ID          string `json:"_id"`
			Title, Text string
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		papers = append(papers, paper.Paper{ID: paper.ID(d.ID), Title: d.Title, Abstract: d.Text})
	}
	return papers
}

// Schwartz and Hearst found 96 % and 82 % on their collection.
func TestAcronymsAgreeWithPeople(t *testing.T) {
	right, found, all := 0, 0, 0
	for lines := dataFile(t, "acronyms/med1250.jsonl.gz"); lines.Scan(); {
		var d struct {
			Title, Text string
			Pairs       [][2]string
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		gold := make(map[string]bool)
		for _, p := range d.Pairs {
			gold[strings.ToLower(strings.TrimSuffix(p[0], "s"))+"="+termsOf(p[1])] = true
		}
		all += len(gold)
		for short, long := range acronyms(d.Title + " " + d.Text) {
			found++
			if gold[strings.ToLower(short)+"="+termsOf(long)] {
				right++
			}
		}
	}
	precision, recall := float64(right)/float64(found), float64(right)/float64(all)
	t.Logf("precision %.3f, recall %.3f", precision, recall)
	if precision < 0.95 || recall < 0.8 {
		t.Errorf("precision %.3f, recall %.3f; want at least 0.95 and 0.8", precision, recall)
	}
}
