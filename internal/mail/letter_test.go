package mail

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gomessage "github.com/emersion/go-message/mail"
	"golang.org/x/net/html"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
)

var update = flag.Bool("update", false, "write the golden mails anew")

var (
	papers = netmail.Address{Name: "Paperboy", Address: "papers@lab.example"}
	noon   = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

// plainMail has a known key, so that its links are the same every time.
func plainMail() *Mail {
	m := New(nil, nil, Options{From: papers, Base: "https://papers.lab.example/", Page: func(id paper.ID) string { return "https://papers.lab.example/paper/" + string(id) }})
	m.key = []byte("a key")
	return m
}

func packed(t *testing.T, m *Mail, msg chat.Message) []byte {
	t.Helper()
	a := store.Inbox{Place: place("k7qt2mzd4x5n6p3r8v2w"), Address: "ada@example.org", Confirmed: !asks(msg)}
	l, err := m.compose(t.Context(), a, msg, noon)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pack(l, m.options.From)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := out.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func digest() chat.Message {
	return chat.Message{
		Key:  "daily/0123456789abcdef/2026-03-02/0",
		Text: chat.Text{{Text: "3 papers for today", Style: chat.Bold}, {Text: " · Monday, 2 March"}},
		Cards: []chat.Card{
			{
				Paper: "arxiv:2401.04088", Number: 1, Title: chat.Text{{Text: "Mixtral of "}, {Text: "Experts", Style: chat.Italic}}, Link: "https://arxiv.org/abs/2401.04088",
				Byline:  "Albert Q. Jiang et al. · 26 authors · 8 Jan 2024 · cs.LG",
				Summary: chat.Plain("We introduce Mixtral 8x7B, a Sparse Mixture of Experts (SMoE) language model. Mixtral has the same architecture as Mistral 7B, with the difference that each layer is composed of 8 feedforward blocks."),
				Why:     chat.Plain("matches “moe”, 2 people here voted for it"), Counts: "▲ 162 on Hugging Face · 2 votes here · 5 comments",
			},
			{
				Paper: "arxiv:2309.06180", Number: 2, Title: chat.Plain("Efficient Memory Management for Large Language Model Serving with PagedAttention <script>alert(1)</script>"),
				Link: "https://arxiv.org/abs/2309.06180", Byline: "Woosuk Kwon et al. · 9 authors · 12 Sep 2023",
				Summary: chat.Plain("High throughput serving of large language models requires batching sufficiently many requests at a time."), Why: chat.Plain("matches “kv cache”"),
			},
			{
				Paper: "url:4711", Number: 3, Title: chat.Plain("مقدمة في التعلم العميق"), Link: "javascript:alert(1)", Byline: "Zoë Müller", Summary: chat.Plain("Eine Einführung."),
				Why: chat.Plain("shared here"),
			},
		},
		Foot: chat.Plain("React with 1️⃣ to vote for it."),
	}
}

func confirmation() chat.Message {
	return chat.Message{
		Key: "confirm/0123456789abcdef/1772442000000000",
		Text: chat.Text{
			{Text: "Please confirm your address", Style: chat.Bold},
			{Text: "\nSomebody, probably you, has asked Paperboy to send research papers here. If you want them, open the link and confirm within 48 hours."},
			{Text: "\nIf you do not know what this is about, do nothing: the address is forgotten, and no papers are sent."},
		},
		Buttons: []chat.Button{{Label: "Confirm the address", Link: "https://papers.lab.example/mail/confirm/k7qt.abc"}},
	}
}

// TestGoldenMails holds mails byte for byte: a retry has to be the same mail.
func TestGoldenMails(t *testing.T) {
	for name, msg := range map[string]chat.Message{"digest": digest(), "confirmation": confirmation()} {
		file := filepath.Join("testdata", name+".eml")
		got := packed(t, plainMail(), msg)
		if again := packed(t, plainMail(), msg); !bytes.Equal(got, again) {
			t.Errorf("%s differs from one time to the next", name)
		}
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is\n%s\nwant\n%s\n(go test ./internal/mail -run Golden -update)", name, got, want)
		}
	}
}

// TestOneClickNeedsTLS leaves RFC 8058's header out where links are not https.
func TestOneClickNeedsTLS(t *testing.T) {
	m := plainMail()
	m.options.Base = "http://127.0.0.1:8080"
	got := string(packed(t, m, digest()))
	if !strings.Contains(got, "<http://127.0.0.1:8080/mail/unsubscribe/") || strings.Contains(got, "One-Click") {
		t.Errorf("the mail is\n%s", got)
	}
}

// evil is what strangers may write.
var evil = []string{
	"\r\nBcc: all@example.org\r\n\r\n<h1>hi</h1>", "\n.\n", "\r\n.\r\nMAIL FROM:<x@y>", "<img src=x onerror=alert(1)>", "</title></style><script>alert(1)</script>",
	"=?utf-8?q?Bcc:=20x?=", "\u202Eevil\u202C", strings.Repeat("ﷺ", 1500), strings.Repeat("a", 4000), strings.Repeat("z\u0300", 800), "From me", "-- ", "{{.Leave}}",
	"--paperboy-", "\x00\x1b[31m", "\xff\xfe", "👩‍👩‍👧 מאמר", "&amp;<!--[if mso]>", "\u2028\u2029", "\"><a href=\"https://evil.example\">", "",
}

func hostile(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(3) {
		b.WriteString(evil[r.IntN(len(evil))])
	}
	return b.String()
}

// TestHostileMails packs messages of strangers, and reads them with somebody
// else's parsers.
func TestHostileMails(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		msg := chat.Message{Key: "daily/0123456789abcdef/2026-03-02/0", Text: chat.Text{{Text: hostile(r), Style: chat.Bold}, {Text: hostile(r)}}}
		for i := range 1 + r.IntN(3) {
			msg.Cards = append(msg.Cards, chat.Card{
				Paper: paper.ID(hostile(r)), Number: i + 1, Title: chat.Plain(hostile(r)), Byline: hostile(r), Summary: chat.Plain(hostile(r)), Counts: hostile(r),
				Why: chat.Plain(hostile(r)), Link: []string{"https://example.org/" + hostile(r), "javascript:" + hostile(r), hostile(r)}[r.IntN(3)],
			})
		}
		checkMail(t, packed(t, plainMail(), msg))
		if t.Failed() {
			t.Fatalf("message: %#v", msg)
		}
	}
}

