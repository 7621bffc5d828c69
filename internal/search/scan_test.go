package search

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// terms shows how text is cut: terms, with extra ones in parentheses.
func terms(text string) string {
	var list []string
	s := scanner{emit: func(t token) {
		if term := string(t.term); t.extra {
			list = append(list, "("+term+")")
		} else {
			list = append(list, term)
		}
	}}
	s.scan(text, 0)
	return strings.Join(list, " ")
}

func TestScan(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"Attention Is All":            "attention is all",
		"pre-training":                "pre training (pretraining)",
		"Mixture-of-Experts":          "mixture of expert",
		"transformer-based":           "transformer based (transformerbased)",
		"knowledge-distillation":      "knowledge distillation",
		"GPT-4o":                      "gpt 4o (gpt4o)",
		"Llama-3.1-8B":                "llama 3.1 (llama3.1) 8b",
		"C++ and C#":                  "c++ and c#",
		"O(n log n)":                  "o n log n",
		`PanGu-$\pi$ and PanGu-$π$`:   "pangu pi and pangu pi",
		`\emph{very} $\mathcal{L}_2$`: "very l 2",
		`G\"odel G{\"o}del Gödel`:     "godel godel godel",
		"ＭｏＥ ﬁne":                     "moe fine",
		"Erdős–Rényi":                 "erdo renyi (erdosrenyi)",
		"the model's don't":           "the model dont",
		"GPUs LLMs GPS GPs gpus":      "gpu llm gps gp gpu",
		"混合专家模型":                      "混合 合专 专家 家模 模型",
		"大模型LLM 模":                    "大模 模型 llm 模",
		"ガンダム":                        "ガン ンダ ダム",
		"3.14 v1.5. End":              "3.14 v1.5 end",
		"a\x00b\xffc":                 "a b c",
		"β-VAE":                       "beta vae (betavae)",
		"Qwen2.5-VL Llama3.1":         "qwen2.5 (qwen) vl (qwen2.5vl) llama3.1 (llama)",
		"3DGS H2O CO2 mp3":            "3dgs h2o co2 mp3",
		`$\ell_1$ ℓ_1 l_1`:            "l 1 (l1) l 1 (l1) l 1 (l1)",
		`O(n\log{n}) $O(n^2)$`:        "o n log n o n 2 (n2)",
		"H$_2$O CO$_{2}$ $x$_2":       "h2o co2 x 2",
		"10,000 1,2,3 and 10,0000":    "10000 1 2 3 and 10 0000",
		"i.i.d. e.g. U.S.":            "iid e g u s",
		`Erd\H{o}s Fran\c{c}ois na\"{\i}ve Schr\"{o}dinger`: "erdo francois naive schrodinger",
		"A* a*b 2*":      "a* a b 2",
		"soft\u00adware": "software",
	} {
		if got := terms(text); got != want {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
}

func TestSingular(t *testing.T) {
	for plural, want := range map[string]string{
		"models": "model", "studies": "study", "losses": "loss", "boxes": "box", "batches": "batch",
		"analyses": "analysis", "hypotheses": "hypothesis", "matrices": "matrix", "biases": "bias", "caches": "cache",
		"databases": "database", "schemas": "schema", "videos": "video", "movies": "movie",
		"loss": "loss", "glass": "glass", "bias": "bias", "analysis": "analysis", "corpus": "corpus", "news": "news",
		"gas": "gas", "gps": "gps", "lens": "lens", "series": "series", "chaos": "chaos", "physics": "physics",
		"LoRA": "lora", "Laura": "laura",
	} {
		if got := terms(plural); got != want {
			t.Errorf("the singular of %q is %q, want %q", plural, got, want)
		}
	}
}

func TestAcronymsAreReadFromTheText(t *testing.T) {
	for text, want := range map[string]string{
		"We use a mixture of experts (MoE) here.":                          "moe=mixture of experts",
		"Mixture-of-Experts (MoEs) and GANs (2014)":                        "moe=mixture of experts",
		"Large Language Models (LLMs) (see [1])":                           "llm=large language models",
		"neural radiance fields (NeRF)":                                    "nerf=neural radiance fields",
		"use MoE (mixture of experts) here":                                "moe=mixture of experts",
		"(Monte Carlo tree search, MCTS)":                                  "mcts=monte carlo tree search",
		"a confidence interval [CI; 95%]":                                  "ci=confidence interval",
		"multi-modal large language models (MLLMs)":                        "mllm=multi modal large language models",
		"with proximal policy optimization (PPO)":                          "ppo=proximal policy optimization",
		"Parkinson's disease (PD)":                                         "pd=parkinson disease",
		"the electroencephalogram (EEG)":                                   "eeg=electroencephalogram",
		"2,4-dinitrophenol (DNP)":                                          "dnp=2 4 dinitrophenol",
		"we interacted with patients (II)":                                 "",
		"an image (see Fig. 2) and (the end":                               "",
		"nothing to do with it (ABC)":                                      "",
		"a sentence. Then something else (AS)":                             "",
		"an open (":                                                        "",
		"(MoE)":                                                            "",
		"low-rank adaptation (LoRA), retrieval-augmented generation (RAG)": "lora=low rank adaptation rag=retrieval augmented generation",
	} {
		var got []string
		for short, long := range acronyms(text) {
			got = append(got, strings.ToLower(short)+"="+long)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q explains %q, want %q", text, got, want)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, text := range []string{
		"GPT-4o, Llama-3.1-8B", `\emph{x} $\mathcal{L}_2$ G{\"o}del`, "H$_2$O 10,000 i.i.d.", "混合专家モデル", "a\x00b\xffc \u00ad\u200d", "A* C++ C# $_", "'s ’s -'",
		"(ABC) abc (a b c) [x (y]", "a-b_c^d–e", "A\x80\xff\vb\x80d\x00(a b\x00\x10)",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		start, pos := 0, -1
		s := scanner{emit: func(k token) {
			switch {
			case k.start < 0, k.end > len(text), k.start >= k.end, !k.extra && k.start < start:
				t.Fatalf("%q has %q at %d to %d, after %d", text, k.term, k.start, k.end, start)
			case len(k.term) == 0, len(k.term) > 2*maxTerm, len(k.raw) > 2*maxTerm:
				t.Fatalf("%q has the term %q", text, k.term)
			case k.pos != pos+1 && !(k.extra && k.pos == pos):
				t.Fatalf("%q has %q in place %d after %d", text, k.term, k.pos, pos)
			case utf8.ValidString(text) && !utf8.Valid(k.term):
				t.Fatalf("%q has the invalid term %q", text, k.term)
			}
			pos = k.pos
			if !k.extra {
				start = k.start
			}
		}}
		if end := s.scan(text, 0); end != pos+1 {
			t.Fatalf("%q ends in place %d after %d", text, end, pos)
		}
		for short, long := range acronyms(text) {
			if short == "" || long == "" || strings.ContainsAny(short+long, "\x00") {
				t.Fatalf("%q explains %q as %q", text, short, long)
			}
		}
	})
}
