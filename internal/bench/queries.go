package bench

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"unicode"

	"paperboy/internal/paper"
)

// question is one search of a class.
type question struct{ class, text string }

// perClass is how many questions are made of a class.
const perClass = 30

// readQuestions reads a file with one query a line, which may have its class and a
// tab before it.
func readQuestions(path string) (list []question, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		q := question{"given", strings.TrimSpace(lines.Text())}
		if class, text, ok := strings.Cut(q.text, "\t"); ok {
			q = question{class, strings.TrimSpace(text)}
		}
		if q.text != "" {
			list = append(list, q)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s has no queries", path)
	}
	return list, nil
}

// common words of papers, whose postings are long.
var common = strings.Fields("model models data learning method results network using based performance proposed approach show " +
	"paper large new training problem analysis time high different propose work algorithm systems also study novel")

var acronyms = strings.Fields("moe llm gnn rl cnn gan vae lstm rag nerf slam ssl rlhf lora kv vit bert gpt svm pca mcmc qcd agn cmb " +
	"ood asr tts nlp vqa dft")

// hard are searches that have much to look at.
var hard = []string{
	"model OR learning OR data OR network OR results OR method OR based OR using OR performance OR propose OR show OR approach",
	"the of and a to in for we that on model", `"of the"`, `"in this paper"`, "re*", "co* re*", "cat:cs", "cat:cs model", "model -learning",
	"model since:2015", "however the performance of these methods on large data sets is limited and we propose a new approach to learning",
}

// makeQuestions asks for papers of the corpus in the ways of people. The same
// corpus gives the same questions.
func makeQuestions(c *corpus) (list []question, err error) {
	m := maker{random: rand.New(rand.NewPCG(1, 2))}
	ways := []struct {
		class string
		ask   func() string
	}{
		{"words", func() string { return m.some(1) }},
		{"topics", func() string { return m.some(2 + m.random.IntN(2)) }},
		{"questions", func() string { return "what is known about " + m.run(3) + " and how does it compare to " + m.some(2) }},
		{"titles", func() string { return plainly(m.Title) }},
		{"authors", func() string { return `author:"` + plainly(m.author()) + `"` }},
		{"phrases", func() string { return `"` + m.run(2) + `"` }},
		{"filters", func() string { return m.some(2) + " " + m.filter() }},
		{"misspelt", func() string { return m.misspelt(m.some(1)) + " " + m.some(1) }},
		{"prefixes", func() string { w := m.some(1); return w[:2+m.random.IntN(len(w)-3)] + "*" }},
	}
	for _, way := range ways {
		for range perClass {
			if err := m.turn(c); err != nil {
				return nil, err
			}
			list = append(list, question{way.class, way.ask()})
		}
	}
	for i := range perClass {
		list = append(list, question{"acronyms", acronyms[i]})
		list = append(list, question{"common", common[i%len(common)] + " " + common[(i*7+3)%len(common)]})
	}
	for _, text := range hard {
		list = append(list, question{"hard", text})
	}
	return list, nil
}

// maker makes questions from one paper after the other.
type maker struct {
	random *rand.Rand
	paper.Paper
	words []string // of its texts, as they stand there
	long  []string // those that may tell something
}

var errNoWords = errors.New("the corpus has hardly any papers with abstracts to make searches from; give some with --queries")

// turn goes to another real paper that has what is asked for.
func (m *maker) turn(c *corpus) (err error) {
	for range 1000 {
		if m.Paper, err = c.paper(m.random.IntN(c.real())); err != nil {
			return err
		}
		m.words = strings.Fields(plainly(m.Title + " " + m.Abstract))
		m.long = slices.DeleteFunc(slices.Clone(m.words), func(w string) bool { return len(w) < 5 || slices.Contains(common, w) })
		if len(m.long) > 5 && len(m.words) > 10 {
			return nil
		}
	}
	return errNoWords
}

// some is n words.
func (m *maker) some(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = m.long[m.random.IntN(len(m.long))]
	}
	return strings.Join(list, " ")
}

// run is n words side by side.
func (m *maker) run(n int) string {
	at := m.random.IntN(len(m.words) - n)
	return strings.Join(m.words[at:at+n], " ")
}

// author is one of the paper's, or of nothing.
func (m *maker) author() string {
	if len(m.Authors) == 0 {
		return "nobody"
	}
	return m.Authors[m.random.IntN(len(m.Authors))]
}

func (m *maker) filter() string {
	if len(m.Categories) > 0 && m.random.IntN(2) == 0 {
		return "cat:" + m.Categories[0]
	}
	return fmt.Sprintf("since:%d", 2005+m.random.IntN(18))
}

// misspelt swaps two letters of a word.
func (m *maker) misspelt(w string) string {
	at := 1 + m.random.IntN(len(w)-2)
	return w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:]
}

// plainly is the words of a text in small letters, without anything that could be
// an operator.
func plainly(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) }), " ")
}

// makeTopics makes n topics as people follow them, of one to three words, each
// from a real paper.
func makeTopics(c *corpus, n int) (list []string, err error) {
	m := maker{random: rand.New(rand.NewPCG(3, 4))}
	for len(list) < n {
		if err := m.turn(c); err != nil {
			return nil, err
		}
		for i := range 10 {
			switch text := m.some(1 + i%3); i {
			case 7:
				list = append(list, `"`+m.run(2)+`"`)
			case 8:
				list = append(list, text+" OR "+m.some(1))
			case 9:
				list = append(list, text+" "+m.filter()+" -survey")
			default:
				list = append(list, text)
			}
		}
	}
	return list[:n], nil
}
