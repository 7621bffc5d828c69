// Package english writes numbers and lists as sentences have them.
package english

import (
	"fmt"
	"strings"
)

// Count is "1 paper" or "12,345 papers".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Thousands(n) + " " + what + "s"
}

// Thousands is 12,345.
func Thousands(n int) string {
	if n < 0 {
		return "-" + Thousands(-n)
	}
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Are is the verb after a number: "is" or "are".
func Are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Some is List of the first few of items, and how many more there are: "a, b and
// 3 more topics".
func Some(items []string, most int, what, word string) string {
	if more := len(items) - most; more > 0 {
		items = append(items[:most:most], Count(more, what))
	}
	return List(items, word)
}

// List is "a", "a and b", "a, b and c"; word is "and" or "or".
func List(items []string, word string) string {
	if n := len(items); n > 1 {
		return strings.Join(items[:n-1], ", ") + " " + word + " " + items[n-1]
	}
	return strings.Join(items, "")
}
