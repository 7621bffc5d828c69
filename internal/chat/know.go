package chat

import "context"

// What a Platform may know besides, for a page that shows what is said in it.
// Each interface is a platform's own choice; without it the page shows less.
type (
	// Linker knows where a post can be seen in a browser.
	Linker interface {
		// Link is the address of a post; ok is false where it has none.
		Link(Post) (address string, ok bool)
	}

	// Namer knows what people call each other and their places.
	Namer interface {
		// PersonName is what people call somebody; "" if that can't be told.
		PersonName(context.Context, Person) string
		// PlaceName is what people call a place, such as "#papers"; "" if that can't
		// be told.
		PlaceName(context.Context, Place) string
	}

	// Viewer knows who can read what is said in a place.
	Viewer interface {
		// Reads reports whether a person can read what is said in a place.
		Reads(ctx context.Context, by Person, in Place) (bool, error)
	}
)