// checkMail holds a mail to what every mail must be.
func checkMail(t *testing.T, data []byte) {
	t.Helper()
	for l := range bytes.SplitSeq(data, []byte("\r\n")) {
		if len(l) > 998 || bytes.ContainsAny(l, "\r\n\x00") || bytes.ContainsFunc(l, func(r rune) bool { return r > 126 }) {
			t.Errorf("not a line of a mail (%d bytes): %q", len(l), l)
		}
	}
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range m.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "Auto-Submitted Content-Type Date From List-Id List-Unsubscribe List-Unsubscribe-Post Message-Id Mime-Version Subject To X-Auto-Response-Suppress" {
		t.Errorf("headers: %s", got)
	}
	reader, err := gomessage.CreateReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if subject, err := reader.Header.Subject(); err != nil || len(subject) > maxLine || strings.ContainsAny(subject, "\r\n\u202E") {
		t.Errorf("subject %q, %v", subject, err)
	}
	var kinds []string
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := part.Header.(*gomessage.InlineHeader).ContentType()
		kinds = append(kinds, kind)
		if kind == "text/html" {
			checkHTML(t, part.Body)
		} else if text, err := io.ReadAll(part.Body); err != nil || !bytes.Contains(text, []byte("Unsubscribe: https://papers.lab.example/mail/unsubscribe/")) {
			t.Errorf("the text has no way out (%v):\n%s", err, text)
		}
	}
	if fmt.Sprint(kinds) != "[text/plain text/html]" {
		t.Errorf("parts: %v", kinds)
	}
}

// checkHTML has no element but ours, nothing that is loaded, and links to the web
// alone.
func checkHTML(t *testing.T, body io.Reader) {
	t.Helper()
	ours := strings.Fields("html head meta title style body div table tbody tr td h1 h2 p a br")
	tree, err := html.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(ours, n.Data) {
			t.Errorf("there is an element %s", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "src" || a.Key == "background" || strings.HasPrefix(a.Key, "on") || a.Key == "style" && strings.Contains(a.Val, "url(") {
				t.Errorf("there is an attribute %s=%q", a.Key, a.Val)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "http://") && !strings.HasPrefix(a.Val, "https://") {
				t.Errorf("a link leads to %q", a.Val)
			}
		}
	}
}

// TestPlainTextIsWrapped looks at the width of lines other than links.
func TestPlainTextIsWrapped(t *testing.T) {
	m := plainMail()
	l, err := m.compose(t.Context(), store.Inbox{Place: place("id"), Address: "ada@example.org"}, digest(), noon)
	if err != nil {
		t.Fatal(err)
	}
	for s := range strings.SplitSeq(l.plain(), "\n") {
		if n := len([]rune(s)); n > width && !strings.Contains(s, "https://") {
			t.Errorf("a line has %d characters: %s", n, s)
		}
	}
}
