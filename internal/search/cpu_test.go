package search
import ("testing";"fmt";"syscall";"os";"strings";"time";"slices")
func cpuNow() time.Duration { var u syscall.Rusage; syscall.Getrusage(syscall.RUSAGE_SELF, &u); return time.Duration(u.Utime.Nano()+u.Stime.Nano()) }
func TestCPU(t *testing.T) {
	dir := os.Getenv("IX")
	ix, problem, err := Open(dir, "test")
	if err != nil || problem != nil { t.Fatal(err, problem) }
	if ix.Len() == 0 {
		start := time.Now(); c0 := cpuNow()
		for some := range slices.Chunk(arXiv(t), batch) { ix.Put(some, ix.Upto()+1) ; ix.merge() }
		ix.Flush(); for ix.merge() {}
		fmt.Println("built", time.Since(start), cpuNow()-c0)
	}
	var sum time.Duration
	var all []time.Duration
	list := append(slices.Clone(typical), hardest...)
	if q := os.Getenv("Q"); q != "" { list = strings.Split(q, "|") }
	n := 30; if os.Getenv("Q") != "" { n = 1000 }
	for _, text := range list {
		run := func() { res := ix.Search(Parse(text), Options{Limit: 10}); _ = res }
		run()
		c := cpuNow()
		for range n { run() }
		d := (cpuNow()-c)/time.Duration(n)
		sum += d; all = append(all, d)
		fmt.Printf("%10s %s\n", d, text)
	}
	slices.Sort(all)
	fmt.Println("p50", all[len(all)/2], "p95", all[len(all)*95/100], "max", all[len(all)-1], "sum", sum, ix.Stats().Papers, ix.Stats().Bytes/int64(ix.Stats().Papers), len(ix.Stats().Segments))
}
