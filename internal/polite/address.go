package polite

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"
)

var errAddress = errors.New("not a web address: it should start with https:// and the name of a host")

// parseAddress reads an http or https address. Names and passwords in it are
// dropped, so that they cannot show up anywhere.
func parseAddress(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, errAddress // url.Parse's own error would repeat s, secrets included
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	return u, nil
}

// shown is u as it may appear in logs and messages.
func shown(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

func openTransport() *http.Transport {
	t := transport(&net.Dialer{Timeout: timeout})
	t.Proxy = http.ProxyFromEnvironment
	return t
}

// publicTransport dials public addresses only. The check sits between the
// resolving of a name and the connecting, so that a name cannot mean something
// else at the second look.
func publicTransport() *http.Transport {
	return transport(&net.Dialer{
		Timeout: timeout,
		Control: func(_, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil || !public(a.Addr()) {
				return ErrPrivate
			}
			return nil
		},
	})
}

func transport(d *net.Dialer) *http.Transport {
	return &http.Transport{
		DialContext:            d.DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    1,
		MaxIdleConns:           32,
		IdleConnTimeout:        time.Minute,
		TLSHandshakeTimeout:    timeout,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// What is not the public internet, from the registries
// https://www.iana.org/assignments/iana-ipv4-special-registry and
// https://www.iana.org/assignments/iana-ipv6-special-registry.
var (
	notPublic4 = prefixes(
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	)
	public6    = netip.MustParsePrefix("2000::/3") // all that has been given out so far
	notPublic6 = prefixes(
		"2001::/23",     // Teredo and other protocols
		"2001:db8::/32", // documentation, as 3fff::/20
		"3fff::/20",
		"2002::/16", // 6to4: any IPv4 address in disguise
	)
	// nat64 is how networks with IPv6 alone reach IPv4 addresses (RFC 6052).
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(list ...string) (ps []netip.Prefix) {
	for _, s := range list {
		ps = append(ps, netip.MustParsePrefix(s))
	}
	return ps
}

// public reports whether a belongs to the public internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if nat64.Contains(a) {
		bytes := a.As16()
		a = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	holds := func(p netip.Prefix) bool { return p.Contains(a) }
	if a.Is4() {
		return !slices.ContainsFunc(notPublic4, holds)
	}
	return public6.Contains(a) && !slices.ContainsFunc(notPublic6, holds)
}
