package paper

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// show writes refs as the tables of these tests do.
func show(refs []Ref) string {
	var s []string
	for _, r := range refs {
		name := cmp.Or(r.Link, string(r.ID))
		if r.Version > 0 {
			name += fmt.Sprint("v", r.Version)
		}
		s = append(s, name)
	}
	return strings.Join(s, " ")
}

func TestFindIDs(t *testing.T) {
	for name, rows := range map[string][]struct{ text, want string }{
		"arXiv in words": {
			{"arXiv:2005.14165v4", "arxiv:2005.14165v4"},
			{"ARXIV:2005.14165V4", "arxiv:2005.14165v4"},
			{"arXiv: 2601.06002", "arxiv:2601.06002"},
			{"see arXiv 2401.08383v2", "arxiv:2401.08383v2"},
			{"arXiv preprint arXiv: 2505.23579", "arxiv:2505.23579"},
			{"arXiv preprint arXiv:2603.14704, 2026", "arxiv:2603.14704"},
			{"arXiv:2301.11163v1 [cs.LG] 26 Jan 2023", "arxiv:2301.11163v1"},
			{"oai:arXiv.org:2508.13426v1", "arxiv:2508.13426v1"},
			{"10.48550/arXiv.2005.14165", "arxiv:2005.14165"},
			{"(10.48550/arXiv.2511.09888. 2025)", "arxiv:2511.09888"},
			{"arXiv:math-ph/0302050", "arxiv:math-ph/0302050"},
			{"arXiv:astro-ph/0606187.", "arxiv:astro-ph/0606187"},
			{"(arXiv:math.GT/0612806), we", "arxiv:math/0612806"},
			{"ArXiv:Math.QA/0011074", "arxiv:math/0011074"},
			{"arXiv: math.RA/0110333 v1 Oct 2001", "arxiv:math/0110333"},
			{"[Nature Physics (2018)/arXiv:1804.06693]", "arxiv:1804.06693"},
			{"(arXiv:archive/2506.18896)", "arxiv:2506.18896"},
			{"arXiv:math/0808.1311", "arxiv:0808.1311"},
			{"math.DG:1212.3161", "arxiv:1212.3161"},
			{"(arXiv: math.CO 1411.7683)", "arxiv:1411.7683"},
			{"arxiv.org:1003.5882.", "arxiv:1003.5882"},
			{"(arXiv1901.05996)", "arxiv:1901.05996"},
			{"arXive:0710.5500", "arxiv:0710.5500"},
			{"ArXiv, abs/1706.03762. CoRR, vol. abs/1412.6980v9, 2014", "arxiv:1706.03762 arxiv:1412.6980v9"},
			{"volume={abs/2005.14165}", "arxiv:2005.14165"},
			{"labs/2005.14165 my/abs/2005.14165", ""},
			{"{{cite arXiv|eprint=2005.14165|class=cs.CL}} | arxiv = 1412.6980 | x = 1706.03762", "arxiv:2005.14165 arxiv:1412.6980"},
			{"--arxiv_id=2005.14165", "arxiv:2005.14165"},
			{"viXra:1203.1234", ""},
			{"arXiv:2106.06981's language", "arxiv:2106.06981"},
			{"[arXiv:1210.1290v2], which", "arxiv:1210.1290v2"},
			{"arXiv:math/0305434, arXiv:1602.00498]", "arxiv:math/0305434 arxiv:1602.00498"},
			{"0906.3827[gr-qc], 0906.3825[gr-qc], gr-qc/0612047", "arxiv:0906.3827 arxiv:0906.3825 arxiv:gr-qc/0612047"},
			{"E-print physics/0001046].", "arxiv:physics/0001046"},
			{"cond-mat.stat-mech/9901001", "arxiv:cond-mat/9901001"},
			{"arXiv:4501.00001", "arxiv:4501.00001"},
			{"arXiv:1003.xxxx", ""},
			{"arXiv:2307.000400", ""},
			{"arXiv:0808.05394", ""},
			{"arXiv:0703.0001", ""},
			{"arXiv:1412.00001", ""},
			{"arXiv:1501.0001", ""},
			{"arXiv:2400.00001 arXiv:2413.00001", ""},
			{"arXiv:math/0704001 arXiv:math/9013001 arXiv:cs/5001001", ""},
			{"biology/0601001", ""},
			{"home/math/06110011", ""},
		},
		"bare arXiv ids": {
			{"2401.08383", "arxiv:2401.08383"},
			{"have you seen 2401.08383?", "arxiv:2401.08383"},
			{"[2401.08383] Title of it", "arxiv:2401.08383"},
			{"2401.08383v2.pdf", "arxiv:2401.08383v2"},
			{"2401.08383,2401.08384;2401.08385", "arxiv:2401.08383 arxiv:2401.08384 arxiv:2401.08385"},
			{"2401.08383... wow", "arxiv:2401.08383"},
			{"_2401.08383_ **2401.08384** `2401.08385` ~~2401.08386~~ ||2401.08387||", "arxiv:2401.08383 arxiv:2401.08384 arxiv:2401.08385 arxiv:2401.08386 arxiv:2401.08387"},
			{"> 2401.08383", "arxiv:2401.08383"},
			{"eprint={2401.08383},", "arxiv:2401.08383"},
			{"(0907.1388v1)", "arxiv:0907.1388v1"},
			{"[1207.0580]", "arxiv:1207.0580"},
			{"论文2401.08383很好，还有「2401.08384」。", "arxiv:2401.08383 arxiv:2401.08384"},
			{"논문 2401.08383은 좋다", "arxiv:2401.08383"},
			{"２４０１．０８３８３", "arxiv:2401.08383"},
			{"2401\u200b.08383\ufeff", "arxiv:2401.08383"},
			{"2401.08383 J. Smith, INR: 2401.08384, 2401.08385 ETH Zürich", "arxiv:2401.08383 arxiv:2401.08384 arxiv:2401.08385"},
			{"1234.5678", ""},
			{"0.2401.08383 2401.08383.1 v2401.08383 2401.08383x", ""},
			{"12401.08383 2401.083834 2401.083", ""},
			{"release-2401.08383 2401.08383-rc1 lib/2401.08383 2401.08383/x", ""},
			{"$2401.08383 € 2401.08383 £1203.4567 2401.08383€ 2401.08383 USD", ""},
			{"USD 2401.08383, Rs. 1203.4567, CHF 1203.4567, 2401.08383 BTC", ""},
			{"Tel: 0711.1234, fax 0711.1234, build 1912.12345", ""},
			{"1203.4567 ms, 1011.2345s? 1203.4567% 1203.4567 GB 1203.4567 tokens", ""},
			{"loss = 1203.4567, x=1203.4567, t≈1203.4567", ""},
			{"-2401.08383 +2401.08383 ±1203.4567", ""},
			{"4501.00001", ""},
			{"é2401.08383 2401.08383é 2401.08383元", ""},
			{"user@2401.08383 foo_2401.08383", ""},
			{"192.168.2401.08383", ""},
		},
		"DOIs in words": {
			{"doi:10.1016/j.laa.2008.05.034], Xu et al.", "doi:10.1016/j.laa.2008.05.034"},
			{"DOI: 10.1002/adma.201702359", "doi:10.1002/adma.201702359"},
			{"(DOI: 10.1038/s41592-018-0033-z), we", "doi:10.1038/s41592-018-0033-z"},
			{"info:doi/10.1038/Nature12373", "doi:10.1038/nature12373"},
			{"doi=10.1038/nature12373", "doi:10.1038/nature12373"},
			{"10.1016/s1463-4988(99)00060-3", "doi:10.1016/s1463-4988(99)00060-3"},
			{"(10.1016/s1463-4988(99)00060-3).", "doi:10.1016/s1463-4988(99)00060-3"},
			{"doi:10.1016/0370-2693(74", ""},
			{"10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", "doi:10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"},
			{"10.1175/1520-0493(1969)097<0163:ACPOTE>2.3.CO;2.", "doi:10.1175/1520-0493(1969)097<0163:acpote>2.3.co;2"},
			{"10.1890/0012-9658(2006)87[1489:ATMPPC]2.0.CO;2", "doi:10.1890/0012-9658(2006)87[1489:atmppc]2.0.co;2"},
			{`doi:10.1007/978-3-319-31769-4\_9`, "doi:10.1007/978-3-319-31769-4_9"},
			{"<10.1038/nature12373>, \"10.1038/nature12374\" *10.1038/nature12375* _10.1038/nature12376_", "doi:10.1038/nature12373 doi:10.1038/nature12374 doi:10.1038/nature12375 doi:10.1038/nature12376"},
			{"论文10.1038/nature12373（很好），doi：10.1038/nature12374。", "doi:10.1038/nature12373 doi:10.1038/nature12374"},
			{"10.1038/s42256‑020‑0208‑z", "doi:10.1038/s42256-020-0208-z"},
			{"10.3847%2F1538-4365%2Faafac9", "doi:10.3847/1538-4365/aafac9"},
			{"10.1101/2020.01.01.123456v2", "doi:10.1101/2020.01.01.123456v2"},
			{"10.1000.10/123", "doi:10.1000.10/123"},
			{"10.1038/nature12373 = https://doi.org/10.1038/NATURE12373", "doi:10.1038/nature12373"},
			{"10.1038/natu…", ""},
			{"10.123/x 10.1038/ 10.0000/8 110.1038/x 3.10.1038/x a/10.1038/x", ""},
			{"10.0.0.0/8", ""},
		},
		"our own": {
			{"openreview:EfMyf9MC3t and acl:2021.acl-long.368, (acl:p18-1001)", "openreview:EfMyf9MC3t acl:2021.acl-long.368 acl:P18-1001"},
			{"acl:2021.acl-long.368.bib", "acl:2021.acl-long.368"},
			{"acl:2026 openreview: good", ""},
		},
		"around links": {
			{"<https://arxiv.org/abs/2401.08383>", "arxiv:2401.08383"},
			{"<https://arxiv.org/abs/2401.08383|arxiv.org/abs/2401.08383v2>", "arxiv:2401.08383v2"},
			{"[text](https://arxiv.org/abs/2401.08383)", "arxiv:2401.08383"},
			{"[2401.08384](https://arxiv.org/abs/2401.08383), [x](arxiv.org/abs/2401.08385)", "arxiv:2401.08384 arxiv:2401.08383 arxiv:2401.08385"},
			{"[t](https://doi.org/10.1016/s1463-4988(99)00060-3).", "doi:10.1016/s1463-4988(99)00060-3"},
			{"(see arxiv.org/abs/2401.08383v2.)", "arxiv:2401.08383v2"},
			{"“https://arxiv.org/abs/2401.08383”", "arxiv:2401.08383"},
			{"'https://arxiv.org/abs/2401.08383',", "arxiv:2401.08383"},
			{"**https://arxiv.org/abs/2401.08383** _https://arxiv.org/abs/2401.08384_ ||https://arxiv.org/abs/2401.08385||",
				"arxiv:2401.08383 arxiv:2401.08384 arxiv:2401.08385"},
			{"_https://openreview.net/forum?id=EfMyf9MC3t_ https://openreview.net/forum?id=B1x8anVFP_", "openreview:EfMyf9MC3t openreview:B1x8anVFP_"},
			{"arxiv.org/abs/2401.08383!", "arxiv:2401.08383"},
			{"Look:https://arxiv.org/abs/2401.08383;", "arxiv:2401.08383"},
			{"https://arxiv.org/abs/2401.08383https://arxiv.org/abs/2401.08384", "arxiv:2401.08383 arxiv:2401.08384"},
			{"https://arxiv.org/abs/2401.08383,https://arxiv.org/abs/2401.08384", "arxiv:2401.08383 arxiv:2401.08384"},
			{"arxiv.org/abs/2401.08383,arxiv.org/abs/2401.08384,10.1038/nature12373", "arxiv:2401.08383 arxiv:2401.08384 doi:10.1038/nature12373"},
			{"https://github.com/a/b,https://arxiv.org/abs/2401.08384", "arxiv:2401.08384"},
			{"https://arxiv.org/abs/2401.08383、https://arxiv.org/abs/2401.08384。", "arxiv:2401.08383 arxiv:2401.08384"},
			{"看https://arxiv.org/abs/2401.08383这篇，代码https://github.com/a/b论文2401.08384（arxiv.org/abs/2401.08385）", "arxiv:2401.08383 arxiv:2401.08384 arxiv:2401.08385"},
			{"https://arxiv.org/abs/2401.08383，很好", "arxiv:2401.08383"},
			{"https://arxiv.org/abs/2401\u200b.08383\u200b", "arxiv:2401.08383"},
			{"https://https://arxiv.org/abs/2401.08383", "arxiv:2401.08383"},
			{"ttps://arxiv.org/abs/2401.08383 //arxiv.org/abs/2401.08384", "arxiv:2401.08383 arxiv:2401.08384"},
			{"url=arxiv.org/abs/2401.08383", "arxiv:2401.08383"},
			{"www.arxiv.org/pdf/nlin.AO/0109025) general", "arxiv:nlin/0109025"},
			{"https://urldefense.com/v3/__https://arxiv.org/abs/2401.08383__;!!x", "arxiv:2401.08383"},
			{"https://urldefense.com/v3/__https://openreview.net/forum?id=EfMyf9MC3t__;!!x", "openreview:EfMyf9MC3t"},
			{"about:reader?url=https%3A%2F%2Farxiv.org%2Fabs%2F2401.08383", "arxiv:2401.08383"},
			{"https:&#x2F;&#x2F;arxiv.org&#x2F;abs&#x2F;2401.08383", "arxiv:2401.08383"},
			{"[![DOI](https://zenodo.org/badge/DOI/10.5281/zenodo.7654321.svg)](https://doi.org/10.5281/zenodo.7654321)", "doi:10.5281/zenodo.7654321"},
			{"arxiv.org/abs/2401.08… doi.org/10.1038/s4225… arxiv.org/abs/1312.6114…", "arxiv:1312.6114"},
			{"arxiv.org/abs and http://arxiv.org/abs/ are no papers", ""},
			{"bioRxiv/medRxiv MoonshotAI/Kimi-VL and/or 1/2", ""},
			{"notarxiv.org/abs/2401.08383 arxiv.org.evil.example/2401.08383 arxiv.org@evil.example/abs/2401.08383", ""},
			{"me@arxiv.org/abs/2401.08383 evil.example/hep-th/9901001 evil.example/10.1038/nature12373", ""},
			{"ttps://arxiv.org@evil.example/abs/2401.08383", ""},
			{"evil.example/doi/10.1038/nature12373 evil.example/?id=2401.08383", ""},
		},
		"one paper named twice": {
			{"2401.08383v3, arXiv:2401.08383v1 and https://hf.co/papers/2401.08383", "arxiv:2401.08383v3"},
			{"2401.08383 2401.08384 https://arxiv.org/abs/2401.08383v2", "arxiv:2401.08383v2 arxiv:2401.08384"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, row := range rows {
				if got := show(FindIDs(row.text)); got != row.want {
					t.Errorf("FindIDs(%q) = %q, want %q", row.text, got, row.want)
				}
			}
		})
	}
}

