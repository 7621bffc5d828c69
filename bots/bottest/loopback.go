package bottest

import (
	"encoding/json"
	"net/http"
	"time"

	"paperboy/internal/chat"
)

// ask is a request over HTTP. Each kind uses some of the fields.
type ask struct {
	In      chat.Place   // send, find
	Post    chat.Post    // edit
	Message chat.Message // all
	Since   time.Time    // find
}

// reply is what comes back. It says for itself what its status says too.
type reply struct {
	Post      chat.Post
	Found     bool
	Throttled *chat.Throttled `json:",omitempty"`
	Refused   *chat.Refused   `json:",omitempty"`
	Failed    string          `json:",omitempty"` // not done, for no lasting reason
	Die       bool            `json:",omitempty"` // the process that asked ends now
}

// Handler is the service over HTTP, for processes that Dial it.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /send", s.serve(func(a ask) outcome { return s.send(a.In, a.Message, time.Now()) }))
	mux.HandleFunc("POST /edit", s.serve(func(a ask) outcome { return s.edit(a.Post, a.Message) }))
	mux.HandleFunc("POST /find", s.serveFind)
	mux.HandleFunc("GET /pace", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(s.currentPace()) // a client that went away needs none
	})
	return mux
}

func (s *Service) serve(do func(ask) outcome) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, ok := asked(w, r)
		if !ok || s.dawdle(r.Context()) != nil {
			return
		}
		o := do(a)
		switch o.fate {
		case Lose:
			cut(w)
		case Hang:
			<-r.Context().Done()
		case CrashBefore, CrashAfter:
			respond(w, reply{Die: true})
		default:
			respond(w, replied(o.post, o.err))
		}
	}
}

func (s *Service) serveFind(w http.ResponseWriter, r *http.Request) {
	a, ok := asked(w, r)
	if !ok || s.dawdle(r.Context()) != nil {
		return
	}
	post, found, err := s.find(a.In, a.Message, a.Since)
	answer := replied(post, err)
	answer.Found = found
	respond(w, answer)
}

func asked(w http.ResponseWriter, r *http.Request) (a ask, ok bool) {
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return a, false
	}
	return a, true
}

func replied(post chat.Post, err error) reply {
	switch err := err.(type) {
	case nil:
		return reply{Post: post}
	case *chat.Throttled:
		return reply{Throttled: err}
	case *chat.Refused:
		return reply{Refused: err}
	default:
		return reply{Failed: err.Error()}
	}
}

func (a reply) status() int {
	switch {
	case a.Throttled != nil:
		return http.StatusTooManyRequests
	case a.Refused != nil:
		return http.StatusForbidden
	case a.Failed != "":
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

func respond(w http.ResponseWriter, a reply) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status())
	_ = json.NewEncoder(w).Encode(a) // nobody is left to be told if the client went away
}

// cut closes the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err) // net/http closes the connection then as well
	}
	_ = conn.Close()
}
