package source

import (
	"context"
	"errors"
	"slices"
	"sync"

	"paperboy/internal/paper"
)

// Resolvers are asked all at once: what several of them know of a paper is merged.
type Resolvers []Resolver

// Resolve describes those of refs that any resolver knows. A resolver that
// fails is an error only if a paper that it might have known stays unknown.
func (rs Resolvers) Resolve(ctx context.Context, refs []paper.Ref) ([]paper.Paper, error) {
	answers := make([]answer, len(rs))
	var asking sync.WaitGroup
	for i, r := range rs {
		asking.Go(func() { answers[i] = ask(ctx, r, refs) })
	}
	asking.Wait()

	var papers []paper.Paper
	var errs []error
	for _, ref := range refs {
		p, found, err := combine(answers, ref)
		if found {
			papers = append(papers, p)
		} else if err != nil && !slices.ContainsFunc(errs, func(e error) bool { return e.Error() == err.Error() }) {
			errs = append(errs, err)
		}
	}
	return papers, errors.Join(errs...)
}

// answer is what one resolver said of the refs it was asked about.
type answer struct {
	asked  []paper.Ref
	papers []paper.Paper
	err    error
}

func ask(ctx context.Context, r Resolver, refs []paper.Ref) (a answer) {
	defer Rescue(&a.err)
	for _, ref := range refs {
		if r.Resolves(ref.ID) {
			a.asked = append(a.asked, ref)
		}
	}
	if len(a.asked) > 0 {
		a.papers, a.err = r.Resolve(ctx, a.asked)
	}
	return a
}

// combine merges what all resolvers know of one paper. err is of those who
// were asked about it and failed.
func combine(answers []answer, ref paper.Ref) (known paper.Paper, found bool, err error) {
	for _, a := range answers {
		if a.err != nil && slices.Contains(a.asked, ref) {
			err = errors.Join(err, a.err)
		}
		for _, p := range a.papers {
			switch {
			case p.ID != ref.ID:
			case found:
				known = paper.Merge(known, p)
			default:
				known, found = p, true
			}
		}
	}
	return known, found, err
}
