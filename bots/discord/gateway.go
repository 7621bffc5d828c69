package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	api "github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

const (
	openWithin    = 30 * time.Second
	identifyEvery = 5 * time.Second
	// firstWait doubles with each connection that does not last.
	firstWait = 250 * time.Millisecond
	// steady is how long a connection has to last for the next one to be made at
	// once.
	steady = 20 * time.Second
)

// intents are the events that Discord sends. Each is needed: guilds for being
// added and removed, reactions for votes, direct messages for words to the bot.
const intents = api.IntentsGuilds | api.IntentsGuildMessageReactions | api.IntentsDirectMessages | api.IntentsDirectMessageReactions

// intents are those of the options.
func (d *Discord) intents() api.Intent {
	if d.o.Words {
		return intents | api.IntentsGuildMessages | api.IntentMessageContent
	}
	return intents
}

// final are the close codes after which connecting again does not help, with
// what to do (https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway).
var final = map[int]string{
	4004: "Discord does not accept the bot token; copy it anew from Bot → Reset Token into DISCORD_BOT_TOKEN",
	4010: "Discord does not accept the shard's number",
	4011: "the bot is in too many servers for one connection",
	4012: "Discord does not speak this version of its gateway any more; look for a newer Paperboy",
	4013: "Discord does not know the events that are asked for; look for a newer Paperboy",
	4014: "Discord does not give the bot what people write; switch on Bot → Message Content Intent, or switch off DISCORD_READ_MESSAGES",
}

// over are the close codes after which a session can't be resumed.
var over = map[int]bool{4003: true, 4007: true, 4009: true}

// entrance is how to connect.
type entrance struct {
	URL    string
	Shards int
	Limit  struct {
		Remaining  int
		ResetAfter int64 `json:"reset_after"` // milliseconds
		AtOnce     int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// shard is one of the connections that share the guilds among them.
type shard struct {
	*listener
	number, of int
	url        string
	session    *api.Session // nil: the next one is to identify itself
	resumable  bool         // it has been connected

	taking sync.Mutex      // guards what follows
	guilds map[string]bool // that the bot is in
	before chan struct{}   // closed when what was given to inTurn last is done
	wire   wire            // the connection in use
	lost   chan struct{}   // of the session; gets one when the connection is lost
}

// run keeps a connection until ctx ends or Discord does not want the bot any
// more.
func (s *shard) run(ctx context.Context) error {
	for wait := firstWait; ; wait = min(2*wait, time.Minute) {
		if s.session == nil {
			if err := s.begin(ctx); err != nil {
				return stopped(ctx, err)
			}
		}
		began := time.Now()
		err := s.open(ctx)
		if err == nil {
			select {
			case <-s.lost:
			case <-ctx.Done():
			}
		}
		if ctx.Err() != nil {
			s.close()
			return nil
		}
		if err := s.ended(ctx, err); err != nil {
			return err
		}
		if err == nil && time.Since(began) > steady {
			wait = firstWait
		} else {
			rest(ctx, wait)
		}
	}
}

// ended decides what becomes of the session of a connection that is lost, or that
// could not be made. It returns an error if nothing will.
func (s *shard) ended(ctx context.Context, err error) error {
	code, in, connected := s.wire.said()
	if reason, ok := final[code]; ok {
		return errors.New("discord: " + reason)
	}
	s.log.Info("the connection to Discord is lost and made again", "shard", s.number, "code", code, "err", err)
	if !connected {
		s.wire.resume("") // at the usual address
	}
	if in == invalidated {
		// Discord asks for a moment between one and five seconds.
		rest(ctx, s.identifyEvery/5+rand.N(s.identifyEvery*4/5+1))
	}
	if !s.resumable || in == invalidated || over[code] || errors.Is(err, errHangs) {
		s.session = nil // what is left of it is of no use
	}
	return nil
}

func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// begin makes a session that will identify itself, when it may: such starts are
// limited, to 1,000 a day for most.
func (s *shard) begin(ctx context.Context) error {
	if err := s.starts.take(ctx, s.listener, s.number); err != nil {
		return err
	}
	session, err := api.New("Bot " + s.o.Token)
	if err != nil {
		return err
	}
	session.StateEnabled = false
	session.SyncEvents = true // what people do arrives in its order
	session.ShouldReconnectOnError = false
	session.Compress = false // the wire reads along, and there is little to read
	session.LogLevel = -1    // what matters is logged here
	session.ShardID, session.ShardCount = s.number, s.of
	session.Identify.Intents = s.intents()
	session.UserAgent = agent
	session.Client = &http.Client{Transport: told{&s.wire}}
	session.Dialer = &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: openWithin / 2,
		NetDialContext: s.wire.dial, NetDialTLSContext: s.wire.dialTLS,
	}
	session.Identify.Presence.Status = "online"
	lost := make(chan struct{}, 1)
	session.AddHandler(s.take)
	session.AddHandler(func(*api.Session, *api.Disconnect) {
		select {
		case lost <- struct{}{}:
		default:
		}
	})
	s.session, s.lost, s.resumable = session, lost, false
	return nil
}

// errHangs is of a library that does not come back.
var errHangs = errors.New("connecting takes too long")

// open connects, under watch.
func (s *shard) open(ctx context.Context) error {
	s.forget()
	session := s.session
	if s.wire.reset(s.url, s.resumable) {
		_ = session.Open() // fails, after which the library asks for the address again
	}
	opened := make(chan error, 1)
	go func() {
		defer s.rescue()
		opened <- session.Open()
	}()
	timer := time.NewTimer(s.openWithin)
	defer timer.Stop()
	select {
	case err := <-opened:
		if errors.Is(err, api.ErrWSAlreadyOpen) { // it was closed twice, and told so twice
			err = nil
		}
		s.resumable = s.resumable || err == nil
		return err
	case <-timer.C:
	case <-ctx.Done():
	}
	s.wire.hangUp()
	select { // with the line cut, the library usually comes back
	case <-opened:
		return errors.Join(errHangs, ctx.Err())
	case <-time.After(time.Second):
		s.session = nil
		return errHangs
	}
}

// close says goodbye.
func (s *shard) close() {
	if s.session == nil {
		return
	}
	done := make(chan struct{})
	session := s.session
	go func() {
		defer close(done)
		_ = session.Close()
	}()
	// The library waits for a second after saying so; nobody has to wait for it.
	select {
	case <-done:
	case <-time.After(50 * time.Millisecond):
		s.wire.hangUp()
	}
}

// forget empties lost: what is in it is of the connection before.
func (s *shard) forget() {
	select {
	case <-s.lost:
	default:
	}
}

// told is a transport that knows where the gateway is, which is all that the
// library asks for: its addresses are variables of the package, and no option. It
// asks before the first connection and after one that could not be made.
type told struct{ *wire }

func (t told) RoundTrip(r *http.Request) (*http.Response, error) {
	b, err := json.Marshal(map[string]string{"url": t.address()})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(b)),
	}, nil
}
