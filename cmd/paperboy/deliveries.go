package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	// parkedSince is how long a message that was given up is told of.
	parkedSince = 7 * 24 * time.Hour
	// deliveriesShown is how many rows of each kind a table has.
	deliveriesShown = 100
)

type deliveriesCmd struct {
	Retry string `placeholder:"KEY" help:"Take a message up again that was given up."`
}

// Run lists messages that wait and those that were given up, or takes one of
// the latter up again.
func (d *deliveriesCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	f, err := openExisting(ctx, c, c.personLog(std.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.store.Close()) }()
	if d.Retry != "" {
		return retry(ctx, f.store, d.Retry, time.Now(), std.out)
	}
	held, err := heldMessages(ctx, f.store, time.Now(), deliveriesShown)
	if err != nil {
		return err
	}
	return held.print(std.out, time.Now())
}

// retry takes a parked message up again.
func retry(ctx context.Context, db *store.Store, key string, now time.Time, out io.Writer) error {
	ok, err := db.Retry(ctx, key, now, now.Add(team.Limit))
	switch {
	case err != nil:
		return err
	case !ok:
		return fmt.Errorf("no message that was given up has the key %q; paperboy deliveries lists them", key)
	}
	fmt.Fprintf(out, "%s is taken up again. A running Paperboy posts it within a minute, if it can; paperboy deliveries shows what becomes of it.\n", key)
	return nil
}

// held is the messages that are not posted.
type held struct{ waiting, parked []store.DeliveryState }

// heldMessages reads up to limit messages that wait and as many that were given
// up lately.
func heldMessages(ctx context.Context, db *store.Store, now time.Time, limit int) (h held, err error) {
	if h.waiting, err = db.Waiting(ctx, limit); err != nil {
		return h, err
	}
	h.parked, err = db.Parked(ctx, now.Add(-parkedSince), limit)
	return h, err
}

// print lists what waits, the oldest first, and what was given up, the latest
// first.
func (h held) print(out io.Writer, now time.Time) error {
	if len(h.waiting)+len(h.parked) == 0 {
		fmt.Fprintln(out, "No message waits to be posted, and none was given up in the last 7 days.")
		return nil
	}
	fmt.Fprintln(out, h.summary())
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nKEY\tPLACE\tSTATE\tTRIES\tSINCE\tREASON")
	for _, d := range h.waiting {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", d.Key, placeName(d.Place), "waiting", d.Tries, ago(d.PlannedAt, now), d.Reason)
	}
	for _, d := range h.parked {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", d.Key, placeName(d.Place), "given up", d.Tries, ago(d.ParkedAt, now), d.Reason)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(h.parked) > 0 {
		fmt.Fprintln(out, "\nTo try one again: paperboy deliveries --retry KEY")
	}
	return nil
}

// summary counts both kinds.
func (h held) summary() string {
	return fmt.Sprintf("%s to be posted; %s given up in the last 7 days.", counted(len(h.waiting), "waits", "wait"), counted(len(h.parked), "was", "were"))
}

// counted is "1 message waits", "3 messages wait", "100 messages or more wait".
func counted(n int, one, many string) string {
	switch {
	case n == 1:
		return "1 message " + one
	case n >= deliveriesShown:
		return english.Count(n, "message") + " or more " + many
	}
	return english.Count(n, "message") + " " + many
}

func placeName(p chat.Place) string {
	if p.Space == "" {
		return p.Platform + "/" + p.Channel
	}
	return p.Platform + "/" + p.Space + "/" + p.Channel
}

// checkDeliveries looks for messages that were given up and channels that can't
// be posted to.
func checkDeliveries(ctx context.Context, db *store.Store, now time.Time) checkup {
	check := checkup{what: "deliveries"}
	channels, err := db.CountChannels(ctx)
	var h held
	if err == nil {
		h, err = heldMessages(ctx, db, now, deliveriesShown)
	}
	switch {
	case err != nil:
		check.err, check.advice = err, adviceIf(err, "Check the database.")
	case channels.Gone > 0:
		check.result = english.Count(channels.Gone, "channel") + " can’t be posted to; " + h.summary()
		check.advice = "paperboy deliveries says why. When that is mended, type /paperboy resume in the channel."
	case len(h.parked) > 0:
		check.result = h.summary()
		check.advice = "paperboy deliveries says why; with --retry KEY a message is tried again."
	default:
		check.result = h.summary()
	}
	return check
}

// printPosting is what paperboy status says of channels and of messages that are
// not posted.
func printPosting(ctx context.Context, db *store.Store, now time.Time, out io.Writer) error {
	channels, err := db.CountChannels(ctx)
	if err != nil {
		return err
	}
	h, err := heldMessages(ctx, db, now, deliveriesShown)
	if err != nil {
		return err
	}
	if channels.All > 0 {
		fmt.Fprintln(out, channelLine(channels))
	}
	if len(h.waiting)+len(h.parked) > 0 {
		fmt.Fprintln(out, h.summary()+" paperboy deliveries lists them.")
	}
	return nil
}

// channelLine is "2 channels get daily picks, 1 does not at the moment, 1 can’t be
// posted to."
func channelLine(n store.ChannelCount) string {
	parts := []string{gets(n.Running, "channel")}
	if idle := n.All - n.Running - n.Gone; idle > 0 {
		parts = append(parts, english.Thousands(idle)+" paused or without a topic")
	}
	if n.Gone > 0 {
		parts = append(parts, english.Thousands(n.Gone)+" can’t be posted to")
	}
	return strings.Join(parts, "; ") + "."
}

func gets(n int, what string) string {
	if n == 1 {
		return "1 " + what + " gets daily picks"
	}
	return english.Count(n, what) + " get daily picks"
}
