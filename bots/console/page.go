package console

import (
	"context"

	"paperboy/internal/chat"
)

// PersonName is the name of whoever sits at the terminal.
func (c *Console) PersonName(_ context.Context, p chat.Person) string { return p.ID }

// PlaceName is the only place there is.
func (c *Console) PlaceName(context.Context, chat.Place) string { return "the terminal" }

// Reads is true for who sits there.
func (c *Console) Reads(_ context.Context, by chat.Person, in chat.Place) (bool, error) {
	return by.Platform == name && in.Platform == name, nil
}
