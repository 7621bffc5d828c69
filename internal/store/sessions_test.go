package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// offered makes a link for somebody that is good for ten minutes.
func offered(t *testing.T, s *store.Store, secret, who string) {
	t.Helper()
	o := store.Offer{By: person(who), Team: team.Everyone, Expires: noon.Add(10 * time.Minute)}
	if err := s.OfferSignIn(ctx, secret, o, noon); err != nil {
		t.Fatal(err)
	}
}

// signedIn signs somebody in with a cookie, whose session is called after it.
func signedIn(t *testing.T, s *store.Store, cookie, who string, at time.Time) store.Session {
	t.Helper()
	offered(t, s, "link "+cookie, who)
	session, ok, err := s.SignIn(ctx, "link "+cookie, cookie, store.Session{ID: "id " + cookie, Device: "Firefox", Expires: noon.Add(time.Hour)}, at)
	if err != nil || !ok {
		t.Fatalf("sign in %s: %t, %v", who, ok, err)
	}
	return session
}

func TestASignInIsGoodOnceAndForATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		offered(t, s, "a", "U1")
		offered(t, s, "b", "U2")
		for _, c := range []struct {
			secret string
			at     time.Time
			ok     bool
		}{
			{"unknown", noon, false}, {"", noon, false}, {"a", noon.Add(time.Minute), true}, {"a", noon.Add(time.Minute), false},
			{"b", noon.Add(10 * time.Minute), false}, {"b", noon.Add(10*time.Minute - 1000), true},
		} {
			session := store.Session{ID: c.secret + c.at.String(), Device: "Firefox", Expires: c.at.Add(time.Hour)}
			got, ok, err := s.SignIn(ctx, c.secret, "cookie "+c.secret, session, c.at)
			if ok != c.ok || err != nil {
				t.Errorf("%q at %s: %t, %v, want %t", c.secret, c.at, ok, err, c.ok)
			}
			if ok && (got.Team != team.Everyone || !got.Made.Equal(c.at)) {
				t.Errorf("%q begins %+v", c.secret, got)
			}
		}
		o, ok, err := s.SignInOffer(ctx, "a")
		if want := (store.Offer{By: person("U1"), Team: team.Everyone, Expires: noon.Add(10 * time.Minute), Used: noon.Add(time.Minute)}); !ok || err != nil || o != want {
			t.Errorf("the used offer is %+v, %t, %v", o, ok, err)
		}
	})
}

func TestSessionsOfAPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first, second, other := signedIn(t, s, "c1", "U1", noon), signedIn(t, s, "c2", "U1", noon.Add(time.Minute)), signedIn(t, s, "c3", "U2", noon)
		got, ok, err := s.Session(ctx, "c1", noon.Add(time.Minute))
		if diff := cmp.Diff(first, got); diff != "" || !ok || err != nil {
			t.Errorf("the session of c1 (%t, %v; -want +got):\n%s", ok, err, diff)
		}
		for _, cookie := range []string{"", "c4", first.ID} {
			if _, ok, err := s.Session(ctx, cookie, noon); ok || err != nil {
				t.Errorf("the cookie %q has a session, %v", cookie, err)
			}
		}
		if err := s.UseSession(ctx, first.ID, noon.Add(30*time.Minute), noon.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		first.Used, first.Expires = noon.Add(30*time.Minute), noon.Add(2*time.Hour)
		all, err := s.Sessions(ctx, person("U1"), noon)
		if diff := cmp.Diff([]store.Session{first, second}, all); diff != "" || err != nil {
			t.Errorf("sessions of U1 (%v; -want +got):\n%s", err, diff)
		}
		if _, ok, err := s.Session(ctx, "c2", noon.Add(time.Hour)); ok || err != nil {
			t.Errorf("a session that has run out is open, %v", err)
		}
		if was, err := s.EndSession(ctx, person("U2"), first.ID); was || err != nil {
			t.Errorf("U2 ended a session of U1: %t, %v", was, err)
		}
		if was, err := s.EndSession(ctx, person("U1"), first.ID); !was || err != nil {
			t.Errorf("U1 ended their own: %t, %v", was, err)
		}
		signedIn(t, s, "c5", "U1", noon)
		if n, err := s.EndOtherSessions(ctx, person("U1"), second.ID); n != 1 || err != nil {
			t.Errorf("ended %d others, %v", n, err)
		}
		if _, ok, err := s.Session(ctx, "c3", noon); !ok || err != nil || other.By != person("U2") {
			t.Errorf("the session of U2 is open: %t, %v", ok, err)
		}
	})
}

func TestWhatRanOutIsForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		signedIn(t, s, "c1", "U1", noon)
		late := noon.Add(48 * time.Hour)
		if err := s.OfferSignIn(ctx, "new", store.Offer{By: person("U2"), Expires: late.Add(time.Minute)}, late); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := s.SignInOffer(ctx, "link c1"); ok || err != nil {
			t.Errorf("a link of two days ago is known: %t, %v", ok, err)
		}
		if all, err := s.Sessions(ctx, person("U1"), noon); len(all) > 0 || err != nil {
			t.Errorf("sessions that ran out are kept: %v, %v", all, err)
		}
	})
}
