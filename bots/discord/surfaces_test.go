package discord

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
)

func paperCard(n int) chat.Card {
	return chat.Card{
		Paper: "arxiv:1701.06538", Number: n, Title: chat.Plain("Outrageously Large Neural Networks"), Link: "https://arxiv.org/abs/1701.06538",
		Byline: "Shazeer et al. · 2017", Summary: chat.Plain("A layer of many experts."), Counts: "▲ 162 · 3 here", Topics: []string{"moe"},
		Buttons: []chat.Button{
			{Label: "Upvote", Action: fmt.Sprintf("vote arxiv:1701.0%d", n), Does: chat.Vote}, {Label: "Take back", Action: fmt.Sprintf("unvote arxiv:1701.0%d", n), Does: chat.Unvote},
			{Label: "Save", Action: fmt.Sprintf("save arxiv:1701.0%d", n), Does: chat.Save}, {Label: "Similar", Action: fmt.Sprintf("similar arxiv:1701.0%d", n), Does: chat.Similar},
			{Label: "Share", Action: fmt.Sprintf("share arxiv:1701.0%d", n), Does: chat.Share},
		},
	}
}

func pageOf(cards int) chat.Message {
	m := chat.Message{Text: chat.Plain("Papers"), Buttons: []chat.Button{{Label: "More", Action: "page 10 moe", Does: chat.Next}}}
	for n := range cards {
		m.Cards = append(m.Cards, paperCard(n+1))
	}
	return m
}

func isCallback(c call) bool { return strings.HasSuffix(c.path, "/callback") }

func TestAnswerThatTakesLongIsPromisedAndThenGivenInPlace(t *testing.T) {
	e := newEar()
	goOn := make(chan struct{})
	e.answer = func(any) chat.Message {
		<-goOn
		return chat.Message{Text: chat.Plain("the answer")}
	}
	f := listening(t, e)
	if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
		t.Fatal(err)
	}
	c := f.wait(t, isCallback)
	data, _ := c.body["data"].(map[string]any)
	if c.body["type"] != float64(showLater) || data["flags"] != float64(onlyYou) {
		t.Errorf("Discord is told %v, want a promise to the asker alone", c.body)
	}
	close(goOn)
	if s := f.see(t); !strings.Contains(s.Text, "the answer") || s.To != person(ann) {
		t.Errorf("shown is %q to %v, want the answer to the asker", s.Text, s.To)
	}
}

func TestEverybodyIsPromisedAnAnswerInTimeHoweverManyAsk(t *testing.T) {
	e := newEar()
	goOn := make(chan struct{})
	e.answer = func(any) chat.Message {
		<-goOn
		return chat.Message{Text: chat.Plain("the answer")}
	}
	f := listening(t, e)
	const askers = 80
	for range askers {
		if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
			t.Fatal(err)
		}
	}
	for range askers {
		if c := f.wait(t, isCallback); c.body["type"] != float64(showLater) {
			t.Fatalf("Discord is told %v, want a promise", c.body)
		}
	}
	close(goOn)
	for range askers {
		f.see(t)
	}
}

func TestSlowPageTakesThePlaceOfTheOneBefore(t *testing.T) {
	for replace, how := range map[bool]string{true: "in its place", false: "as a new message"} {
		e := newEar()
		goOn := make(chan struct{})
		e.answer = func(event any) chat.Message {
			if _, ok := event.(chat.Command); ok {
				return pageOf(2)
			}
			<-goOn
			return chat.Message{Text: chat.Plain("another page"), Replace: replace}
		}
		f := listening(t, e)
		if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
			t.Fatal(err)
		}
		first := f.see(t)
		f.wait(t, isCallback)
		if err := f.Press(soon(t), person(ann), 0, chat.Button{Label: "More"}); err != nil {
			t.Fatal(err)
		}
		if c := f.wait(t, isCallback); c.body["type"] != float64(turnLater) {
			t.Errorf("Discord is told %v, want that the page changes later", c.body)
		}
		close(goOn)
		s := f.see(t)
		if !strings.Contains(s.Text, "another page") || s.To != person(ann) || (s.edited == first.post.id) != replace {
			t.Errorf("shown is %q to %v in the place of %q, want it %s to the asker", s.Text, s.To, s.edited, how)
		}
	}
}

func TestPageThatEverybodySeesIsTurnedForNobodyElse(t *testing.T) {
	e := newEar()
	e.answer = func(any) chat.Message { return chat.Message{Text: chat.Plain("another page"), Replace: true} }
	f := listening(t, e)
	if _, err := f.app.Send(soon(t), f.Place(), pageOf(1)); err != nil {
		t.Fatal(err)
	}
	f.see(t)
	if err := f.Press(soon(t), person(bob), 0, chat.Button{Label: "More"}); err != nil {
		t.Fatal(err)
	}
	if s := f.see(t); s.edited != "" || s.To != person(bob) {
		t.Errorf("shown is %q to %v in the place of %q, want it to bob alone", s.Text, s.To, s.edited)
	}
}

