// Package polite is the one HTTP client through which Paperboy asks other
// people's servers. It says who it is, asks a service one thing at a time and
// no faster than the service likes, waits when it is told to, asks again when
// a failure is likely to pass, and never reads more than it can hold. Addresses
// that people typed lead it to the public internet only.
package polite

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	timeout      = 30 * time.Second // for one answer, its body included
	patience     = 30 * time.Second // longer waits are told to the caller instead
	maxTries     = 3
	maxRedirects = 5
	maxBody      = 16 << 20
	maxErrorBody = 4 << 10

	defaultEvery = time.Second
	firstBackOff = 2 * time.Second // on average half of it; doubled with each try
)

// Options are what a Client needs to know.
type Options struct {
	Contact      string // address or page of whoever runs this, for the User-Agent
	AllowPrivate bool   // may addresses that people typed lead into private networks
	Pacer        Pacer  // nil for one of this process alone
	Version      string
}

// Client asks politely. It is safe for concurrent use.
type Client struct {
	agent  string
	pacer  Pacer
	lanes  lanes
	open   http.RoundTripper // for addresses from the settings
	typed  http.RoundTripper // for addresses from people
	jitter func(most time.Duration) time.Duration
}

// New returns a Client. Requests for typed addresses never go through the
// HTTP proxy of the environment, since the address that a proxy dials cannot be
// checked here; with o.AllowPrivate nothing is checked and they do.
func New(o Options) *Client {
	c := &Client{
		agent:  agent(o.Version, o.Contact),
		pacer:  o.Pacer,
		lanes:  lanes{byKey: map[string]*lane{}},
		open:   openTransport(),
		jitter: rand.N[time.Duration],
	}
	if c.typed = c.open; !o.AllowPrivate {
		c.typed = publicTransport()
	}
	if c.pacer == nil {
		c.pacer = NewPacer()
	}
	return c
}

func agent(version, contact string) string {
	s := "paperboy"
	if version != "" {
		s += "/" + version
	}
	if contact != "" {
		s += " (+" + contact + ")"
	}
	return s
}

// Request is one thing to ask for.
type Request struct {
	URL    string
	Accept string
	Pace   Pace
	// Typed says that the address comes from a person, or from a page or feed
	// that a person named: it may lead to public addresses only, which is
	// checked at every dial, after names are resolved.
	Typed bool
	// ETag and LastModified of the answer before make Get answer NotModified
	// if nothing changed.
	ETag, LastModified string
	MaxBytes           int64 // of the body, unpacked; 0 is 16 MiB
}

// Response is an answer of status 2xx, or NotModified.
type Response struct {
	Status       int
	NotModified  bool
	Body         []byte
	ETag         string
	LastModified string
	ContentType  string
	URL          string // after redirects
	Header       http.Header
}

// Get asks for r.URL, up to three times if the failure is one that passes within
// seconds, and follows up to five redirects. Its error is a *StatusError, ErrTooLarge,
// ErrPrivate, the end of ctx, or what became of the connection; see Temporary
// and RetryAfter.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	address, err := parseAddress(r.URL)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		backOff := c.jitter(firstBackOff << (try - 1))
		resp, err := c.follow(ctx, address, r, backOff)
		if err == nil {
			return resp, nil
		}
		if wait, _ := RetryAfter(err); try == maxTries || wait > patience || !Temporary(err) || unreached(err) {
			return nil, err
		}
	}
}
