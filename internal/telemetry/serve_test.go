package telemetry

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestServeLetsRequestsFinish(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	arrived, leave := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-leave
		_, _ = io.WriteString(w, "done")
	})
	addr, wait, err := Serve(ctx, "127.0.0.1:0", h, time.Minute, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	answer := make(chan string, 1)
	go func() {
		body, err := get("http://" + addr.String())
		if err != nil {
			body = err.Error()
		}
		answer <- body
	}()
	<-arrived
	stop()
	for { // until the shutdown has begun
		c, err := net.Dial("tcp", addr.String())
		if err != nil {
			break
		}
		c.Close()
	}
	close(leave)
	if err := wait(); err != nil {
		t.Errorf("wait: %v", err)
	}
	if got := <-answer; got != "done" {
		t.Errorf("the request that was running got %q, want done", got)
	}
}

func TestServeCutsOffWhatOutlivesTheGrace(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	arrived, ended := make(chan struct{}), make(chan error, 1)
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		ended <- r.Context().Err()
	})
	var log bytes.Buffer
	addr, wait, err := Serve(ctx, "127.0.0.1:0", h, time.Millisecond, Logger(&log, "text", slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		_, err := get("http://" + addr.String())
		failed <- err
	}()
	<-arrived
	stop()
	if err := wait(); err != nil {
		t.Errorf("wait: %v", err)
	}
	<-ended
	if err := <-failed; err == nil {
		t.Error("a request that never ends got an answer")
	}
	if !strings.Contains(log.String(), "cut off") {
		t.Errorf("the log does not say that a request was cut off:\n%s", &log)
	}
}

func TestServeSaysWhatIsWrongWithTheAddress(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	ctx, stop := context.WithCancel(t.Context())
	addr, wait, err := Serve(ctx, "127.0.0.1:0", http.NotFoundHandler(), time.Second, log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop()
		if err := wait(); err != nil {
			t.Error(err)
		}
	}()
	for _, test := range []struct{ addr, want string }{
		{addr.String(), "another program, perhaps another Paperboy, listens on " + addr.String() + ": stop it or set PAPERBOY_ADDR to a free address"},
		{"8080", `PAPERBOY_ADDR is "8080", which cannot be listened on (it should look like 127.0.0.1:8080)`},
		{"127.0.0.1:99999", `PAPERBOY_ADDR is "127.0.0.1:99999"`},
		{"192.0.2.1:0", `PAPERBOY_ADDR is "192.0.2.1:0"`},
	} {
		_, _, err := Serve(ctx, test.addr, http.NotFoundHandler(), time.Second, log)
		if err == nil {
			t.Errorf("Serve(%q) gives no error, want %q", test.addr, test.want)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("Serve(%q) says %q, want %q", test.addr, err, test.want)
		}
	}
}