func TestLostFirstAnswerIsGivenAgainAndTakenOnce(t *testing.T) {
	e := newEar()
	e.answer = func(any) chat.Message { return chat.Message{Text: chat.Plain("the answer")} }
	f := listening(t, e)
	f.mu.Lock()
	f.loseCallbacks = 1
	f.mu.Unlock()
	if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
		t.Fatal(err)
	}
	f.see(t)
	path := f.wait(t, isCallback).path
	if again := f.wait(t, isCallback).path; again != path {
		t.Errorf("the second request is %s, want %s again", again, path)
	}
	if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
		t.Fatal(err)
	}
	f.see(t)
	if n := len(f.screen); n > 0 {
		t.Errorf("%d more messages are shown", n)
	}
}

func TestManyPapersHaveAMenuForEachDeed(t *testing.T) {
	e := newEar()
	e.answer = func(event any) chat.Message {
		if _, ok := event.(chat.Command); ok {
			return pageOf(10)
		}
		return chat.Message{Text: chat.Plain("done")}
	}
	f := listening(t, e)
	if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
		t.Fatal(err)
	}
	next[chat.Command](t, e)
	s := f.see(t)
	rows := s.post.body["components"].([]any)
	for i, deed := range []string{"vote", "save", "similar", "share"} {
		menu := rows[i].(map[string]any)["components"].([]any)[0].(map[string]any)
		options := menu["options"].([]any)
		if len(options) != 10 {
			t.Fatalf("the menu to %s has %d papers, want 10", deed, len(options))
		}
		seventh := str(options[6].(map[string]any), "value")
		if err := f.interact(soon(t), ann, isPress, map[string]any{"custom_id": menu["custom_id"], "component_type": kindMenu, "values": []any{seventh}}, s.post); err != nil {
			t.Fatal(err)
		}
		if p := next[chat.Press](t, e); p.Action != deed+" arxiv:1701.07" {
			t.Errorf("choosing the seventh paper does %q, want to %s it", p.Action, deed)
		}
		f.see(t)
	}
}

func TestLineIsCompletedWithinDiscordsLimits(t *testing.T) {
	e := newEar()
	for n := range 40 {
		e.suggest = append(e.suggest, chat.Suggestion{Label: fmt.Sprintf("%d @everyone %s", n, strings.Repeat("é🎉", 100)), Text: fmt.Sprintf("subscribe topic %d", n)})
	}
	e.suggest[1].Text = strings.Repeat("x", 101)
	f := listening(t, e)
	data := map[string]any{"id": "1", "name": "paperboy", "type": 1, "options": []any{map[string]any{"name": "subscribe", "type": subcommand, "options": []any{
		map[string]any{"name": "topic", "type": ofText, "value": "to", "focused": true},
	}}}}
	if err := f.interact(soon(t), ann, isTyping, data, nil); err != nil {
		t.Fatal(err)
	}
	if c := next[chat.Command](t, e); c.Name != "paperboy" || c.Text != "subscribe to" || c.By != person(ann) || c.In != f.Place() {
		t.Errorf("asked is for %+v", c)
	}
	c := f.wait(t, isCallback) // its lengths are checked by the description
	choices := c.body["data"].(map[string]any)["choices"].([]any)
	if c.body["type"] != float64(offer) || len(choices) != 25 {
		t.Fatalf("%d choices are offered, want 25", len(choices))
	}
	if v := str(choices[0].(map[string]any), "value"); v != "topic 0" {
		t.Errorf("the first choice is %q, want what follows the subcommand", v)
	}
}

func TestSubcommandsAreWhatIsTypedElsewhere(t *testing.T) {
	e := newEar()
	f := listening(t, e)
	for _, test := range []struct {
		sub     string
		options []any
		want    string
		in      string
	}{
		{"subscribe", []any{map[string]any{"name": "topic", "type": ofText, "value": "mixture of experts"}}, "subscribe mixture of experts", testChannel},
		{"count", []any{map[string]any{"name": "papers", "type": ofNumber, "value": 5}}, "count 5", testChannel},
		{"list", []any{map[string]any{"name": "channel", "type": ofChannel, "value": testSecret}}, "list", testSecret},
		{"status", nil, "status", testChannel},
	} {
		data := map[string]any{"id": "1", "name": "paperboy", "type": 1, "options": []any{map[string]any{"name": test.sub, "type": subcommand, "options": test.options}}}
		if err := f.interact(soon(t), ann, isCommand, data, nil); err != nil {
			t.Fatal(err)
		}
		if c := next[chat.Command](t, e); c.Text != test.want || c.In != place(testGuild, test.in) {
			t.Errorf("/paperboy %s arrives as %q in %v, want %q in %s", test.sub, c.Text, c.In, test.want, test.in)
		}
	}
}

