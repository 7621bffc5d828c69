package main

import (
	"errors"
	"net"
	"net/url"
	"strings"

	"paperboy/internal/paper"
)

// webSettings are of the page, and of what leads to it.
type webSettings struct {
	Addr string `env:"PAPERBOY_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the page, feeds, the API, health, metrics and what chat platforms send over HTTP are served."`
	URL  string `name:"url" env:"PAPERBOY_URL" placeholder:"URL" help:"The page's own address as people reach it, such as https://papers.example.org. With https, cookies are sent through TLS only. http:// and PAPERBOY_ADDR if not given."`
	Read string `env:"PAPERBOY_READ" enum:"signed-in,public" default:"signed-in" placeholder:"WHO" help:"Who may read the page: signed-in, to which whoever sits at this machine counts while PAPERBOY_URL is not set, or public, which is everybody."`
}

// public reports whether everybody may read.
func (s webSettings) public() bool { return s.Read == "public" }

// base is the page's own address, without a final slash.
func (s webSettings) base() (string, error) {
	if s.URL == "" {
		return "http://" + reachable(s.Addr), nil
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		// What it is may hold a password.
		return "", errors.New("PAPERBOY_URL is no address of a site; it should look like https://papers.example.org, with no name before it and no path behind it")
	}
	return u.Scheme + "://" + u.Host, nil
}

// reachable is an address to listen on as a browser on this machine can ask for it.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// discussion is where people talk about a paper at a source.
func (s sourceSettings) discussion(source string, id paper.ID) string {
	if source == "huggingface" && id.Scheme() == paper.SchemeArXiv {
		return strings.TrimRight(s.HuggingFaceURL, "/") + "/papers/" + id.Value()
	}
	return ""
}
