package source_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/paper"
	"paperboy/internal/source"
)

// known is a resolver for one scheme that knows some papers, or fails.
type known struct {
	scheme string
	papers []paper.Paper
	err    error
}

func (k known) Resolves(id paper.ID) bool { return id.Scheme() == k.scheme }

func (k known) Resolve(context.Context, []paper.Ref) ([]paper.Paper, error) { return k.papers, k.err }

func TestResolversComplementEachOther(t *testing.T) {
	down := errors.New("the service is down")
	a := paper.Paper{ID: "arxiv:2401.00001", Title: "T", Abstract: "A"}
	votes := paper.Paper{ID: a.ID, Title: "T", Sightings: []paper.Sighting{{Source: "x", Votes: 3}}}
	d := paper.Paper{ID: "doi:10.1/d", Title: "D"}
	for _, c := range []struct {
		name string
		rs   source.Resolvers
		want []paper.Paper
		err  string
	}{
		{"merged", source.Resolvers{known{"arxiv", []paper.Paper{a}, nil}, known{"arxiv", []paper.Paper{votes}, nil}},
			[]paper.Paper{paper.Merge(a, votes)}, ""},
		{"one down", source.Resolvers{known{"arxiv", []paper.Paper{a}, nil}, known{"arxiv", nil, down}},
			[]paper.Paper{a}, ""},
		{"all down", source.Resolvers{known{"arxiv", nil, down}, known{"doi", []paper.Paper{d}, nil}},
			[]paper.Paper{d}, "is down"},
		{"unknown", source.Resolvers{known{"arxiv", nil, nil}}, nil, ""},
		{"nobody to ask", nil, nil, ""},
	} {
		got, err := c.rs.Resolve(context.Background(), []paper.Ref{{ID: a.ID}, {ID: d.ID}})
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.err)
		}
	}
}

// panicking is a resolver with a fault.
type panicking struct{ known }

func (panicking) Resolve(context.Context, []paper.Ref) ([]paper.Paper, error) {
	panic("index out of range")
}

func TestAResolverThatPanicsFailsAlone(t *testing.T) {
	a := paper.Paper{ID: "arxiv:2401.00001", Title: "T"}
	rs := source.Resolvers{panicking{known{scheme: "arxiv"}}, known{"arxiv", []paper.Paper{a}, nil}}
	got, err := rs.Resolve(context.Background(), []paper.Ref{{ID: a.ID}, {ID: "arxiv:2401.00002"}})
	if diff := cmp.Diff([]paper.Paper{a}, got); diff != "" {
		t.Errorf("resolved (-want +got):\n%s", diff)
	}
	if err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("error %v for the paper that the other resolver does not know", err)
	}
}
