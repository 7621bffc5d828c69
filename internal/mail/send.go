package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"paperboy/internal/chat"
)

const (
	// greyAfter is how long a mail waits that a server did not want yet: those that
	// turn strangers away at first want to see five minutes.
	greyAfter = 5 * time.Minute
	// busyAfter is how long all mails wait when the server has too much to do.
	busyAfter = time.Minute
)

// Send sends a mail to the address that to stands for. That was confirmed, or is
// asked to be.
func (m *Mail) Send(ctx context.Context, to chat.Place, msg chat.Message) (chat.Post, error) {
	a, ok, err := m.store.AddressAt(ctx, to)
	switch {
	case err != nil:
		return chat.Post{}, err
	case !ok:
		return chat.Post{}, &chat.Refused{Reason: "the address was removed", Gone: true}
	case a.Confirmed == asks(msg):
		return chat.Post{}, &chat.Refused{Reason: "the address is to be confirmed first, or has been"}
	}
	at, ok, err := m.store.PlannedAt(ctx, msg.Key)
	if err != nil || !ok {
		return chat.Post{}, errors.Join(errors.New("the mail is not planned any more"), err)
	}
	l, err := m.compose(ctx, a, msg, at)
	if err != nil {
		return chat.Post{}, err
	}
	packed, err := pack(l, m.options.From)
	if err != nil {
		return chat.Post{}, fmt.Errorf("write a mail: %w", err)
	}
	if err := m.post.deliver(ctx, packed); err != nil {
		return chat.Post{}, outcome(err)
	}
	return chat.Post{Place: to, ID: l.ID}, nil
}

// outcome says in the outbox's words what became of a mail. Nothing that a server
// said after it was told the address is repeated: servers like to quote it.
func outcome(err error) error {
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return errors.New("the mail server " + reading(err))
	}
	said := answer{e.ErrorCode(), e.EnhancedStatusCode()}
	stage := e.Reason
	switch {
	case said.code == 0 && stage == gomail.ErrSMTPDataClose:
		return &chat.Unsure{Err: errors.New("the connection was lost before the mail server said that it has the mail")}
	case said.code == 0:
		return errors.New("the connection to the mail server was lost before the mail was there")
	case said.code == 421, stage == gomail.ErrSMTPMailFrom && said.code < 500:
		return &chat.Throttled{After: busyAfter, Everywhere: true}
	case said.code < 500:
		return &chat.Throttled{After: greyAfter}
	case stage == gomail.ErrSMTPRcptTo && said.blames():
		return &chat.Refused{Reason: said.reason(), Gone: true}
	case stage == gomail.ErrSMTPDataClose && !said.ours():
		return &chat.Refused{Reason: "the mail server does not take this mail (" + said.String() + ")"}
	}
	return fmt.Errorf("the mail server does not let Paperboy send (%s, %s): paperboy doctor checks the settings", said, stage)
}

// answer is what a server said: its code, and the finer one (RFC 3463) if it has
// one.
type answer struct {
	code int
	fine string
}

func (a answer) String() string { return strings.TrimSpace(fmt.Sprintf("%d %s", a.code, a.fine)) }

// ours reports whether the answer is about us, our password or our rights.
func (a answer) ours() bool {
	switch a.code {
	case 500, 502, 503, 530, 534, 535, 538:
		return true
	}
	return strings.HasPrefix(a.fine, "5.5.") || a.fine == "5.7.0" || a.fine == "5.7.8"
}

// blames reports whether the answer to an address is about that address, rather
// than about our rights or what the server's owner allows.
func (a answer) blames() bool {
	switch {
	case strings.HasPrefix(a.fine, "5.1."), strings.HasPrefix(a.fine, "5.2."), strings.HasPrefix(a.fine, "5.4."):
		return a.fine != "5.1.7" && a.fine != "5.1.8" // the sender's
	case a.fine != "" && a.fine != "5.0.0":
		return false
	}
	switch a.code {
	case 501, 510, 511, 550, 551, 552, 553, 556, 521:
		return true
	}
	return false
}

// reason is why nothing can be sent to an address, as a clause.
func (a answer) reason() string {
	what := "its mail server does not take mail for it"
	switch {
	case a.fine == "5.2.2" || a.code == 552:
		what = "the mailbox is full"
	case a.fine == "5.1.1", a.fine == "5.1.10", a.code == 550 && a.fine == "":
		what = "its mail server says that there is no such address"
	case a.fine == "5.2.1":
		what = "the mailbox is closed"
	case a.fine == "5.1.2", a.fine == "5.4.4":
		what = "there is no such mail domain"
	}
	return what + " (" + a.String() + ")"
}

// unheard reports whether a mail failed on a connection that was dead before.
func unheard(err error) bool {
	var e *gomail.SendError
	if !errors.As(err, &e) || e.ErrorCode() == 421 {
		return true
	}
	return e.ErrorCode() == 0 && (e.Reason == gomail.ErrSMTPMailFrom || e.Reason == gomail.ErrConnCheck)
}

// polite reports whether the connection is good for another mail after err.
func polite(err error) bool {
	var e *gomail.SendError
	if err == nil {
		return true
	}
	return errors.As(err, &e) && e.ErrorCode() >= 450 && (e.Reason == gomail.ErrSMTPMailFrom || e.Reason == gomail.ErrSMTPRcptTo)
}

// reading is what is wrong with a connection, as the end of a sentence that begins
// with the server.
func reading(err error) string {
	var said *textproto.Error
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return "can’t be found by its name"
	case errors.As(err, &said):
		return fmt.Sprintf("answered %d %s", said.Code, redacted(said.Msg))
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return "did not answer in time"
	}
	return "can’t be used: " + redacted(err.Error())
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// addressLike is all that could be an address, in any brackets.
var addressLike = regexp.MustCompile(`[^\s<>]+@[^\s<>]+`)

// redacted is what a server said without addresses, on one line.
func redacted(s string) string { return line(addressLike.ReplaceAllString(s, "…"), maxLine) }
