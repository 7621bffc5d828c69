package paper

import "testing"

func TestArXivReadsWhatArXivWrites(t *testing.T) {
	for text, want := range map[string]Ref{
		"2401.08383":           {ID: "arxiv:2401.08383"},
		"2503.02130v12":        {ID: "arxiv:2503.02130", Version: 12},
		"0704.0001v1":          {ID: "arxiv:0704.0001", Version: 1},
		"math/0611800":         {ID: "arxiv:math/0611800"},
		"math.CA/0611800v2":    {ID: "arxiv:math/0611800", Version: 2},
		"astro-ph/0601001v1":   {ID: "arxiv:astro-ph/0601001", Version: 1},
		"":                     {},
		"abc":                  {},
		"2413.08383":           {},
		"2401.08383v0":         {},
		"2401.083839":          {},
		"2503.0213":            {}, // 2503.02130 as a number
		"0808.05394":           {},
		"0703.0001":            {},
		" 2401.08383":          {},
		"2401.08383,2401.1":    {},
		"2401.08383\n":         {},
		"math/06118001":        {},
		"arXiv:2401.08383":     {},
		"2401.08383v99999":     {},
		"https://arxiv.org/x":  {},
		"2503.0213000000000e3": {},
	} {
		got, ok := ArXiv(text)
		if got != want || ok != (want.ID != "") {
			t.Errorf("ArXiv(%q) = %+v, %v, want %+v", text, got, ok, want)
		}
	}
}
