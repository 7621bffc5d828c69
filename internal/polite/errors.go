package polite

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// ErrPrivate is what a typed address gets that leads into a private network.
var ErrPrivate = errors.New("the address leads into a private network, where Paperboy does not look unless its settings allow it")

// ErrTooLarge is what an answer gets that is larger than Request.MaxBytes.
var ErrTooLarge = errors.New("the answer is too large")

var errCoding = errors.New("the answer is packed in a way nobody asked for")

func tooLarge(limit int64) error { return fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit) }

// StatusError is an answer that is not the thing asked for.
type StatusError struct {
	Code       int
	URL        string        // without user name, password and query
	Body       []byte        // its first 4 KiB
	RetryAfter time.Duration // how long the server wants to be left alone, 0 if it did not say
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: answered %d %s", e.URL, e.Code, http.StatusText(e.Code))
}

// heldError is a service that may not be asked for longer than anybody waits.
type heldError struct {
	key  string
	wait time.Duration
}

func (e *heldError) Error() string {
	return fmt.Sprintf("%s asked to be left alone for another %s", e.key, e.wait.Round(time.Second))
}

// connError is a connection that came to nothing.
type connError struct {
	what      string
	cause     error
	temporary bool
}

func (e *connError) Error() string { return e.what }
func (e *connError) Unwrap() error { return e.cause }

// Temporary reports whether the same request may well succeed later. The end of
// the caller's own context is not such a failure.
func Temporary(err error) bool {
	var (
		status *StatusError
		held   *heldError
		conn   *connError
	)
	switch {
	case errors.As(err, &status):
		return status.Code == http.StatusRequestTimeout || status.Code == http.StatusTooManyRequests || status.Code >= 500
	case errors.As(err, &conn):
		return conn.temporary
	}
	return errors.As(err, &held)
}

// unreached reports whether no connection came about: no network, or nothing
// there that listens. That is seldom over in a few seconds, and no server has to
// be spared after it.
func unreached(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// RetryAfter is how long the server behind err asked to be left alone, if it did.
func RetryAfter(err error) (time.Duration, bool) {
	var (
		status *StatusError
		held   *heldError
	)
	switch {
	case errors.As(err, &status):
		return status.RetryAfter, status.RetryAfter > 0
	case errors.As(err, &held):
		return held.wait, true
	}
	return 0, false
}

// explain puts into words what went wrong between here and address.
func explain(ctx context.Context, address *url.URL, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", shown(address), ctx.Err())
	}
	what, temporary := diagnose(address.Hostname(), err)
	return &connError{shown(address) + ": " + what, err, temporary}
}

func diagnose(host string, err error) (what string, temporary bool) {
	var (
		network net.Error
		name    *net.DNSError
		cert    *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, ErrPrivate):
		return ErrPrivate.Error(), false
	case errors.Is(err, ErrTooLarge), errors.Is(err, errCoding):
		return err.Error(), false
	case errors.As(err, &name) && name.IsNotFound:
		return "there is no host named " + host, false
	case errors.As(err, &cert):
		return fmt.Sprintf("the certificate of %s is not valid: %.300v", host, cert.Err), false
	case errors.As(err, &network) && network.Timeout():
		return fmt.Sprintf("%s did not answer within %v", host, timeout), true
	case errors.Is(err, syscall.ECONNREFUSED):
		return host + " refused the connection", true
	}
	return fmt.Sprintf("the connection to %s broke: %.300v", host, err), true
}
