package huggingface

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/polite"
)

// Resolves implements source.Resolver. Hugging Face knows arXiv's papers by
// their new identifiers only.
func (s *Source) Resolves(id paper.ID) bool {
	ref, ok := paper.ArXiv(id.Value())
	return ok && ref.ID == id && !strings.Contains(id.Value(), "/")
}

// Resolve implements source.Resolver with one request for each paper. What was
// found is good even if there is also an error.
func (s *Source) Resolve(ctx context.Context, refs []paper.Ref) ([]paper.Paper, error) {
	var (
		found    []paper.Paper
		problems []error
	)
	for _, ref := range refs {
		if !s.Resolves(ref.ID) {
			continue
		}
		body, err := s.get(ctx, "/api/papers/"+ref.ID.Value())
		if unknown(err) {
			continue
		}
		if err != nil {
			return found, errors.Join(append(problems, fmt.Errorf("huggingface: %s: %w", ref.ID, err))...)
		}
		p, err := parseDetails(body)
		if err == nil && p.ID != ref.ID {
			err = fmt.Errorf("the answer is about %s", p.ID)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("huggingface: %s: %w", ref.ID, err))
			continue
		}
		found = append(found, p)
	}
	return found, errors.Join(problems...)
}

func unknown(err error) bool {
	var status *polite.StatusError
	return errors.As(err, &status) && status.Code == http.StatusNotFound
}

// parseDetails describes the paper of a page of its own. A paper that never was
// on the daily page has no day there, though it may have votes.
func parseDetails(body []byte) (paper.Paper, error) {
	var d details
	if err := lenient(body, &d); err != nil {
		return paper.Paper{}, fmt.Errorf("the answer is no JSON but begins with %q", beginning(body))
	}
	p, err := d.paper()
	if err != nil {
		return paper.Paper{}, err
	}
	if s := d.sighting(date.Date{}); !s.Day.IsZero() || s.Votes > 0 {
		p.Sightings = []paper.Sighting{s}
	}
	return p, nil
}
