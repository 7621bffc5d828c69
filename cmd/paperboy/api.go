package main

import (
	"net"
	"net/http"
	"net/netip"
)

// localBase is the address under which a server at addr is reached from its own
// machine.
func localBase(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// onThisMachine reports whether a request comes from a program on the server's
// own machine: from a loopback address, to a loopback name, and through no proxy.
// (A page that makes a browser ask for 127.0.0.1 under a name of its own does not
// pass: https://en.wikipedia.org/wiki/DNS_rebinding.)
func onThisMachine(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback() && loopback(host)
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
