package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

func TestSmallWritesTogetherFailAlone(t *testing.T) {
	const writers = 60
	storetest.EachAddress(t, func(t *testing.T, address string) {
		s := open(t, address)
		sorry := errors.New("not so")
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				err := s.Soon(ctx, func(run func(string, ...any) error) error {
					if err := run("INSERT INTO paces (key, next_at) VALUES ($1, $2)", fmt.Sprint(i), 1); err != nil {
						return err
					}
					switch i % 10 {
					case 3:
						return fmt.Errorf("%d: %w", i, sorry)
					case 7:
						return run("INSERT INTO paces (key, next_at) VALUES ($1, $2)", fmt.Sprint(i), 1)
					}
					return nil
				})
				switch bad := i%10 == 3 || i%10 == 7; {
				case bad && err == nil, !bad && err != nil:
					t.Errorf("writer %d was told %v", i, err)
				case i%10 == 3 && (!errors.Is(err, sorry) || err.Error() != fmt.Sprintf("%d: not so", i)):
					t.Errorf("writer %d was told of another's error: %v", i, err)
				}
			})
		}
		wg.Wait()
		other := open(t, address) // what others see is on the disk
		for i := range writers {
			at, err := other.HeldUntil(ctx, fmt.Sprint(i))
			if want := i%10 != 3 && i%10 != 7; at.IsZero() == want || err != nil {
				t.Errorf("writer %d: written %v, %v; want %v", i, !at.IsZero(), err, want)
			}
		}
	})
}

func TestWhoHasGivenUpBeforeWritesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := s.Mark(gone, team.ByHand(team.Everyone, "doi:10.1/a", person("U1"), team.Up, noon)); !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v, want that the context was cancelled", err)
		}
		if n := votesFor(t, s, "doi:10.1/a"); n != 0 {
			t.Errorf("%d votes, want none", n)
		}
	})
}

func TestWhoGivesUpMeanwhileBreaksNothingOff(t *testing.T) {
	s := storetest.Open(t)
	if s.Engine() != "sqlite" {
		t.Skip("PostgreSQL's writers share nothing")
	}
	gone, cancel := context.WithCancel(ctx)
	err := s.Soon(gone, func(run func(string, ...any) error) error {
		cancel()
		return run("INSERT INTO paces (key, next_at) VALUES ($1, $2)", "key", 1)
	})
	if at, err2 := s.HeldUntil(ctx, "key"); at.IsZero() || err != nil || err2 != nil {
		t.Errorf("written at %v, %v, %v", at, err, err2)
	}
}