func TestParseID(t *testing.T) {
	for _, row := range []struct{ text, want string }{ // want "": no ID
		{"arxiv:2401.08383", "arxiv:2401.08383"},
		{"arxiv:math/0611800", "arxiv:math/0611800"},
		{"doi:10.1038/s42256-020-0208-z", "doi:10.1038/s42256-020-0208-z"},
		{"openreview:EfMyf9MC3t", "openreview:EfMyf9MC3t"},
		{"acl:2022.coling-1.36", "acl:2022.coling-1.36"},
		{"acl:P18-1001", "acl:P18-1001"},
		{"url:0123456789abcdef01234567", "url:0123456789abcdef01234567"},
		{"url:0123", ""},
		{" 2401.08383v2\n", "arxiv:2401.08383v2"},
		{"4501.00001", "arxiv:4501.00001"},
		{"math.CA/0611800v2", "arxiv:math/0611800v2"},
		{"<arXiv:2401.08383>", "arxiv:2401.08383"},
		{"arXiv preprint arXiv: 2505.23579", "arxiv:2505.23579"},
		{"arXiv:2301.11163v1 [cs.LG] 26 Jan 2023", "arxiv:2301.11163v1"},
		{"oai:arXiv.org:2508.13426v1", "arxiv:2508.13426v1"},
		{"2401.08383v2.pdf", "arxiv:2401.08383v2"},
		{"10.48550/arXiv.2005.14165", "arxiv:2005.14165"},
		{"DOI: 10.1002/adma.201702359.", "doi:10.1002/adma.201702359"},
		{"(10.1016/s1463-4988(99)00060-3)", "doi:10.1016/s1463-4988(99)00060-3"},
		{"10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-#", "doi:10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-#"},
		{"doi: https://doi.org/10.1038/nature12373", "doi:10.1038/nature12373"},
		{"10.1000/a,b", "doi:10.1000/a,b"},
		{"hf.co/papers/2511.15658", "arxiv:2511.15658"},
		{"<https://arxiv.org/abs/2401.08383|a paper>", "arxiv:2401.08383"},
		{"https://arxiv.org/api/query?id_list=2401.08383,2401.08384", ""},
		{"https://github.com/google-research/vision_transformer", "https://github.com/google-research/vision_transformer"},
		{"https://medium.com/r/?url=https%3A%2F%2Farxiv.org%2Fabs%2F2401.08383", "arxiv:2401.08383"},
		{"https://www.google.com/url?q=https://doi.org/10.1038/nature12373&sa=D", "doi:10.1038/nature12373"},
		{"https://web.archive.org/web/2023/https://arxiv.org/abs/2401.08383", "arxiv:2401.08383"},
		{"https://example.com/?from=https%3A%2F%2Fgithub.com%2Fa", "https://example.com/?from=https%3A%2F%2Fgithub.com%2Fa"},
		{"<HTTPS://Example.com:443/a/Paper.pdf?b=1&utm_source=x&a=2#page=3>", "https://example.com/a/Paper.pdf?b=1&a=2"},
		{"http://example.com:8080", "http://example.com:8080/"},
		{"https://example.com/논문.pdf", "https://example.com/%EB%85%BC%EB%AC%B8.pdf"},
		{"https://en.wikipedia.org/wiki/Attention_(machine_learning)", "https://en.wikipedia.org/wiki/Attention_(machine_learning)"},
		{"https://arxiv.org.evil.example/abs/2401.08383", "https://arxiv.org.evil.example/abs/2401.08383"},
		{"https://huggingface.co/papers/trending", "https://huggingface.co/papers/trending"},
		{"https://arxiv.org@evil.example/abs/2401.08383", ""},
		{"https://user:secret@example.com/paper", ""},
		{"ftp://example.com/paper", ""},
		{"javascript:alert(1)", ""},
		{"https:///paper", ""},
		{"https://example.com/a b", ""},
		{"https://example.com/?\u0080", ""},
		{"https://example.com/" + strings.Repeat("a", MaxLink), ""},
		{"example.com/paper", ""},
		{"mixture of experts", ""},
		{"attention 1706.03762", ""},
		{"2307.000400", ""},
		{"1234.5678", ""},
		{"doi:10.1016/0370-2693(74", ""},
		{"doi:10.1038/" + strings.Repeat("a", 400), ""},
		{"arxiv:", ""},
		{"...", ""},
		{"", ""},
	} {
		ref, ok := ParseID(row.text)
		if got := show([]Ref{ref}); got != row.want || ok != (row.want != "") {
			t.Errorf("ParseID(%q) = %q, %t, want %q", row.text, got, ok, row.want)
		}
	}
}

