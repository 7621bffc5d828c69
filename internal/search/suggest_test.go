package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/paper"
)

func TestSuggest(t *testing.T) {
	var papers []paper.Paper
	for i := range 4 {
		papers = append(papers, paper.Paper{
			ID: paper.ID(fmt.Sprint("n", i)), Title: fmt.Sprint("Mixture-of-Experts, Part ", i),
			Abstract:  "On mixtures of experts (MoE) and pre-trained language models (PLMs).",
			Authors:   []string{"Yann LeCun", "José Núñez", "J. D. Salinger"},
			Keywords:  []string{"Kernel Methods"},
			Published: time.Unix(int64(i)*86_400, 0),
		})
	}
	papers[1].Sightings = []paper.Sighting{{Source: "x", Votes: 3}}
	ix := New()
	ix.Put(papers, 1)
	for _, c := range []struct {
		typed string
		n     int
		want  string
	}{
		{"mo", 9, "acronym:mixture of experts (MoE)=MoE"},
		{"MOE", 9, "acronym:mixture of experts (MoE)=MoE"},
		{"mixture", 3, "topic:mixtures of experts=mixtures of experts title:n1 title:n3"},
		{"Mixture-of Ex", 4, "topic:mixtures of experts=mixtures of experts title:n1 title:n3 title:n2"},
		{"pretrained lang", 1, "topic:pre trained language models=pre trained language models"},
		{"pre-trained l", 1, "topic:pre trained language models=pre trained language models"},
		{"kern", 9, "topic:kernel methods=kernel methods"},
		{"lecu", 1, `author:Yann LeCun=author:"Yann LeCun"`},
		{"yann le", 1, `author:Yann LeCun=author:"Yann LeCun"`},
		{"lecun y", 1, `author:Yann LeCun=author:"Yann LeCun"`},
		{"nunez", 1, `author:José Núñez=author:"José Núñez"`},
		{"salin", 1, `author:J. D. Salinger=author:"J. D. Salinger"`},
		{"part", 2, "title:n1 title:n3"},
		{"zzz", 9, ""},
		{"m", 9, ""},
		{"", 9, ""},
		{"mo", 0, ""},
		{"\x00\xff((", 9, ""},
	} {
		var got []string
		for _, s := range ix.Suggest(c.typed, c.n) {
			if text := string(s.Kind) + ":" + s.Text + string(s.ID); s.Query != "" {
				got = append(got, text+"="+s.Query)
			} else {
				got = append(got, text)
			}
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%q suggests %q, want %q", c.typed, text, c.want)
		}
	}
}

func FuzzSuggest(f *testing.F) {
	for _, text := range []string{"mo", "Yann L", "mixture of", "ｍｏ", "é", "混合", "a-b-c", "\xff\x00", "-", "o"} {
		f.Add(text)
	}
	ix := New()
	ix.Put(samples(), 1)
	f.Fuzz(func(t *testing.T, text string) {
		list := ix.Suggest(text, 10)
		if len(list) > 10 || !slices.Equal(list, ix.Suggest(text, 10)) {
			t.Errorf("%q suggests %v, and then something else", text, list)
		}
		for _, s := range list {
			if s.Kind != KindTitle && len(ix.Search(Parse(s.Query), Options{Limit: 1}).Hits) == 0 {
				t.Errorf("%q suggests %v, which finds nothing", text, s)
			}
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	ix := New()
	papers := arXiv(b)
	ix.Put(papers, 1)
	var typed []string
	for i := 0; i < len(papers); i += 500 {
		for n := 2; n < min(20, len(papers[i].Title)); n++ {
			typed = append(typed, papers[i].Title[:n])
		}
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		ix.Suggest(typed[i%len(typed)], 12)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
