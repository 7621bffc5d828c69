package bottest

import (
	"context"
	"errors"
	"fmt"

	"paperboy/internal/chat"
)

const failedKey = "daily/team-1/2026-03-02"

// failing is the message that meets the faults.
func failing() chat.Message { return keyed(failedKey, "This one fails") }

// sendFaulty sends a message that meets fault, and returns what Send says.
func sendFaulty(ctx context.Context, f Fake, fault Fault) (sent error, err error) {
	faulty, ok := f.(Faults)
	if !ok {
		return nil, skip("the service cannot be made to fail")
	}
	cause, ok := faulty.Faults()[fault]
	if !ok {
		return nil, skip(fmt.Sprintf("%q does not happen on this platform", fault))
	}
	cause()
	post, sent := f.Platform().Send(ctx, f.Place(), failing())
	if sent == nil {
		return nil, fmt.Errorf("send met the fault %q and returned %+v without an error", fault, post)
	}
	return sent, nil
}

func throttledSaysSo(ctx context.Context, f Fake) error {
	sent, err := sendFaulty(ctx, f, Throttle)
	if err != nil {
		return err
	}
	var throttled *chat.Throttled
	if !errors.As(sent, &throttled) {
		return fmt.Errorf("send was throttled and returned %T (%v), want *chat.Throttled", sent, sent)
	}
	if throttled.After <= 0 {
		return fmt.Errorf("throttled for %s, want a time to wait", throttled.After)
	}
	return notFound(ctx, f)
}

func refusedSaysSo(ctx context.Context, f Fake) error {
	sent, err := sendFaulty(ctx, f, Refuse)
	if err != nil {
		return err
	}
	var refused *chat.Refused
	if !errors.As(sent, &refused) {
		return fmt.Errorf("send was refused and returned %T (%v), want *chat.Refused", sent, sent)
	}
	if refused.Reason == "" {
		return errors.New("refused without a reason")
	}
	return notPosted(ctx, f)
}

func brokenWasNotPosted(ctx context.Context, f Fake) error {
	sent, err := sendFaulty(ctx, f, Break)
	if err != nil {
		return err
	}
	if errors.As(sent, new(*chat.Throttled)) || errors.As(sent, new(*chat.Refused)) || errors.As(sent, new(*chat.Unsure)) {
		return fmt.Errorf("send did not reach the service and returned %T (%v), want another error", sent, sent)
	}
	return notPosted(ctx, f)
}

// notFound checks that Find does not know a message that was not posted.
func notFound(ctx context.Context, f Fake) error {
	if post, ok, err := f.Platform().Find(ctx, f.Place(), failing(), ago()); ok || err != nil {
		return fmt.Errorf("find gives %+v, %t, %v for a message that was not posted", post, ok, err)
	}
	return nil
}

// notPosted also checks that the next message goes out and is all that is seen.
func notPosted(ctx context.Context, f Fake) error {
	if err := notFound(ctx, f); err != nil {
		return err
	}
	shown, err := sendAndSee(ctx, f, keyed(failedKey, "The second attempt"), "the message after a failed one")
	if err != nil {
		return err
	}
	return shown.has("The second attempt")
}

// lostIsUnsure also checks that nothing below Send tried again by itself.
func lostIsUnsure(ctx context.Context, f Fake) error {
	sent, err := sendFaulty(ctx, f, Lose)
	if err != nil {
		return err
	}
	if !errors.As(sent, new(*chat.Unsure)) {
		return fmt.Errorf("the answer to Send was lost and it returned %T (%v), want *chat.Unsure", sent, sent)
	}
	shown, err := saw(ctx, f, "the message whose answer was lost")
	if err != nil {
		return err
	}
	if err := shown.has("This one fails"); err != nil {
		return err
	}
	if _, ok, err := f.Platform().Find(ctx, f.Place(), failing(), ago()); !ok || err != nil {
		return fmt.Errorf("the message was posted and its answer lost; Find = %t, %v", ok, err)
	}
	shown, err = sendAndSee(ctx, f, keyed("", "The next message"), "the next message")
	if err != nil {
		return err
	}
	if err := shown.has("The next message"); err != nil {
		return fmt.Errorf("the lost message was posted again: %w", err)
	}
	return nil
}
