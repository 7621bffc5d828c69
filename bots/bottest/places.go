package bottest

import (
	"context"
	"fmt"
	"time"

	"paperboy/internal/chat"
)

// paceIsSane: nobody waits for minutes, which would be a wrong unit.
func paceIsSane(_ context.Context, f Fake) error {
	p := f.Platform().Pace()
	if min(p.Every, p.InPlace) < 0 || max(p.Every, p.InPlace) > time.Minute {
		return fmt.Errorf("the pace is %+v, want times from 0 to a minute", p)
	}
	if p.AtOnce < 0 {
		return fmt.Errorf("the pace is %+v, want AtOnce not negative", p)
	}
	return nil
}

const batch = "daily/team-1/2026-03-04/"

// sendThread sends a heading and a reply to it, which are seen. Without threads
// the reply is a message like any other.
func sendThread(ctx context.Context, f Fake) (root, post chat.Post, reply chat.Message, err error) {
	root, err = sendKeyed(ctx, f, batch+"0")
	if err != nil {
		return root, post, reply, err
	}
	reply = chat.Message{Key: batch + "1", Under: root.ID, Text: chat.Plain("The first pick")}
	post, err = f.Platform().Send(ctx, f.Place(), reply)
	if err != nil {
		return root, post, reply, fmt.Errorf("send a reply: %w", err)
	}
	if post.ID == "" || post == root {
		return root, post, reply, fmt.Errorf("the post of a reply to %+v is %+v", root, post)
	}
	shown, err := saw(ctx, f, "a reply")
	if err != nil {
		return root, post, reply, err
	}
	if t, ok := f.(Threads); ok && t.ThreadOf(shown) != root.ID {
		return root, post, reply, fmt.Errorf("a reply to %q was shown in the thread of %q", root.ID, t.ThreadOf(shown))
	}
	return root, post, reply, shown.has("The first pick")
}

func replyIsFound(ctx context.Context, f Fake) error {
	root, post, reply, err := sendThread(ctx, f)
	if err != nil {
		return err
	}
	for _, test := range []struct {
		m    chat.Message
		want chat.Post
	}{
		{reply, post},
		{picks(batch + "0"), root},
		{chat.Message{Key: batch + "2", Under: root.ID, Text: reply.Text}, chat.Post{}},
	} {
		got, ok, err := f.Platform().Find(ctx, f.Place(), test.m, ago())
		if ok != (test.want.ID != "") || ok && got != test.want || err != nil {
			return fmt.Errorf("find %q under %q = %+v, %t, %v, want %+v", test.m.Key, test.m.Under, got, ok, err, test.want)
		}
	}
	return nil
}

// directReachesOne sends to a person alone. The post may be in another place
// than chat.Direct, where the platform has an ID for the conversation.
func directReachesOne(ctx context.Context, f Fake) error {
	for _, who := range f.People() {
		to, m := chat.Direct(who), keyed("saved/"+who.ID, "What you saved")
		post, err := f.Platform().Send(ctx, to, m)
		if err != nil {
			return fmt.Errorf("send to %+v alone: %w", who, err)
		}
		if post.ID == "" || post.Platform != to.Platform || post.Space != to.Space {
			return fmt.Errorf("sent to %+v, the post is %+v", to, post)
		}
		shown, err := saw(ctx, f, "a direct message")
		if err != nil {
			return err
		}
		if shown.To != who {
			return fmt.Errorf("a message to %+v alone was shown to %+v", who, shown.To)
		}
		if err := shown.has("What you saved"); err != nil {
			return err
		}
		if got, ok, err := f.Platform().Find(ctx, to, m, ago()); got != post || !ok || err != nil {
			return fmt.Errorf("find in %+v = %+v, %t, %v, want %+v", to, got, ok, err, post)
		}
	}
	return nil
}

func managersAreTold(ctx context.Context, f Fake) error {
	me := f.People()[0]
	if err := manages(ctx, f, me, chat.Direct(me), true); err != nil {
		return err
	}
	m, ok := f.(Managers)
	if !ok {
		return skip("everybody may decide everywhere")
	}
	if err := manages(ctx, f, m.Manager(), f.Place(), true); err != nil {
		return err
	}
	return manages(ctx, f, m.Member(), f.Place(), false)
}

func manages(ctx context.Context, f Fake, by chat.Person, in chat.Place, want bool) error {
	if got, err := f.Platform().Manages(ctx, by, in); got != want || err != nil {
		return fmt.Errorf("%+v manages %+v: %t, %v, want %t", by, in, got, err, want)
	}
	return nil
}

// personIsNamed names somebody of the platform, somebody of another, and
// somebody with a hostile name. Pinging would be harm.
func personIsNamed(ctx context.Context, f Fake) error {
	me := f.People()[0]
	called := me.ID
	if n, ok := f.(Names); ok {
		called = n.Called(me)
	}
	stranger := chat.Person{Platform: "elsewhere", Space: "s", ID: "U1"}
	shown, err := sendAndSee(ctx, f, chat.Message{Text: chat.Text{
		{Text: "Shared by "}, chat.Name(me), {Text: " and "}, {Text: "Grace Hopper", Person: stranger},
		{Text: " and "}, {Text: "<!channel> @everyone \x1b[2J", Person: stranger}, {Text: ", today."},
	}}, "a message that names people")
	if err != nil {
		return err
	}
	return shown.has("Shared by "+called+" and Grace Hopper and ", "everyone", ", today.")
}
