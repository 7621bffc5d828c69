package mail

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestReadWish(t *testing.T) {
	for text, want := range map[string]wish{
		"":                                 {ask: true},
		" Stop ":                           {stop: true},
		"ada@example.org":                  {address: "ada@example.org"},
		"Ada.L+x@EXAMPLE.org":              {address: "Ada.L+x@example.org"},
		"ada@müller.example":               {address: "ada@xn--mller-kva.example"},
		"<mailto:a@b.org|a@b.org> weekly":  {address: "a@b.org", rhythm: true, weekly: true},
		"daily":                            {rhythm: true},
		"weekly friday 8:30 Europe/Berlin": {rhythm: true, weekly: true, when: "friday 8:30 Europe/Berlin"},
		"a@b.org daily trending":           {address: "a@b.org", rhythm: true, trending: true},
		`a@b.org weekly topics moe, "kv cache, paged" ; author:shazeer`: {
			address: "a@b.org", rhythm: true, weekly: true, topics: []string{"moe", `"kv cache, paged"`, "author:shazeer"},
		},
		"topics weekly topics": {topics: []string{"weekly topics"}},
	} {
		if got, err := readWish(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("readWish(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestReadWishSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"ada@":                                  "no e-mail address",
		"@example.org":                          "no e-mail address",
		"a@b@c.org":                             "no e-mail address",
		"a@127.0.0.1":                           "no e-mail address",
		"a@[127.0.0.1]":                         "no e-mail address",
		"a,b@example.org":                       "no e-mail address",
		"a@exa_mple..org":                       "no e-mail address",
		"ä@example.org":                         "ASCII",
		strings.Repeat("a", 250) + "@b.org":     "no e-mail address",
		"a@b.org hourly":                        "“hourly” says nothing here. Say it like this",
		"a@b.org daily at 25:00":                "says nothing here",
		"a@b.org trending moe":                  "“moe” says nothing here",
		"a@b.org topics":                        "Which topics?",
		"a@b.org topics ,,":                     "Which topics?",
		"topics -":                              "nothing to search for",
		"topics " + strings.Repeat("long ", 80): "too long",
		"topics " + strings.Repeat("a,", 51):    "more topics than",
	} {
		_, err := readWish(text)
		var told sentence
		if !errors.As(err, &told) || !strings.Contains(string(told), want) {
			t.Errorf("readWish(%q): %v, want a sentence with %q", text, err, want)
		}
	}
	for _, text := range []string{"spam filtering", "classification with transformers", "threads"} {
		if _, err := readWish(text); !errors.Is(err, errNotAWish) {
			t.Errorf("readWish(%q): %v, want that it is a search", text, err)
		}
	}
}

func FuzzReadWish(f *testing.F) {
	for _, text := range []string{"a@b.org daily trending", `weekly topics moe, "kv cache"`, "stop", "a@\x00", "topics", "<mailto:"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := readWish(text)
		var told sentence
		if err != nil && !errors.Is(err, errNotAWish) && !errors.As(err, &told) {
			t.Errorf("readWish(%q): %v, which is no sentence", text, err)
		}
		if err == nil && strings.ContainsAny(w.address, "\r\n \x00<>") {
			t.Errorf("readWish(%q) lets the address %q through", text, w.address)
		}
	})
}

func TestParseServer(t *testing.T) {
	for address, want := range map[string]Server{
		"smtp://smtp.example.org":                                    {Host: "smtp.example.org", Port: 587, TLS: Required},
		"smtps://ada:se%40cret@smtp.example.org":                     {Host: "smtp.example.org", Port: 465, TLS: Implicit, User: "ada", Password: "se@cret"},
		"smtp://ada%40b.org:x@smtp.example.org:25?tls=opportunistic": {Host: "smtp.example.org", Port: 25, TLS: IfOffered, User: "ada@b.org", Password: "x"},
		"smtp://mail.lab?tls=none":                                   {Host: "mail.lab", Port: 587, TLS: Never},
		"smtp://localhost:25":                                        {Host: "localhost", Port: 25, TLS: Never},
		"smtp://[::1]:25/?tls=required":                              {Host: "::1", Port: 25, TLS: Required},
	} {
		if got, err := ParseServer(address); err != nil || got != want {
			t.Errorf("ParseServer(%q) = %+v, %v; want %+v", address, got, err, want)
		}
	}
	for address, want := range map[string]string{
		"smtp.example.org:587":               "should look like smtp://",
		"http://smtp.example.org":            "should begin with smtp://",
		"smtp://":                            "names no host",
		"smtp://a:sesame@b@smtp.example.org": "written %40",
		"smtp://a:ses#ame@smtp.example.org":  "can’t be read",
		"smtp://a:ses/ame@smtp.example.org":  "can’t be read",
		"smtp://a:%zz@smtp.example.org":      "can’t be read",
		"smtp://smtp.example.org/inbox":      "goes on after host and port",
		"smtp://ada@smtp.example.org":        "user without a password",
		"smtp://smtp.example.org:0":          "port in SMTP_URL",
		"smtp://smtp.example.org?tls=maybe":  "option that is not known",
		"smtp://smtp.example.org?ssl=1":      "option that is not known",
		"smtps://smtp.example.org?tls=none":  "TLS from the start",
	} {
		_, err := ParseServer(address)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "ses") {
			t.Errorf("ParseServer(%q): %v; want %q and nothing of the password", address, err, want)
		}
	}
}

func TestParseFrom(t *testing.T) {
	for _, test := range []struct{ from, user, want string }{
		{"papers@example.org", "", `"Paperboy" <papers@example.org>`},
		{"Lab Papers <papers@Example.org>", "", `"Lab Papers" <papers@example.org>`},
		{"", "me@example.org", `"Paperboy" <me@example.org>`},
		{"", "apikey", ""},
		{"nobody", "", ""},
		{"a@b.org, c@d.org", "", ""},
		{"x\r\nBcc: y <a@b.org>", "", ""},
	} {
		got, err := ParseFrom(test.from, Server{User: test.user})
		if (err != nil) != (test.want == "") || err == nil && got.String() != test.want {
			t.Errorf("ParseFrom(%q, user %q) = %s, %v; want %q", test.from, test.user, got.String(), err, test.want)
		}
	}
}
