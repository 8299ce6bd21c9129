package main

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"time"
)

// What the transport packs and unpacks by itself must not hide what the server does.
var client = &http.Client{
	Timeout:   10 * time.Second,
	Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16},
}

var connections, reused int

type response struct {
	status int
	header http.Header
	body   []byte
}

func do(method, url string, header map[string]string, body io.Reader) response {
	request, err := http.NewRequest(method, url, body)
	check(err, "making a request")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	request = request.WithContext(httptrace.WithClientTrace(request.Context(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			connections++
			if info.Reused {
				reused++
			}
		},
	}))
	answer, err := client.Do(request)
	check(err, method+" "+url)
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	check(err, "reading "+url)
	return response{answer.StatusCode, answer.Header, content}
}

func get(url string) response {
	return do("GET", url, nil, nil)
}

func (r response) is(status int, what string) response {
	expect(r.status == status, "%s: status %d, expected %d: %.200q", what, r.status, status, r.body)
	return r
}

func (r response) has(name, value, what string) response {
	expect(r.header.Get(name) == value, "%s: %s is %q, expected %q", what, name, r.header.Get(name), value)
	return r
}