func TestAddToPapersTakesInAMessageWithoutTheContentIntent(t *testing.T) {
	e := newEar()
	e.answer = func(any) chat.Message { return chat.Message{Text: chat.Plain("Added to the feed.")} }
	f := listening(t, e)
	data := map[string]any{"id": "1", "name": addCommand, "type": onMessage, "target_id": "42", "resolved": map[string]any{"messages": map[string]any{"42": map[string]any{
		"id": "42", "content": "read <https://arxiv.org/abs/1701.06538>", "author": map[string]any{"id": bob}, "embeds": []any{map[string]any{"url": "https://openreview.net/forum?id=B1ckMDqlg"}},
	}}}}
	if err := f.interact(soon(t), ann, isCommand, data, nil); err != nil {
		t.Fatal(err)
	}
	s := next[chat.Said](t, e)
	if !s.Asked || s.By != person(ann) || s.Post != (chat.Post{Place: f.Place(), ID: "42"}) || !strings.HasPrefix(s.Text, "read https://arxiv.org/abs/1701.06538\n") || !strings.Contains(s.Text, "openreview.net/forum?id=B1ckMDqlg") {
		t.Errorf("the handler got %+v", s)
	}
	if shown := f.see(t); shown.To != person(ann) || !strings.Contains(shown.Text, "Added") {
		t.Errorf("shown is %q to %v", shown.Text, shown.To)
	}
}

func TestMessageIsAcknowledgedOnlyWhereThatIsWanted(t *testing.T) {
	for wanted, want := range map[bool]int{false: 0, true: 1} {
		e, f := newEar(), newFake(t)
		f.app.o.Acknowledge = wanted
		e.answer = func(event any) chat.Message {
			return chat.Message{Taken: strings.Contains(event.(chat.Said).Text, "arxiv")}
		}
		var marks int
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- f.app.Listen(ctx, e) }()
		for _, text := range []string{"https://arxiv.org/abs/1701.06538", "lunch?"} {
			if err := f.SayAloud(soon(t), person(bob), text); err != nil {
				t.Fatal(err)
			}
			next[chat.Said](t, e)
		}
		if wanted {
			f.wait(t, func(c call) bool {
				return strings.HasSuffix(c.path, "/reactions/✅/@me") && c.method == http.MethodPut
			})
			marks++
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		for len(f.calls) > 0 {
			if c := <-f.calls; strings.Contains(c.path, "/reactions/") {
				marks++
			}
		}
		if marks != want {
			t.Errorf("acknowledgement wanted %t, there were %d, want %d", wanted, marks, want)
		}
	}
}

func TestClearedReactionsAreEverybodys(t *testing.T) {
	e := newEar()
	f := listening(t, e)
	on := chat.Post{Place: f.Place(), ID: "42"}
	where := map[string]any{"guild_id": testGuild, "channel_id": testChannel, "message_id": "42"}
	f.dispatch("MESSAGE_REACTION_REMOVE_ALL", where)
	if r := next[chat.Reaction](t, e); r.Post != on || r.By != (chat.Person{}) || r.Emoji != "" || !r.Removed {
		t.Errorf("all reactions cleared arrive as %+v", r)
	}
	where["emoji"] = map[string]any{"id": nil, "name": "👍🏿"}
	f.dispatch("MESSAGE_REACTION_REMOVE_EMOJI", where)
	if r := next[chat.Reaction](t, e); r.Post != on || r.By != (chat.Person{}) || r.Emoji != "👍" || !r.Removed {
		t.Errorf("one emoji cleared arrives as %+v", r)
	}
}

func TestReactionsKeepTheirOrderByTheirTimes(t *testing.T) {
	e := newEar()
	f := listening(t, e)
	var times []time.Time
	for n := range 50 {
		f.dispatch("MESSAGE_REACTION_ADD", reactionTo(fmt.Sprintf("%03d", n)))
	}
	at := map[string]time.Time{}
	for range 50 {
		r := next[chat.Reaction](t, e)
		at[r.Post.ID] = r.At
	}
	for n := range 50 {
		times = append(times, at[fmt.Sprintf("%03d", n)])
	}
	for i := 1; i < len(times); i++ {
		if !times[i].After(times[i-1]) {
			t.Fatalf("reaction %d is of %v, the one before of %v", i, times[i], times[i-1])
		}
	}
}