func TestOnePageHasOneIDHoweverItIsReached(t *testing.T) {
	want, _ := ParseID("https://example.com/paper")
	for _, link := range []string{"http://example.com/paper", "https://www.example.com/paper/", "HTTPS://EXAMPLE.COM/paper?utm_campaign=x#top"} {
		if got, ok := ParseID(link); !ok || got.ID != want.ID {
			t.Errorf("ParseID(%q) = %s, %t, want %s", link, got.ID, ok, want.ID)
		}
	}
}

func TestFindIDsInHugeTextIsQuickAndBounded(t *testing.T) {
	const size = 10 << 20
	for name, part := range map[string]string{
		"digits": "1", "hosts": "a.", "brackets": "(", "schemes": "https://", "links": "https://a/", "ids": "2401.08383 ", "ids in one word": "2401.08383.",
		"DOIs": "10.1038/a", "archives": "math-ph/", "wrappers": "https%3A//www.google.com/url?q=", "not UTF-8": "\xff", "angles": "<a>2.", "carried links": "https%3A%2F%2Fa%2F", "queries": "a?,b.c/",
	} {
		text := "https://arxiv.org/abs/1706.03762 " + strings.Repeat(part, size/len(part))
		start := time.Now()
		found := FindIDs(text)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
		if len(found) == 0 || found[0].ID != "arxiv:1706.03762" || len(found) > MaxFound {
			t.Errorf("%s: found %d, %s", name, len(found), show(found[:min(len(found), 3)]))
		}
	}
}

