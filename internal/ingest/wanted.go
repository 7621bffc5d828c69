package ingest

import (
	"context"
	"time"

	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	wantedRetry = 30 * time.Minute
	// wantedTries spread over a day; a paper nobody knows by then is a typing
	// error or a link to something else.
	wantedTries = 48
	// unknownTries is enough where the services answer that they know no such
	// paper; the newest appear there some hours late.
	unknownTries = 6
)

// lookUpWanted describes the papers that people named while no service could.
func (in *Ingest) lookUpWanted(ctx context.Context) {
	for ctx.Err() == nil {
		now := time.Now()
		w, ok, err := in.store.TakeWanted(ctx, now, now.Add(wantedRetry))
		if err == nil && !ok {
			return
		}
		if err == nil {
			err = in.lookUp(ctx, w)
		}
		if err != nil {
			if ctx.Err() == nil {
				in.log.Warn("a paper could not be looked up", "paper", w.Ref.ID, "tries", w.Tries, "err", err)
			}
			return
		}
	}
}

func (in *Ingest) lookUp(ctx context.Context, w store.Wanted) error {
	ctx, cancel := context.WithTimeout(ctx, wantedRetry/2)
	defer cancel()
	found, err := in.resolvers.Resolve(ctx, []paper.Ref{w.Ref})
	switch {
	case len(found) > 0:
		p := found[0]
		p.Sightings = append(p.Sightings, team.Brought(w.Day))
		return in.store.Found(ctx, p)
	case w.Tries >= wantedTries, err == nil && w.Tries >= unknownTries:
		in.log.Info("a paper was given up: no service knows it", "paper", w.Ref.ID, "tries", w.Tries)
		return in.store.GiveUp(ctx, w.Ref.ID)
	}
	return err
}
