package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"paperboy/internal/english"
	"paperboy/internal/polite"
	"paperboy/internal/settings"
	"paperboy/internal/source"
	"paperboy/internal/store"
)

// maxClockError is how wrong a clock may be before days and votes suffer.
const maxClockError = time.Minute

type doctorCmd struct {
	sourceSettings
	searchSettings
	mailSettings
	webSettings
	platformSettings

	SlackConfigToken settings.Secret `env:"SLACK_CONFIG_TOKEN" placeholder:"xoxe.xoxp-…" help:"A configuration token of Slack, to check which events the app is subscribed to."`
}

// checkup is one thing that was looked at: what was found, or what to do.
type checkup struct {
	what   string
	result string
	err    error
	advice string
}

// Run checks the parts one after the other and says what to do about those that
// fail. The exit status says whether any did.
func (d *doctorCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	f, err := openFeed(ctx, c, c.personLog(std.err))
	if err != nil {
		fmt.Fprintf(std.out, "✗ database: %v\n", err)
		return errFailed
	}
	defer func() { err = errors.Join(err, f.store.Close()) }()
	client := d.client(f.store)
	checks := []checkup{checkDatabase(ctx, f.store), d.checkZone(), d.checkClock(ctx, client)}
	sources, err := d.sourceSettings.open(client)
	if err != nil {
		checks = append(checks, checkup{"sources", "", err, "Correct PAPERBOY_SOURCES."})
	}
	for _, s := range sources {
		checks = append(checks, checkSource(ctx, s))
	}
	checks = append(checks, checkDeliveries(ctx, f.store, time.Now()), d.checkContact())
	checks = append(checks, d.platformSettings.check(ctx, d.SlackConfigToken, c.personLog(std.err))...)
	checks = append(checks, d.discordSettings.check(ctx, c.personLog(std.err))...)
	base, err := d.base()
	if err != nil {
		checks = append(checks, checkup{"page", "", err, "Correct PAPERBOY_URL."})
	}
	checks = append(checks, d.mailSettings.check(ctx, base))
	failed := false
	for _, check := range checks {
		failed = failed || check.err != nil
		check.print(std)
	}
	if failed {
		return errFailed
	}
	return nil
}

func (c checkup) print(std streams) {
	switch {
	case c.err != nil:
		fmt.Fprintf(std.out, "✗ %s: %v\n  %s\n", c.what, c.err, c.advice)
	case c.advice != "":
		fmt.Fprintf(std.out, "! %s: %s\n  %s\n", c.what, c.result, c.advice)
	default:
		fmt.Fprintf(std.out, "✓ %s: %s\n", c.what, c.result)
	}
}

func checkDatabase(ctx context.Context, db *store.Store) checkup {
	n, err := db.CountPapers(ctx)
	return checkup{"database", fmt.Sprintf("%s answers, %s", db.Engine(), english.Count(n, "paper")), err,
		adviceIf(err, "Check DATABASE_URL, the folder's permissions and the disk's free space.")}
}

func (d *doctorCmd) checkZone() checkup {
	zone, err := time.LoadLocation(d.TimeZone)
	if err != nil {
		return checkup{"time zone", "", err, "Set PAPERBOY_TIMEZONE to a name such as Europe/Berlin."}
	}
	return checkup{"time zone", fmt.Sprintf("%s, where it is %s", zone, time.Now().In(zone).Format("Monday 15:04")), nil, ""}
}

// checkClock compares with the clock of a service, which says the time in the
// Date header of every answer.
func (d *doctorCmd) checkClock(ctx context.Context, client *polite.Client) checkup {
	answer, err := client.Get(ctx, polite.Request{URL: d.HuggingFaceURL + "/api/daily_papers?limit=1"})
	if err != nil {
		return checkup{"clock", "could not be compared: " + err.Error(), nil, "That needs an answer of Hugging Face. See its line below."}
	}
	there, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return checkup{"clock", "could not be compared: the answer has no date", nil, "Perhaps HUGGINGFACE_URL leads to something else."}
	}
	off := time.Since(there).Abs()
	if off > maxClockError {
		return checkup{"clock", "", fmt.Errorf("it is %s off", off.Round(time.Second)), "Switch on time synchronisation (NTP) on this machine."}
	}
	return checkup{"clock", "right", nil, ""}
}

// checkSource asks for the first page there is, and keeps none of it.
func checkSource(ctx context.Context, s source.Source) checkup {
	page, err := s.Fetch(ctx, source.Ask{Now: time.Now()})
	result := fmt.Sprintf("answers, %s on the page asked for", english.Count(len(page.Papers), "paper"))
	if err == nil && len(page.Problems) > 0 {
		return checkup{s.Name(), result, fmt.Errorf("%d entries could not be read, such as: %w", len(page.Problems), page.Problems[0]),
			"The service may have changed; look for a newer Paperboy."}
	}
	return checkup{s.Name(), result, err, adviceIf(err, sourceAdvice(err))}
}

func sourceAdvice(err error) string {
	if polite.Temporary(err) {
		return "Check the network and the proxy of this machine; if other pages load, the service may be down and is asked again by itself."
	}
	return "Check the network and name service of this machine, and the address in the settings of this source."
}

func (d *doctorCmd) checkContact() checkup {
	if d.Contact == "" {
		return checkup{"contact", "none", nil, "Set PAPERBOY_CONTACT to your e-mail or web address: arXiv asks that clients say whom to write to."}
	}
	return checkup{"contact", d.Contact, nil, ""}
}

// adviceIf is advice for when there is an error.
func adviceIf(err error, advice string) string {
	if err == nil {
		return ""
	}
	return advice
}