func TestFindIDsStopsAtItsLimits(t *testing.T) {
	var b strings.Builder
	for n := range MaxFound + 1 {
		fmt.Fprintf(&b, "arXiv:2401.%05d ", n+1)
	}
	if got := len(FindIDs(b.String())); got != MaxFound {
		t.Errorf("found %d of %d papers, want %d", got, MaxFound+1, MaxFound)
	}
	for pad := range 40 { // wherever the limit cuts the last name
		text := strings.Repeat(" ", MaxFindText-40+pad) + "doi:10.1038/s42256-020-0208-z"
		if got := show(FindIDs(text)); got != "" && got != "doi:10.1038/s42256-020-0208-z" {
			t.Errorf("cut after %d bytes: found %s", 40-pad, got)
		}
	}
}

func TestPastedLinks(t *testing.T) {
	f, err := os.Open(filepath.Join(dataDir(t), "pasted-links.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// Where the file's suggestion is wrong or silent: what the pages are for us.
	better := map[string]string{
		"doi:10.1016/0370-2693(74":                                                                                                                  "", // cut
		"https://aclanthology.org/2021.acl-long.368.bib":                                                                                            "acl:2021.acl-long.368",
		"https://doi.org/10.3847%2F1538-4365%2Faafac9":                                                                                              "doi:10.3847/1538-4365/aafac9",
		"https://link.springer.com/chapter/10.1007/978-3-031-19830-4":                                                                               "doi:10.1007/978-3-031-19830-4",
		"https://paperswithcode.com/paper/?openreview=BkJ3ibb0-":                                                                                    "openreview:BkJ3ibb0-",
		"https://zenodo.org/record/6891965.YtwoS3ZBxD8":                                                                                             "doi:10.5281/zenodo.6891965",
		"https://arxiv.org/api/query?search_query=&amp;start=0&amp;max_results=100&amp;id_list=quant-ph/0201082v1":                                  "arxiv:quant-ph/0201082v1",
		"https://arxiv.org/api/query?search_query=&amp;start=0&amp;max_results=100&amp;id_list=0808.05394,1707.08567":                               "arxiv:1707.08567",
		"https://export.arxiv.org/api/query?search_query=&id_list=astro-ph%2F0601001&sortBy=relevance&sortOrder=descending&start=0&max_results=100": "arxiv:astro-ph/0601001",
	}
	pages := regexp.MustCompile(`nips\.cc/.*(Abstract|Paper)|neurips\.cc/.*Paper|mlr\.press/v\d+/|thecvf\.com/.*_paper\.|ecva\.net/.*_paper|roboticsproceedings|aaai\.org/|sciencedirect|usenix\.org/|openreview\.net/pdf/`)
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		col := strings.Split(lines.Text(), "\t")
		if len(col) != 4 || col[0] == "host" {
			continue
		}
		link, want := col[3], col[2]
		if b, ok := better[link]; ok {
			want = b
		} else if want == "-" {
			want = ""
		}
		if scheme, doi, ok := strings.Cut(want, ":"); ok && scheme == SchemeDOI {
			want = "doi:" + strings.ToLower(doi)
		}
		got := FindIDs(link)
		if pages.MatchString(link) {
			if len(got) != 1 || got[0].ID.Scheme() != SchemeURL || got[0].Link == "" {
				t.Errorf("FindIDs(%q) = %v, want a page", link, got)
			}
		} else if show(got) != want {
			t.Errorf("FindIDs(%q) = %q, want %q", link, show(got), want)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// dataDir is where the collected real data lie, beside the repository.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := cmp.Or(os.Getenv("PAPERBOY_DATA"), filepath.Join("..", "..", "..", "shared", "data"))
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real data to try: set PAPERBOY_DATA (%v)", err)
	}
	return dir
}

func BenchmarkFindIDs(b *testing.B) {
	prose := strings.Repeat("We train a sparse mixture of experts, e.g. as in [12], and/or a dense model (see Sec. 3.2). ", 12)
	for _, text := range []string{prose, prose + "https://arxiv.org/abs/2401.08383"} {
		b.Run(fmt.Sprint(len(text)), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				FindIDs(text)
			}
		})
	}
}

