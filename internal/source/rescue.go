package source

import (
	"fmt"
	"runtime/debug"
)

// Rescue turns a panic that is under way into *err. What services answer is
// hostile, and one of them must not end the program. It has to be deferred
// itself.
func Rescue(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
	}
}
