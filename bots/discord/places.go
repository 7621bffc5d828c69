package discord

import (
	"context"
	"errors"
	"time"

	"paperboy/internal/chat"
)

// newcomer is a guild that the bot is in.
type newcomer struct {
	ID          string
	Joined      time.Time `json:"joined_at"`
	System      string    `json:"system_channel_id"`
	Unavailable bool
}

// inTurn does something beside, after what was given to it before: whether the bot
// is in a place is told in its order. Only the library calls it, event by event.
func (s *shard) inTurn(do func(context.Context) error) {
	before, done := s.before, make(chan struct{})
	s.before = done
	s.beside(func(ctx context.Context) {
		defer close(done)
		if before != nil {
			<-before
		}
		s.retry(ctx, func() error { return do(ctx) })
	})
}

// settled takes in which guilds the bot is in when a session begins. Those that it
// was in before have put it out while nobody told us.
func (s *shard) settled(r ready) {
	before := s.guilds
	s.guilds = map[string]bool{}
	for _, g := range r.Guilds {
		s.guilds[g.ID] = true
	}
	for id := range before {
		if !s.guilds[id] {
			s.putOut(id)
		}
	}
}

// entered introduces the bot to a guild that it has come into, where Discord
// welcomes newcomers. One that it was in when the session began it may have come
// into while nobody told us.
func (s *shard) entered(g newcomer) {
	known := s.guilds[g.ID]
	if g.Unavailable {
		return
	}
	s.guilds[g.ID] = true
	joined := chat.Joined{In: place(g.ID, g.System), Everywhere: true, At: s.now()}
	if known {
		joined.Quietly, joined.At = true, g.Joined
	}
	s.inTurn(func(ctx context.Context) error {
		m, err := s.h.Joined(ctx, joined)
		if err != nil || m.Empty() || g.System == "" {
			return err
		}
		if _, err := s.Send(ctx, joined.In, m); err != nil {
			s.log.Info("the bot could not introduce itself", "place", g.System, "err", err)
		}
		return nil
	})
}

// left is of a guild that the bot was put out of. One that is only unavailable has
// not put it out.
func (s *shard) left(g newcomer) {
	if g.Unavailable {
		return
	}
	delete(s.guilds, g.ID)
	s.putOut(g.ID)
}

func (s *shard) putOut(guild string) {
	s.tell(chat.Left{In: place(guild, ""), Everywhere: true, Reason: gone[10004], At: s.now()})
}

func (s *shard) tell(l chat.Left) {
	s.inTurn(func(ctx context.Context) error { return s.h.Left(ctx, l) })
}

func (s *shard) deleted(c channel) {
	if c.Guild != "" {
		s.tell(chat.Left{In: place(c.Guild, c.ID), Reason: gone[codeNoChannel], At: s.now()})
	}
}

// altered looks at what the bot may do in a channel whose settings have changed.
func (s *shard) altered(c channel) {
	if c.Guild == "" || !postableKind(c.Type) {
		return
	}
	s.people.forget(c.Guild, c.ID)
	at := s.now()
	s.inTurn(func(ctx context.Context) error { return s.access(ctx, c, at) })
}

// promoted looks at all channels of a guild in which a role has changed, or the
// bot has got or lost one.
func (s *shard) promoted(e struct {
	Guild string `json:"guild_id"`
	User  *user
}) {
	self, err := s.whoAmI(s.ctx)
	if err != nil || e.Guild == "" || e.User != nil && e.User.ID != self.user {
		return
	}
	s.people.forget(e.Guild, "")
	at := s.now()
	s.inTurn(func(ctx context.Context) error {
		all, err := ask[[]channel](ctx, s.people, "/guilds/"+e.Guild+"/channels")
		if errors.As(err, new(*chat.Refused)) {
			return nil
		}
		for _, c := range all {
			if c.Guild = e.Guild; err == nil && postableKind(c.Type) {
				err = s.access(ctx, c, at)
			}
		}
		return err
	})
}

// access tells whether the bot may post in a channel. Telling what is known does
// nothing.
func (s *shard) access(ctx context.Context, c channel, at time.Time) error {
	self, err := s.whoAmI(ctx)
	if err != nil {
		return err
	}
	may, err := s.people.within(ctx, self.user, c)
	switch in := place(c.Guild, c.ID); {
	case errors.As(err, new(*chat.Refused)): // it was put out meanwhile, which is told as well
		return nil
	case err != nil:
		return err
	case may&viewChannel == 0:
		return s.h.Left(ctx, chat.Left{In: in, Reason: noAccess, At: at})
	case may&sendMessages == 0:
		return s.h.Left(ctx, chat.Left{In: in, Reason: gone[codeNoPermission], At: at})
	default:
		_, err := s.h.Joined(ctx, chat.Joined{In: in, Quietly: true, At: at})
		return err
	}
}

// postableKind tells channels with posts of their own: text, announcements, forums.
func postableKind(kind int) bool { return kind == 0 || kind == 5 || kind == kindForum }
