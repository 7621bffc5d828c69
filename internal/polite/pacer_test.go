package polite

import (
	"testing"
	"time"
)

func TestReserveTakesTheNextFreeMoment(t *testing.T) {
	p := NewPacer()
	steps := []struct {
		hold time.Duration // from noon; 0 for none
		now  time.Duration // from noon
		want time.Duration
	}{
		{0, 0, 0},
		{0, 0, 3 * time.Second},
		{0, time.Second, 5 * time.Second},
		{0, 20 * time.Second, 0},
		{time.Minute, 20 * time.Second, 40 * time.Second},
		{time.Second, 20 * time.Second, 43 * time.Second}, // an earlier hold changes nothing
		{0, 5 * time.Minute, 0},
	}
	for i, s := range steps {
		if s.hold > 0 {
			if err := p.Hold(t.Context(), "arxiv", noon.Add(s.hold)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := p.Reserve(t.Context(), "arxiv", noon.Add(s.now), 3*time.Second)
		if err != nil || got != s.want {
			t.Errorf("step %d: Reserve at %v = %v, %v; want %v", i, s.now, got, err, s.want)
		}
	}
}
