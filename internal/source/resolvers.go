package source

import (
	"context"
	"errors"
	"slices"

	"paperboy/internal/paper"
)

// Resolvers are asked together: what several of them know of a paper is merged.
type Resolvers []Resolver

// Resolve describes those of refs that any resolver knows. A resolver that
// fails is an error only if a paper it might have known stays unknown.
func (rs Resolvers) Resolve(ctx context.Context, refs []paper.Ref) ([]paper.Paper, error) {
	found := make(map[paper.ID]paper.Paper)
	failed := make(map[paper.ID]error)
	for _, r := range rs {
		var asked []paper.Ref
		for _, ref := range refs {
			if r.Resolves(ref.ID) {
				asked = append(asked, ref)
			}
		}
		if len(asked) == 0 {
			continue
		}
		papers, err := r.Resolve(ctx, asked)
		for _, ref := range asked {
			if err != nil {
				failed[ref.ID] = errors.Join(failed[ref.ID], err)
			}
		}
		for _, p := range papers {
			if before, ok := found[p.ID]; ok {
				p = paper.Merge(before, p)
			}
			found[p.ID] = p
		}
	}
	var papers []paper.Paper
	var errs []error
	for _, ref := range refs {
		if p, ok := found[ref.ID]; ok {
			papers = append(papers, p)
		} else if err := failed[ref.ID]; err != nil && !slices.Contains(errs, err) {
			errs = append(errs, err)
		}
	}
	return papers, errors.Join(errs...)
}
