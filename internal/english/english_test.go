package english

import "testing"

func TestNumbersAndLists(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Count(0, "paper"), "0 papers"},
		{Count(1, "paper"), "1 paper"},
		{Count(12345, "paper"), "12,345 papers"},
		{Thousands(999), "999"},
		{Thousands(1000000), "1,000,000"},
		{Thousands(-1000), "-1,000"},
		{Are(1), "is"},
		{Are(0), "are"},
		{Some([]string{"a", "b"}, 2, "more topic", "and"), "a and b"},
		{Some([]string{"a", "b", "c"}, 2, "more topic", "and"), "a, b and 1 more topic"},
		{Some([]string{"a", "b", "c", "d"}, 2, "other", "or"), "a, b or 2 others"},
		{List(nil, "and"), ""},
		{List([]string{"a"}, "and"), "a"},
		{List([]string{"a", "b"}, "or"), "a or b"},
		{List([]string{"a", "b", "c"}, "and"), "a, b and c"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
