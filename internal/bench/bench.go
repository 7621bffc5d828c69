package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/search"
)

// Options are what to measure.
type Options struct {
	Corpus  string // a file as paperboy import reads it
	Queries string // a file with a query a line; "" for some made from the corpus
	Papers  int    // how many; 0 for those of the file
	FTS5    bool   // ask SQLite's full-text search too
}

// Search builds an index of a corpus, searches in it, and writes what that took.
func Search(ctx context.Context, out io.Writer, o Options) (err error) {
	c, err := openCorpus(ctx, o.Corpus, o.Papers)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	c.describe(out)
	var questions []question
	if o.Queries != "" {
		questions, err = readQuestions(o.Queries)
	} else {
		questions, err = makeQuestions(c)
	}
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "paperboy-bench-*.index")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{out: out, corpus: c, questions: questions, dir: dir}
	steps := []func(context.Context) error{b.build, b.open, b.ask, b.askAtOnce, b.add, b.subscribe}
	if o.FTS5 {
		steps = append(steps, b.compare)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return errors.Join(err, b.close())
		}
	}
	return b.close()
}

func (c *corpus) describe(out io.Writer) {
	fmt.Fprintf(out, "%s papers", english.Thousands(c.size))
	if c.size > c.real() {
		fmt.Fprintf(out, ": the %s of the file and %s made from them by crossing titles, sentences and authors, with numbers and dates of their own and no new words",
			english.Thousands(c.real()), english.Thousands(c.size-c.real()))
	}
	fmt.Fprintln(out, ".")
	if c.bad > 0 {
		fmt.Fprintf(out, "%s of the file could not be read and are left out.\n", english.Count(c.bad, "record"))
	}
}

// bench is one measurement under way.
type bench struct {
	out       io.Writer
	corpus    *corpus
	questions []question
	dir       string
	index     *search.Index            // nil while there is none open
	costs     []cost                   // of finding papers for the questions, highlights left out
	texts     map[paper.ID]paper.Paper // of the papers found, as a store has them at hand
}

