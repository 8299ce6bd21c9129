package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"crypto/ed25519"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type randomness struct{}

func (randomness) Read(p []byte) (int, error) { return rand.Read(p) }

// vkeyOf is the public half of a signing key of golang.org/x/mod/sumdb/note.
func vkeyOf(skey string) string {
	parts := strings.SplitN(skey, "+", 5)
	expect(len(parts) == 5, "a signing key has five parts")
	seed, err := base64.StdEncoding.DecodeString(parts[4])
	check(err, "reading a signing key")
	public := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(parts[2], public)
	check(err, "making a vkey")
	return vkey
}

// A server is a witness (c2sp.org/tlog-witness) that keeps its state in memory.
type server struct {
	mu    sync.Mutex
	key   *cosigner
	other *cosigner
	logs  map[string]note.Verifier
	held  map[string]tlog.Tree
}

func runWitness(name string, vkeys []string) {
	s := &server{
		key:   newCosigner(name),
		other: newCosigner(name + "-next"),
		logs:  map[string]note.Verifier{},
		held:  map[string]tlog.Tree{},
	}
	for _, vkey := range vkeys {
		verifier, err := note.NewVerifier(vkey)
		check(err, "reading a log's vkey")
		s.logs[verifier.Name()] = verifier
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err, "listening")
	fmt.Printf("%s http://%s\n", s.key.vkey(), listener.Addr())
	http.HandleFunc("/add-checkpoint", s.addCheckpoint)
	check(http.Serve(listener, nil), "serving")
}

func (s *server) addCheckpoint(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if r.Method != "POST" || err != nil {
		http.Error(w, "not a request to a witness", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	status, answer := s.judge(string(body))
	if status == http.StatusConflict {
		w.Header().Set("Content-Type", "text/x.tlog.size")
	}
	w.WriteHeader(status)
	io.WriteString(w, answer)
	fmt.Printf("answered %d\n", status)
}

func (s *server) judge(body string) (int, string) {
	front, signed, found := strings.Cut(body, "\n\n")
	lines := strings.Split(front, "\n")
	older, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if !found || err != nil || !strings.HasPrefix(lines[0], "old ") || len(lines) > 64 {
		return http.StatusBadRequest, "malformed\n"
	}
	proof := make(tlog.TreeProof, len(lines)-1)
	for i, line := range lines[1:] {
		if proof[i], err = tlog.ParseHash(line); err != nil {
			return http.StatusBadRequest, "malformed\n"
		}
	}
	origin, _, _ := strings.Cut(signed, "\n")
	verifier := s.logs[origin]
	if verifier == nil {
		return http.StatusNotFound, "unknown log\n"
	}
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return http.StatusForbidden, err.Error() + "\n"
	}
	offered, held := parseCheckpoint(n.Text), s.held[origin]
	if older > offered.N {
		return http.StatusBadRequest, "the old size is beyond the checkpoint\n"
	}
	if older != held.N {
		return http.StatusConflict, fmt.Sprintf("%d\n", held.N)
	}
	if older > 0 && tlog.CheckTree(proof, offered.N, offered.Hash, held.N, held.Hash) != nil || older == 0 && len(proof) > 0 {
		return http.StatusUnprocessableEntity, "the proof fails\n"
	}
	s.held[origin] = offered.Tree
	// The line by a key that nobody has heard of comes first: it is to be ignored.
	cosigned, err := note.Sign(&note.Note{Text: n.Text}, s.other, s.key)
	if err != nil {
		return http.StatusInternalServerError, err.Error() + "\n"
	}
	return http.StatusOK, string(cosigned[strings.LastIndex(string(cosigned), "\n\n")+2:])
}