func FuzzFindIDs(f *testing.F) {
	for _, e := range siteExamples {
		f.Add(e.link)
	}
	for _, s := range []string{
		"arXiv:2301.11163v1 [cs.LG] 26 Jan 2023", "[t](https://doi.org/10.1016/s1463-4988(99)00060-3).", "_10.1038/nature12376_ acl:P18-1001",
		"10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-#", "论文2401.08383很好", "https://doi.org/10.1/a%25%32%35%00%0a", "openreview:a_",
		"url:0123456789abcdef01234567", "https://example.com/?a=b&utm_x=1#f",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := FindIDs(text)
		if len(found) > MaxFound {
			t.Errorf("found %d papers, want at most %d", len(found), MaxFound)
		}
		seen := map[ID]bool{}
		for _, ref := range found {
			if seen[ref.ID] {
				t.Errorf("%s found twice", ref.ID)
			}
			seen[ref.ID] = true
			checkRef(t, ref)
			if u := ref.ID.URL() + ref.Link; len(u) <= MaxLink {
				if again := FindIDs(u); len(again) != 1 || again[0].ID != ref.ID {
					t.Errorf("FindIDs(%q) = %v, want %s", u, again, ref.ID)
				}
			}
		}
		if ref, ok := ParseID(text); ok {
			checkRef(t, ref)
		}
	})
}

