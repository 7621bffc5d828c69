package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"paperboy/internal/paper"
)

func TestFormsOfAWord(t *testing.T) {
	for word, some := range map[string]string{
		"routing": "route routed router", "embedding": "embed embedded", "quantization": "quantize quantized quantizing",
		"detection": "detect detecting", "studied": "study studying", "generative": "generate generation",
		"optimise": "optimize optimization", "behavior": "behaviour", "plan": "planning planned",
	} {
		forms := formsOf(word)
		for _, form := range strings.Fields(some) {
			if !slices.Contains(forms, form) {
				t.Errorf("%q is not among the forms of %q: %q", form, word, forms)
			}
		}
	}
	for word, others := range map[string]string{
		"lora": "laura", "gain": "gan", "bias": "bia", "string": "str", "mamba": "mambo", "gan": "gain", "gpt4": "gpt",
		"king": "k", "being": "be", "transformer": "transport", "neural": "neutral", "loss": "lose",
	} {
		if forms := formsOf(word); slices.Contains(forms, others) {
			t.Errorf("%q is among the forms of %q: %q", others, word, forms)
		}
	}
}

func TestWordsAreFoundHoweverTheyAreWritten(t *testing.T) {
	ix := New()
	titles := []string{
		"Pre-training Data", "Pretraining Data", "Pre training Data", // 0 1 2
		"Modelling Behaviour", "Modeling Behavior", // 3 4
		"Routed Tokens", "Token Routing", // 5 6
		"Text-to-Image", "Text2Image", "Text to Image", // 7 8 9
		"GPT-4o", "GPT4o", "GPT 4o", // a b c
		"A* Search", "A Search", // d e
	}
	var papers []paper.Paper
	for i, title := range titles {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprintf("%x", i)), Title: title})
	}
	ix.Put(papers, 1)
	for text, want := range map[string]string{
		"pre-training": "012", "pretraining": "012", "pre training": "012",
		"modelling": "34", "modeling behavior": "34", "behaviour": "34",
		"routing": "56", "token routing": "56",
		"text-to-image": "789", "text2image": "789", "text to image": "789",
		"gpt-4o": "abc", "gpt4o": "abc", "GPT 4o": "abc",
		"A*": "d", `"routing"`: "6", "title:routing": "6",
	} {
		got := []byte(ids(ix.Search(Parse(text), Options{Limit: 20})))
		slices.Sort(got)
		if string(got) != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	if got := ids(ix.Search(Parse("token routing"), Options{Limit: 20})); got != "65" {
		t.Errorf("the very word finds %q, want 6 before 5", got)
	}
}

func TestTheRestOfTheQueryTellsWhatAnAcronymMeans(t *testing.T) {
	ix := New()
	var papers []paper.Paper
	for i := range 30 {
		papers = append(papers, paper.Paper{
			ID: paper.ID(fmt.Sprint("f", i)), Title: "On density functional theory (DFT)", Abstract: "Electrons in a lattice.",
		})
	}
	for i := range 4 {
		papers = append(papers, paper.Paper{
			ID: paper.ID(fmt.Sprint("s", i)), Title: "A discrete Fourier transform (DFT)", Abstract: "Audio signals.",
		})
	}
	ix.Put(papers, 1)
	meanings := func(text string) (list []string) {
		q := ix.Search(Parse(text), Options{}).Query
		q.root.leaves(func(n *node) {
			for _, a := range n.alts {
				if a.guess {
					list = append(list, a.means)
				}
			}
		})
		return list
	}
	for text, want := range map[string]string{
		"dft":               "density functional theory (DFT)",
		"dft audio":         "discrete fourier transform (DFT)",
		"dft electrons":     "density functional theory (DFT)",
		`"dft" audio`:       "",
		"electrons -dft":    "",
		"(dft OR x) signal": "discrete fourier transform (DFT)",
	} {
		if got := strings.Join(meanings(text), ", "); got != want {
			t.Errorf("in %q the acronym is taken for %q, want %q", text, got, want)
		}
	}
}
