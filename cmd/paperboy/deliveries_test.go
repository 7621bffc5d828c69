package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// planned has a channel whose picks of a day are planned: two messages that wait.
func planned(t *testing.T, db *store.Store, at time.Time) (team.Channel, chat.Place) {
	t.Helper()
	place := chat.Place{Platform: "console", Space: "local", Channel: "terminal"}
	by := chat.Person{Platform: "console", Space: "local", ID: "ada"}
	slot := team.Slot{Day: date.Of(at), At: at}
	c, err := db.ChangeChannel(t.Context(), place, by, at, func(c *team.Channel) error {
		c.Prefs.Topics, c.Next, c.By = []team.Topic{{Query: "moe", By: by}}, slot, by
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := db.Plan(t.Context(), []store.Plan{{
		Channel: c, Slot: slot, Next: team.Slot{Day: date.Of(at).AddDays(1), At: at.AddDate(0, 0, 1)}, At: at, Expires: at.Add(team.Limit),
		Messages: []chat.Message{{Key: "daily/c/d/0", Text: chat.Plain("one")}, {Key: "daily/c/d/1", Text: chat.Plain("two")}},
	}})
	if err != nil || !outcomes[0].Planned {
		t.Fatalf("plan: %+v, %v", outcomes, err)
	}
	return c, place
}

// take claims the one message that is due.
func take(t *testing.T, db *store.Store, now time.Time) store.Delivery {
	t.Helper()
	taken, err := db.Claim(t.Context(), "console", now, now.Add(time.Minute), 1)
	if err != nil || len(taken) != 1 {
		t.Fatalf("claimed %d messages (%v), want 1", len(taken), err)
	}
	return taken[0]
}

// TestDeliveriesTellWhatWaitsAndWhatWasGivenUp follows a message from its plan
// to being given up and taken up again.
func TestDeliveriesTellWhatWaitsAndWhatWasGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	db := openStore(t, w.env["DATABASE_URL"])
	now := time.Now()
	planned(t, db, now.Add(-30*time.Minute))

	got := w.paperboy("", "deliveries")
	contains(t, got, "2 messages wait to be posted; 0 messages were given up in the last 7 days.", "KEY", "PLACE", "STATE", "TRIES", "SINCE", "REASON",
		"daily/c/d/0", "console/local/terminal", "waiting", "30 min ago")
	if strings.Contains(got, "--retry") {
		t.Errorf("it offers to retry what was not given up:\n%s", got)
	}
	if err := db.Park(t.Context(), take(t, db, now), "the message is too long", now); err != nil {
		t.Fatal(err)
	}
	contains(t, w.paperboy("", "deliveries"), "1 message waits to be posted; 1 message was given up in the last 7 days.",
		"given up", "just now", "the message is too long", "paperboy deliveries --retry KEY")
	contains(t, w.paperboy("", "status"), "1 channel gets daily picks.", "1 message was given up in the last 7 days. paperboy deliveries lists them.")

	contains(t, w.paperboy("", "deliveries", "--retry", "daily/c/d/0"), "daily/c/d/0 is taken up again.")
	contains(t, w.paperboy("", "deliveries"), "2 messages wait to be posted; 0 messages were given up")
	if d := take(t, db, time.Now()); d.Message.Key != "daily/c/d/0" || time.Until(d.Expires) < team.Limit-time.Minute {
		t.Errorf("claimed %s, which expires %s; want daily/c/d/0 and a new limit of %s", d.Message.Key, d.Expires, team.Limit)
	}
}

func TestDoctorTellsOfChannelsThatCannotBePostedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	db := openStore(t, w.env["DATABASE_URL"])
	now := time.Now()
	planned(t, db, now)
	err := db.Bury(t.Context(), take(t, db, now), "the channel is archived", now, func(team.Channel) (chat.Message, time.Time) {
		return chat.Message{}, now
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	checkDeliveries(t.Context(), db, now).print(streams{nil, &out, nil})
	contains(t, out.String(), "! deliveries: 1 channel can’t be posted to; 0 messages wait to be posted; 2 messages were given up in the last 7 days.", "/paperboy resume")
	contains(t, w.paperboy("", "status"), "0 channels get daily picks; 1 can’t be posted to.")
}

func TestALongTableSaysThatThereIsMore(t *testing.T) {
	for n, want := range map[int]string{
		0: "0 messages wait", 1: "1 message waits", 2: "2 messages wait", deliveriesShown: "100 messages or more wait",
	} {
		if got := counted(n, "waits", "wait"); got != want {
			t.Errorf("%d messages: %q, want %q", n, got, want)
		}
	}
}
