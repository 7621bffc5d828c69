package polite

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"1.1.1.1":                true,
		"140.82.121.4":           true,
		"172.32.0.1":             true,
		"100.128.0.1":            true,
		"::ffff:1.1.1.1":         true,
		"64:ff9b::1.1.1.1":       true,
		"2606:4700::6810:1":      true,
		"0.0.0.0":                false,
		"10.1.2.3":               false,
		"100.64.0.1":             false,
		"127.0.0.1":              false,
		"127.255.255.254":        false,
		"169.254.169.254":        false,
		"172.16.0.1":             false,
		"192.168.1.1":            false,
		"198.18.0.1":             false,
		"224.0.0.1":              false,
		"255.255.255.255":        false,
		"::":                     false,
		"::1":                    false,
		"::127.0.0.1":            false,
		"::ffff:127.0.0.1":       false,
		"::ffff:169.254.169.254": false,
		"64:ff9b::10.0.0.1":      false,
		"64:ff9b:1::1.1.1.1":     false,
		"2002:7f00:1::":          false,
		"2001:0:1::1":            false,
		"2001:db8::1":            false,
		"fc00::1":                false,
		"fd00:ec2::254":          false,
		"fe80::1":                false,
		"fe80::1%eth0":           false,
		"ff02::1":                false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("public(%s) = %v, want %v", address, got, want)
		}
	}
}

func TestTypedAddressesStayPublic(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	byName := strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
	for _, tt := range []struct {
		url     string
		typed   bool
		allowed bool
		want    error
	}{
		{srv.URL, true, false, ErrPrivate},
		{byName, true, false, ErrPrivate},
		{"http://169.254.169.254/latest/meta-data", true, false, ErrPrivate},
		{"http://[::ffff:127.0.0.1]:80/", true, false, ErrPrivate},
		{srv.URL, true, true, nil},
		{srv.URL, false, false, nil},
	} {
		_, err := New(Options{AllowPrivate: tt.allowed}).Get(t.Context(), Request{URL: tt.url, Typed: tt.typed})
		if !errors.Is(err, tt.want) || Temporary(err) {
			t.Errorf("Get(%s), typed %v, allowed %v: %v, want %v", tt.url, tt.typed, tt.allowed, err, tt.want)
		}
	}
}

func TestTypedAddressesAreCheckedAtEveryRedirect(t *testing.T) {
	private := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the private server was asked")
	}))
	defer private.Close()
	c := New(Options{})
	inside := c.typed
	c.typed = server(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == "blog.example.org" {
			return answer(302, "", "Location", private.URL), nil
		}
		return inside.RoundTrip(r)
	})
	_, err := c.Get(t.Context(), Request{URL: "http://blog.example.org/feed", Typed: true})
	if !errors.Is(err, ErrPrivate) {
		t.Errorf("Get = %v, want ErrPrivate", err)
	}
}

func TestTypedAddressesAvoidTheProxy(t *testing.T) {
	if publicTransport().Proxy != nil {
		t.Error("what a proxy dials cannot be checked, yet typed addresses would go through one")
	}
}