func (b *bench) close() error {
	if b.index == nil {
		return nil
	}
	defer func() { b.index = nil }()
	return b.index.Close()
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

// papersAtOnce is how many papers are made and handed over together.
const papersAtOnce = 5000

// each hands over all papers of the corpus, and makes the next ones meanwhile.
func (c *corpus) each(ctx context.Context, f func([]paper.Paper) error) error {
	group, ctx := errgroup.WithContext(ctx)
	made := make(chan []paper.Paper, 1) // bounds what is held
	group.Go(func() error {
		defer close(made)
		for from := 0; from < c.size; from += papersAtOnce {
			some := make([]paper.Paper, 0, papersAtOnce)
			for n := from; n < min(from+papersAtOnce, c.size); n++ {
				p, err := c.paper(n)
				if err != nil {
					return err
				}
				some = append(some, p)
			}
			select {
			case made <- some:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return nil
	})
	group.Go(func() error {
		for some := range made {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := f(some); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// build makes the index as a running Paperboy does: papers in batches, merges in
// the background, and all of it saved.
func (b *bench) build(ctx context.Context) (err error) {
	if b.index, _, err = search.Open(b.dir, "bench"); err != nil {
		return err
	}
	began, cpu := time.Now(), cpuTime()
	tending, stop := context.WithCancel(ctx)
	var tender sync.WaitGroup
	tender.Go(func() { b.index.Tend(tending) })
	err = b.corpus.each(ctx, func(some []paper.Paper) error {
		b.index.Put(some, b.index.Upto()+1)
		return nil
	})
	stop()
	tender.Wait()
	if err != nil {
		return err
	}
	if err := b.index.Flush(); err != nil {
		return err
	}
	took, busy := time.Since(began).Seconds(), (cpuTime() - cpu).Seconds()
	making, err := b.making(ctx)
	if err != nil {
		return err
	}
	papers := float64(b.index.Len())
	b.say("\nbuild     %.1f s, %.0f papers/s; for each second of processor time %.0f papers, %.0f with the making of papers left out",
		took, papers/took, papers/busy, papers/max(busy-making*papers, 1e-6))
	b.say("peak      %s resident while building", megabytes(peakMemory()))
	return b.settle(ctx)
}

// making is how many seconds it takes to make a paper, of a processor's time.
func (b *bench) making(ctx context.Context) (float64, error) {
	some := *b.corpus
	some.size = min(some.size, 4*papersAtOnce)
	began := busyTime()
	err := some.each(ctx, func([]paper.Paper) error { return nil })
	return (busyTime() - began).Seconds() / float64(max(some.size, 1)), err
}

// settle merges segments as a running Paperboy does when no papers come.
func (b *bench) settle(ctx context.Context) error {
	began := time.Now()
	b.index.Settle(ctx)
	took := time.Since(began).Seconds()
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	s := b.index.Stats()
	b.say("settle    %.1f s to merge segments, as is done when nothing comes", took)
	b.say("disk      %.0f bytes a paper, %s", float64(s.Bytes)/float64(s.Papers), english.Count(len(s.Segments), "segment"))
	return nil
}

func megabytes(n int64) string {
	if n <= 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.0f MB", float64(n)/1e6)
}

// open opens the index anew, as at a start, and sees what stays in memory.
func (b *bench) open(context.Context) (err error) {
	if err := b.close(); err != nil {
		return err
	}
	before := heap()
	began := time.Now()
	index, problem, err := search.Open(b.dir, "bench")
	if err = errors.Join(problem, err); err != nil {
		return err
	}
	b.index = index
	took := time.Since(began)
	b.answer(b.questions[0]) // reads what is read once
	b.say("open      %.0f ms, %s of heap", took.Seconds()*1000, megabytes(max(heap()-before, 1)))
	return nil
}

// heap is how much of the heap is in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// snippet is how much of an abstract an answer shows, in bytes.
const snippet = 240

// answer searches as a person does: the first ten papers, with what matched marked
// in their titles and the best of their abstracts. Reading their texts is left to
// the store and does not count. finding is the part of c before the marking.
func (b *bench) answer(q question) (c, finding cost, found int, err error) {
	watch := start()
	res := b.index.Search(search.Parse(q.text), search.Options{Limit: 10})
	finding = watch.cost()
	c = finding
	for _, h := range res.Hits {
		p, err := b.text(h.ID)
		if err != nil {
			return c, finding, 0, err
		}
		watch = start()
		res.Query.Highlight(p.Title)
		res.Query.Highlight(res.Query.Snippet(p.Abstract, snippet))
		c = c.plus(watch.cost())
	}
	return c, finding, len(res.Hits), nil
}

// text is a paper of the corpus. Those that were found before are at hand.
func (b *bench) text(id paper.ID) (paper.Paper, error) {
	if p, ok := b.texts[id]; ok {
		return p, nil
	}
	n, err := number(id)
	if err != nil {
		return paper.Paper{}, err
	}
	return b.corpus.paper(n)
}

// keepTexts keeps the papers that the questions find at hand.
func (b *bench) keepTexts(ctx context.Context) error {
	b.texts = make(map[paper.ID]paper.Paper)
	for _, q := range b.questions {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		for _, h := range b.index.Search(search.Parse(q.text), search.Options{Limit: 10}).Hits {
			p, err := b.text(h.ID)
			if err != nil {
				return err
			}
			b.texts[h.ID] = p
		}
	}
	return nil
}

// never is more than anything costs.
var never = cost{math.MaxInt64, math.MaxInt64}

// rounds is how often all questions are asked after a first time that warms up.
const rounds = 3

// ask asks all questions one after the other.
func (b *bench) ask(ctx context.Context) error {
	costs, alone := make([]cost, len(b.questions)), make([]cost, len(b.questions))
	hits := make([]int, len(b.questions))
	for round := range 1 + rounds {
		for i, q := range b.questions {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			c, finding, n, err := b.answer(q)
			if err != nil {
				return err
			}
			if hits[i] = n; round == 0 {
				costs[i], alone[i] = never, never
				continue
			}
			costs[i], alone[i] = c.least(costs[i]), finding.least(alone[i])
		}
	}
	b.costs = alone
	b.say("\nTop 10 with highlights, one after the other, warm, the best of %d rounds, in milliseconds:\n", rounds)
	return report(b.out, b.questions, costs, hits)
}

// report is a table of what questions cost, by class.
func report(out io.Writer, questions []question, costs []cost, hits []int) error {
	byClass := make(map[string][]int)
	var classes []string
	for i, q := range questions {
		if byClass[q.class] == nil {
			classes = append(classes, q.class)
		}
		byClass[q.class] = append(byClass[q.class], i)
		byClass[everything] = append(byClass[everything], i)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "class\tqueries\tp50\tp95\tp99\tworst\tprocessor, sum\tfound nothing\t")
	slowest := 0
	for _, class := range append(classes, everything) {
		var list []time.Duration
		var sum cost
		none := 0
		for _, i := range byClass[class] {
			list, sum = append(list, costs[i].wall), sum.plus(costs[i])
			if hits[i] == 0 {
				none++
			}
			if costs[i].wall > costs[slowest].wall {
				slowest = i
			}
		}
		slices.Sort(list)
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%d\t\n", class, len(list), ms(percentile(list, 50)), ms(percentile(list, 95)),
			ms(percentile(list, 99)), ms(list[len(list)-1]), ms(sum.cpu), none)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "The slowest was %q.\n", questions[slowest].text)
	return err
}

// everything is the class of all questions.
const everything = "all"

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1000) }

// percentile of a list in order: the least that so many of a hundred do not exceed.
func percentile(list []time.Duration, percent int) time.Duration {
	return list[max(int(math.Ceil(float64(len(list)*percent)/100))-1, 0)]
}

// together is how long all processors are kept searching.
const together = 3 * time.Second

// askAtOnce asks as many questions as it can on all processors.
func (b *bench) askAtOnce(ctx context.Context) error {
	if err := b.keepTexts(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	var asked atomic.Int64
	began := time.Now()
	for worker := range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			for i := worker * 17; time.Since(began) < together; i++ {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if _, _, _, err := b.answer(b.questions[i%len(b.questions)]); err != nil {
					return err
				}
				asked.Add(1)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	b.say("\nat once   %.0f queries/s on %s", float64(asked.Load())/time.Since(began).Seconds(), english.Count(runtime.GOMAXPROCS(0), "processor"))
	return nil
}

// add puts in new papers one by one and searches for each.
func (b *bench) add(ctx context.Context) error {
	var worst time.Duration
	for i := range 20 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p, err := b.corpus.paper(i)
		if err != nil {
			return err
		}
		word := strings.Repeat("x", 5) + fmt.Sprint(i)
		p.ID, p.Title = paper.ID("bench:new"+fmt.Sprint(i)), p.Title+" "+word
		began := time.Now()
		b.index.Put([]paper.Paper{p}, b.index.Upto()+1)
		res := b.index.Search(search.Parse(word), search.Options{Limit: 1})
		worst = max(worst, time.Since(began))
		if len(res.Hits) == 0 || res.Hits[0].ID != p.ID {
			return fmt.Errorf("the new paper %q is not found by a word that it alone has", p.Title)
		}
	}
	b.say("findable  %s ms after it was put in at most, searching included, of 20 new papers", ms(worst))
	return nil
}

// subscriptions is how many queries wait for a new paper.
const subscriptions = 10_000

// subscribe matches real papers against standing queries of one to three words
// each.
func (b *bench) subscribe(ctx context.Context) error {
	topics, err := makeTopics(b.corpus, subscriptions)
	if errors.Is(err, errNoWords) {
		b.say("standing  not measured: the papers have hardly any words to make subscriptions of")
		return nil
	}
	if err != nil {
		return err
	}
	waiting := search.NewStanding(b.index)
	for i, text := range topics {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		waiting.Set(fmt.Sprint(i), search.Parse(text))
	}
	var times []time.Duration
	matches := 0
	for i := range min(1000, b.corpus.real()) {
		p, err := b.corpus.paper(i)
		if err != nil {
			return err
		}
		watch := start()
		matches += len(waiting.Match(&p, 0))
		times = append(times, watch.cost().wall)
	}
	slices.Sort(times)
	b.say("standing  one new paper against %s subscriptions: p50 %s ms, p99 %s ms; %.1f of them match", english.Thousands(waiting.Len()),
		ms(percentile(times, 50)), ms(percentile(times, 99)), float64(matches)/float64(len(times)))
	return nil
}
