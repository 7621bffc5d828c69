package bottest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"paperboy/internal/chat"
)

// editable is a post that can be changed, on a platform where that goes.
type editable struct {
	Fake
	editor  chat.Editor
	editing Editing
	post    chat.Post
}

const editedKey = "daily/team-1/2026-03-03/1"

// sendEditable sends and sees a message to be changed.
func sendEditable(ctx context.Context, f Fake) (*editable, error) {
	editor, ok := f.Platform().(chat.Editor)
	if !ok {
		return nil, skip("the platform cannot change posts")
	}
	editing, ok := f.(Editing)
	if !ok {
		return nil, errors.New("the platform is a chat.Editor and its Fake lacks Editing")
	}
	post, err := editor.Send(ctx, f.Place(), keyed(editedKey, "As it was"))
	if err != nil {
		return nil, fmt.Errorf("send: %w", err)
	}
	shown, err := saw(ctx, f, "a message to be changed")
	if err != nil {
		return nil, err
	}
	if id := editing.Edited(shown); id != "" {
		return nil, fmt.Errorf("a new message was shown in the place of %q", id)
	}
	return &editable{f, editor, editing, post}, nil
}

// editedIsShownInPlace edits twice, which may show the same again or nothing,
// and looks at all that is shown until another message comes.
func editedIsShownInPlace(ctx context.Context, f Fake) error {
	e, err := sendEditable(ctx, f)
	if err != nil {
		return err
	}
	for range 2 {
		if err := e.editor.Edit(ctx, e.post, keyed(editedKey, "As it is now")); err != nil {
			return fmt.Errorf("edit: %w", err)
		}
	}
	if _, err := e.editor.Send(ctx, f.Place(), keyed("", "The next message")); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	if err := e.seesEdits(ctx); err != nil {
		return err
	}
	m := keyed(editedKey, "As it is now")
	if got, ok, err := e.editor.Find(ctx, f.Place(), m, ago()); got != e.post || !ok || err != nil {
		return fmt.Errorf("find a post that was changed = %+v, %t, %v, want %+v", got, ok, err, e.post)
	}
	return nil
}

// seesEdits looks at one edit or more until the next message.
func (e *editable) seesEdits(ctx context.Context) error {
	for edits := 0; ; edits++ {
		shown, err := saw(ctx, e, "a message that was changed")
		if err != nil {
			return err
		}
		id := e.editing.Edited(shown)
		switch {
		case id == "" && shown.has("The next message") == nil && edits > 0:
			return nil
		case id != e.post.ID:
			return fmt.Errorf("an edit of %q was shown in the place of %q: %q", e.post.ID, id, shown.Text)
		}
		if err := shown.has("As it is now"); err != nil {
			return err
		}
	}
}

func hostileEditIsShown(ctx context.Context, f Fake) error {
	e, err := sendEditable(ctx, f)
	if err != nil {
		return err
	}
	for group := range slices.Chunk(Hostile(), chat.MaxCards) {
		m := hostileMessage(group)
		m.Key = editedKey
		if err := e.editor.Edit(ctx, e.post, m); err != nil {
			return fmt.Errorf("edit: %w", err)
		}
		shown, err := saw(ctx, f, "a hostile edit")
		if err != nil {
			return err
		}
		if err := shown.hasAll(group); err != nil {
			return err
		}
	}
	return nil
}
