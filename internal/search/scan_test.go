package search

import (
	"strings"
	"testing"
)

// terms shows how text is cut: terms, with joined ones in parentheses.
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
		"soft\u00adware":              "software",
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
		"We use a mixture of experts (MoE) here.":   "moe=mixture of experts",
		"Mixture-of-Experts (MoEs) and GANs (2014)": "moe=mixture of experts",
		"Large Language Models (LLMs) (see [1])":    "llm=large language models",
		"neural radiance fields (NeRF)":             "nerf=neural radiance fields",
		"nothing to do with it (ABC)":               "",
		"a sentence. Then something else (AS)":      "",
		"an open (":                                 "",
		"(MoE)":                                     "",
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