func TestRepliesStandInTheChannelWhereNoThreadCanBe(t *testing.T) {
	f := newFake(t)
	root, err := f.app.Send(t.Context(), f.Place(), chat.Message{Key: "k/0", Text: chat.Plain("Picks")})
	if err != nil {
		t.Fatal(err)
	}
	f.answer["POST /channels/"+testChannel+"/messages/"+root.ID+"/threads"] = fault{status: 403, body: `{"code":50013,"message":"Missing Permissions"}`}
	reply := chat.Message{Key: "k/1", Under: root.ID, Text: chat.Plain("The first")}
	post, err := f.app.Send(t.Context(), f.Place(), reply)
	if err != nil || post.Place != f.Place() {
		t.Fatalf("the reply is %+v, %v, want it in the channel", post, err)
	}
	if got, ok, err := f.app.Find(t.Context(), f.Place(), reply, time.Now().Add(-time.Hour)); got != post || !ok || err != nil {
		t.Errorf("find gives %+v, %t, %v, want %+v", got, ok, err, post)
	}
}

func TestPaperIsAPostOfAForumWithItsTags(t *testing.T) {
	f := newFake(t)
	in := place(testGuild, testForum)
	isPublished := func(c call) bool { return c.path == "/channels/"+testForum+"/threads" }
	for _, test := range []struct {
		topic string
		tag   string
	}{{"moe", "12"}, {"vision", "11"}} { // a post there must have a tag
		card := paperCard(0)
		card.Topics = []string{test.topic}
		m := chat.Message{Key: "daily/c/1/" + test.topic, Cards: []chat.Card{card}}
		post, err := f.app.Send(t.Context(), in, m)
		if err != nil {
			t.Fatal(err)
		}
		if c := f.wait(t, isPublished); c.body["name"] != "Outrageously Large Neural Networks" || fmt.Sprint(c.body["applied_tags"]) != "["+test.tag+"]" {
			t.Errorf("about %s it is published as %v with the tags %v, want %s", test.topic, c.body["name"], c.body["applied_tags"], test.tag)
		}
		if post.Channel != post.ID || post.Space != testGuild {
			t.Errorf("the post is %+v, want it to be its thread", post)
		}
		for range 2 { // then somebody closes it
			if got, ok, err := f.app.Find(t.Context(), in, m, time.Now().Add(-time.Hour)); got != post || !ok || err != nil {
				t.Errorf("find gives %+v, %t, %v, want %+v", got, ok, err, post)
			}
			f.mu.Lock()
			f.archived[post.ID] = true
			f.mu.Unlock()
		}
		if err := f.app.Edit(t.Context(), post, m); err != nil {
			t.Errorf("edit: %v", err)
		}
		reply, err := f.app.Send(t.Context(), in, chat.Message{Key: "daily/c/2/" + test.topic, Under: post.ID, Text: chat.Plain("A reply")})
		if err != nil || reply.Channel != post.ID {
			t.Errorf("a reply is %+v, %v, want it in the post", reply, err)
		}
	}
	if _, ok, err := f.app.Find(t.Context(), in, chat.Message{Key: "daily/c/3"}, time.Now().Add(-time.Hour)); ok || err != nil {
		t.Errorf("what was not published is found: %t, %v", ok, err)
	}
}

func TestReactionsOfRecentPostsAreReadAgainWhenASessionBegins(t *testing.T) {
	e := newEar()
	f := newFake(t)
	post, err := f.app.Send(t.Context(), f.Place(), chat.Message{Key: "k", Text: chat.Plain("Picks")})
	if err != nil {
		t.Fatal(err)
	}
	e.posts = []chat.Post{post}
	f.reactions = []any{
		map[string]any{"count": 150, "emoji": map[string]any{"id": nil, "name": "👍🏽"}}, map[string]any{"count": 1, "emoji": map[string]any{"id": "55", "name": "blobcat"}},
		map[string]any{"count": 1, "count_details": map[string]any{"burst": 1, "normal": 0}, "emoji": map[string]any{"id": nil, "name": "🚀"}},
	}
	var many []string
	for n := range 150 {
		many = append(many, fmt.Sprint(800000000000001000+n))
	}
	f.reacted = map[string][]string{"👍🏽": append([]string{otherBot}, many...), "blobcat:55": {ann}, "🚀 super": {bob}}
	f.listen(t, e)
	heard := map[chat.Person]string{}
	var at time.Time
	for range 152 {
		r := next[chat.Reaction](t, e)
		if r.Removed || r.Post != post {
			t.Fatalf("the handler hears %+v, want reactions put on the post", r)
		}
		heard[r.By], at = r.Emoji, r.At
	}
	if heard[person(many[149])] != "👍" || heard[person(ann)] != "blobcat" || heard[person(bob)] != "🚀" || heard[person(otherBot)] != "" {
		t.Errorf("heard are %d people, of ann %q", len(heard), heard[person(ann)])
	}
	if r := next[chat.Reaction](t, e); !r.Removed || r.By != (chat.Person{}) || r.Emoji != "" || !r.At.Before(at) {
		t.Errorf("in the end the handler hears %+v, want all from before %v cleared", r, at)
	}
}