// checkRef checks what holds for any Ref.
func checkRef(t *testing.T, ref Ref) {
	t.Helper()
	for _, s := range []string{string(ref.ID), ref.Link} {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
			t.Errorf("%q holds white space or control characters", s)
		}
	}
	if len(ref.ID) > maxID+len(SchemeOpenReview)+1 || len(ref.Link) > MaxLink || ref.Version < 0 || ref.Version > 9999 {
		t.Errorf("%v is beyond the limits", ref)
	}
	if (ref.Link != "") != (ref.ID.Scheme() == SchemeURL) && !strings.HasPrefix(string(ref.ID), "url:") {
		t.Errorf("%v has a link it does not need", ref)
	}
	if again, ok := ParseID(string(ref.ID)); !ok || again.ID != ref.ID {
		t.Errorf("ParseID(%q) = %v, %t", ref.ID, again, ok)
	}
	if ref.Link != "" {
		if again, ok := ParseID(ref.Link); !ok || again.ID != ref.ID || again.Link != ref.Link {
			t.Errorf("ParseID(%q) = %v, %t, want %v", ref.Link, again, ok, ref)
		}
	}
}

func ExampleFindIDs() {
	for _, ref := range FindIDs("MoE again: <https://arxiv.org/abs/2401.04088v1> (cf. doi:10.1162/neco.1991.3.1.79)") {
		fmt.Println(ref.ID, ref.Version)
	}
	// Output:
	// arxiv:2401.04088 1
	// doi:10.1162/neco.1991.3.1.79 0
}
