package mail_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/textproto"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	gomessage "github.com/emersion/go-message/mail"
	"github.com/prometheus/client_golang/prometheus"

	"paperboy/internal/chat"
	"paperboy/internal/daily"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/mail"
	"paperboy/internal/outbox"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(envStore); address != "" {
		os.Exit(child(address, os.Getenv(envServer)))
	}
	dir, err := os.MkdirTemp("", "mail")
	if err == nil {
		err = trust(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

var (
	ada  = chat.Person{Platform: "slack", Space: "T1", ID: "ada"}
	bob  = chat.Person{Platform: "slack", Space: "T1", ID: "bob"}
	from = netmail.Address{Name: "Paperboy", Address: "papers@lab.example"}
)

// base is where the team's page would be.
const base = "https://papers.lab.example"

// world is one Paperboy and the post office that it uses.
type world struct {
	*testing.T
	store  *store.Store
	office *postOffice
	mail   *mail.Mail
	outbox *outbox.Outbox
	daily  *daily.Daily
	log    *slog.Logger
	logs   *logs
}

// logs is all that was logged, at every level.
type logs struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newWorld(t *testing.T, s *store.Store) *world {
	w := &world{T: t, store: s, office: openPostOffice(t, false), logs: new(logs)}
	w.log = slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	lib, err := library.Open(t.Context(), s, "", w.log)
	if err != nil {
		t.Fatal(err)
	}
	picker := picks.New(s, lib, w.log, picks.Options{Zone: time.UTC, Sources: []string{"daily"}})
	w.mail = mail.New(s, w.log, mail.Options{
		Server: w.office.server(t, "smtp", "", ""), From: from, Base: base, Zone: picker.Zone, Planned: func() { w.outbox.Wake() },
		Page: func(id paper.ID) string { return base + "/paper/" + string(id) },
	})
	w.outbox = newOutbox(s, w.mail, w.log, 0)
	w.daily = daily.New(s, picker, []string{mail.Name}, w.log, metrics(), w.outbox.Wake)
	return w
}

func metrics() *telemetry.Metrics {
	unknown := func() float64 { return 0 }
	return telemetry.NewMetrics(prometheus.NewRegistry(), "test", nil, telemetry.Gauges{Papers: unknown, Indexed: unknown})
}

func newOutbox(s *store.Store, m *mail.Mail, log *slog.Logger, lease time.Duration) *outbox.Outbox {
	return outbox.New(s, chat.Platforms{m.Name(): m}, log, metrics(), outbox.Options{Lease: lease})
}

// run runs the outbox until the end of the test, or until stop is called.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(w.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := w.outbox.Run(ctx); err != nil {
			w.Error(err)
		}
	})
	stop = func() { cancel(); running.Wait() }
	w.Cleanup(stop)
	return stop
}

// ask is what a person is answered.
func (w *world) ask(by chat.Person, text string) string {
	w.Helper()
	answer, err := w.mail.Ask(w.Context(), by, text)
	if err != nil {
		w.Fatalf("ask %q: %v", text, err)
	}
	return answer
}

// request is what a browser or an inbox is answered.
func (w *world) request(method, link, body string) (status int, text string) {
	w.Helper()
	r := httptest.NewRequest(method, strings.TrimPrefix(link, base), strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer := httptest.NewRecorder()
	w.mail.Handler().ServeHTTP(answer, r)
	if len(answer.Result().Cookies()) > 0 || answer.Header().Get("Location") != "" {
		w.Errorf("%s %s sets cookies or leads elsewhere: %v", method, link, answer.Header())
	}
	return answer.Code, answer.Body.String()
}

// linkTo is the link for a purpose in a mail.
func linkTo(t *testing.T, purpose string, in received) string {
	t.Helper()
	plain, _ := read(t, in.Data)
	link := regexp.MustCompile(regexp.QuoteMeta(base) + `/mail/` + purpose + `/\S+`).FindString(plain)
	if link == "" {
		t.Fatalf("no link to %s in:\n%s", purpose, plain)
	}
	return link
}

// confirmed has a person's address confirmed; n mails have come before.
func (w *world) confirmed(by chat.Person, text string, n int) {
	w.Helper()
	w.ask(by, text)
	all := w.office.wait(w.T, n+1)
	if status, page := w.request(http.MethodPost, linkTo(w.T, "confirm", all[n]), ""); status != http.StatusOK {
		w.Fatalf("confirming was answered %d\n%s", status, page)
	}
}

// papers puts some papers on the list of a day.
func (w *world) papers(day date.Date, titles ...string) {
	w.Helper()
	var all []paper.Paper
	for i, title := range titles {
		all = append(all, paper.Paper{
			ID: paper.ID(fmt.Sprintf("arxiv:2401.%02d%03d", day.Day, i)), Title: title, Abstract: "On " + title + ".", Authors: []string{"Ada Lovelace"},
			Sightings: []paper.Sighting{{Source: "daily", Day: day, Votes: 90 - i}},
		})
	}
	if _, err := w.store.SavePapers(w.Context(), all); err != nil {
		w.Fatal(err)
	}
}

// plan has the slot of a person's confirmed address come now, and plans it. It
// returns how many mails there are to send.
func (w *world) plan(by chat.Person) int {
	w.Helper()
	now := time.Now().UTC()
	at := now.Truncate(time.Minute)
	_, err := w.store.ChangeChannel(w.Context(), w.address(by).Place, by, now, func(c *team.Channel) error {
		days := team.EveryDay
		if c.Prefs.Schedule.Weekly() {
			days = 1 << at.Weekday()
		}
		c.Prefs.Schedule = team.Schedule{Hour: at.Hour(), Minute: at.Minute(), Days: days}
		c.Next = team.Slot{Day: date.Of(at), At: at}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	n, err := w.daily.Plan(w.Context(), now)
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// address is a person's confirmed address.
func (w *world) address(by chat.Person) store.Inbox {
	w.Helper()
	all, err := w.store.AddressesOf(w.Context(), by, mail.Name)
	if err != nil || len(all) == 0 || !all[0].Confirmed {
		w.Fatalf("%s has the addresses %+v (%v), want a confirmed one", by.ID, all, err)
	}
	return all[0]
}

// channel is what is sent to a person's confirmed address.
func (w *world) channel(by chat.Person) team.Channel {
	w.Helper()
	c, err := w.store.Channel(w.Context(), w.address(by).Place)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// today is what the day is where the picks are made.
func today() date.Date { return date.Of(time.Now().UTC()) }

// read is the text and the HTML of a mail, as somebody else's parser reads it.
func read(t *testing.T, data []byte) (plain, html string) {
	t.Helper()
	r, err := gomessage.CreateReader(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("the mail can't be read: %v\n%s", err, data)
	}
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			return plain, html
		} else if err != nil {
			t.Fatalf("a part can't be read: %v\n%s", err, data)
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			t.Fatal(err)
		}
		switch kind, _, _ := part.Header.(*gomessage.InlineHeader).ContentType(); kind {
		case "text/plain":
			plain += string(body)
		case "text/html":
			html += string(body)
		default:
			t.Errorf("a part is %s", kind)
		}
	}
}

// header is what a mail's header says.
func header(t *testing.T, data []byte, name string) string {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if n := len(m.Header[textproto.CanonicalMIMEHeaderKey(name)]); n > 1 {
		t.Errorf("the header %s is there %d times", name, n)
	}
	text, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
