package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var emptyRoot = tlog.Hash(sha256.Sum256(nil))

func submission(older int64, proof []tlog.Hash, signed []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "old %d\n", older)
	for _, hash := range proof {
		fmt.Fprintf(&b, "%s\n", hash)
	}
	return b.String() + "\n" + string(signed)
}

func sign(text string, signer note.Signer) []byte {
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	check(err, "signing")
	return signed
}

// A log is one that asks a witness for cosignatures (c2sp.org/tlog-witness).
type log struct {
	tree
	origin  string
	signer  note.Signer
	witness *cosigner
	url     string
}

func (l *log) head(size int64) []byte {
	return sign(checkpoint{l.origin, tlog.Tree{N: size, Hash: l.root(size)}}.text(), l.signer)
}

func (l *log) submit(body string) response {
	return do("POST", l.url+"/add-checkpoint", nil, strings.NewReader(body))
}

func (l *log) refused(status int, body, what string) {
	l.submit(body).is(status, what)
	pass("%d for %s", status, what)
}

func (l *log) cosigned(older, size int64, signed []byte, what string) {
	answer := l.submit(submission(older, l.proof(older, size), signed)).is(200, what)
	checkCosignatures(signed, answer.body, l.witness)
	pass("200 for %s", what)
}

func (l *log) conflict(body string, known int64, what string) {
	answer := l.submit(body).is(409, what).has("Content-Type", "text/x.tlog.size", what)
	expect(string(answer.body) == fmt.Sprintf("%d\n", known), "%s: %q, expected %d", what, answer.body, known)
	pass("409 for %s", what)
}

func runLog(url, skey, witness string) {
	signer, err := note.NewSigner(skey)
	check(err, "reading the log's key")
	l := &log{origin: signer.Name(), signer: signer, witness: parseCosigner(witness), url: strings.TrimSuffix(url, "/")}
	for i := 0; i < 600; i++ {
		l.add([]byte(fmt.Sprintf("entry %d", i)))
	}
	monitored := l.url + "/" + originHash(l.origin) + "/checkpoint"
	get(monitored).is(404, "a log that was never cosigned")
	l.malformed()
	l.untrusted()
	l.beginning()
	l.growing()
	l.race()

	signed := get(monitored).is(200, "monitoring").has("Content-Type", "text/plain; charset=utf-8", "monitoring").body
	verifier, err := note.NewVerifier(vkeyOf(skey))
	check(err, "reading the log's vkey")
	seen := parseCheckpoint(openAll(signed, verifier, l.witness).Text)
	expect(seen.origin == l.origin && seen.Hash == l.root(seen.N), "the monitored checkpoint is another")
	do("HEAD", monitored, nil, nil).is(200, "HEAD of the monitored checkpoint")
	get(l.url+"/"+originHash("nobody.example/log")+"/checkpoint").is(404, "monitoring an unknown log")
	pass("monitoring shows size %d", seen.N)
	expect(reused > connections/2, "only %d of %d requests went over a connection kept alive", reused, connections)
	fmt.Printf("cosigned %d\n", seen.N)
}

func (l *log) malformed() {
	signed := string(l.head(3))
	for what, body := range map[string]string{
		"an empty body":            "",
		"no old size":              "\n" + signed,
		"an old size with zeros":   "old 00\n\n" + signed,
		"a negative old size":      "old -1\n\n" + signed,
		"no empty line":            "old 0\n" + strings.Replace(signed, "\n\n", "\n", 1),
		"a hash that is no base64": "old 0\n????\n\n" + signed,
		"a hash of 31 bytes":       "old 0\n" + strings.Repeat("A", 42) + "==\n\n" + signed,
		"64 hashes":                submission(0, make([]tlog.Hash, 64), []byte(signed)),
		"no checkpoint":            "old 0\n\n",
		"no signature":             "old 0\n\n" + checkpoint{l.origin, tlog.Tree{N: 3, Hash: l.root(3)}}.text() + "\n",
		"an old size beyond":       submission(4, nil, []byte(signed)),
	} {
		l.refused(400, body, what)
	}
}

func (l *log) untrusted() {
	stranger, err := note.NewSigner(newSkey("stranger.example/log"))
	check(err, "making a key")
	text := checkpoint{"stranger.example/log", tlog.Tree{N: 3, Hash: l.root(3)}}.text()
	l.refused(404, submission(0, nil, sign(text, stranger)), "a log that the witness does not know")

	namesake, err := note.NewSigner(newSkey(l.origin))
	check(err, "making a key")
	text = checkpoint{l.origin, tlog.Tree{N: 3, Hash: l.root(3)}}.text()
	l.refused(403, submission(0, nil, sign(text, namesake)), "another key of the same name")
	altered := strings.Replace(string(l.head(3)), "\n3\n", "\n4\n", 1)
	l.refused(403, submission(0, nil, []byte(altered)), "a signature of another text")
}

func (l *log) beginning() {
	l.refused(422, submission(0, []tlog.Hash{l.root(1)}, l.head(3)), "a proof from size 0")
	wrong := checkpoint{l.origin, tlog.Tree{N: 0, Hash: l.root(1)}}
	l.refused(422, submission(0, nil, sign(wrong.text(), l.signer)), "size 0 with entries in its root")
	l.cosigned(0, 0, l.head(0), "an empty tree")
	l.cosigned(0, 3, l.head(3), "the first entries")
}

func (l *log) growing() {
	l.conflict(submission(0, nil, l.head(5)), 3, "an old size of 0")
	l.conflict(submission(2, l.proof(2, 5), l.head(5)), 3, "an old size below")
	l.conflict(submission(4, l.proof(4, 5), l.head(5)), 3, "an old size above")
	l.refused(422, submission(3, l.proof(2, 5), l.head(5)), "a proof of other sizes")
	l.refused(422, submission(3, nil, l.head(5)), "no proof")
	fork := checkpoint{l.origin, tlog.Tree{N: 3, Hash: l.root(2)}}
	l.refused(422, submission(3, nil, sign(fork.text(), l.signer)), "another root at the same size")
	l.refused(422, submission(3, []tlog.Hash{l.root(1)}, l.head(3)), "a proof between equal sizes")
	l.cosigned(3, 3, l.head(3), "the same checkpoint once more")
	l.cosigned(3, 256, l.head(256), "a full tile")
	l.cosigned(256, 300, l.head(300), "a tile and more")

	text := checkpoint{l.origin, tlog.Tree{N: 301, Hash: l.root(301)}}.text() + "extension line\n"
	many := []note.Signer{l.signer}
	for i := 0; i < 15; i++ {
		extra, err := note.NewSigner(newSkey(fmt.Sprintf("other.example/%d", i)))
		check(err, "making a key")
		many = append(many, extra)
	}
	signed, err := note.Sign(&note.Note{Text: text}, many...)
	check(err, "signing")
	l.cosigned(300, 301, signed, "16 signatures and an extension line")
}

// race submits different sizes at once: one wins, or the witness would have vouched for two histories.
func (l *log) race() {
	const rivals = 12
	var statuses [rivals]int
	var wait sync.WaitGroup
	for i := range statuses {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			size := int64(400 + i)
			statuses[i] = l.submit(submission(301, l.proof(301, size), l.head(size))).status
		}(i)
	}
	wait.Wait()
	won := 0
	for _, status := range statuses {
		expect(status == 200 || status == 409, "status %d in a race", status)
		if status == 200 {
			won++
		}
	}
	expect(won == 1, "%d of %d rivals won", won, rivals)
	pass("one of %d rivals won", rivals)
}

func newSkey(name string) string {
	skey, _, err := note.GenerateKey(randomness{}, name)
	check(err, "making a key")
	return skey
}

// relay brings the checkpoint of a log that is a directory of numbered entries to a witness.
func relay(url, file, entries, witness string) {
	signed, err := os.ReadFile(file)
	check(err, "reading the checkpoint")
	head := parseCheckpoint(strings.SplitAfter(string(signed), "\n\n")[0])
	l := &log{witness: parseCosigner(witness), url: strings.TrimSuffix(url, "/")}
	for i := int64(0); i < head.N; i++ {
		entry, err := os.ReadFile(filepath.Join(entries, strconv.FormatInt(i, 10)))
		check(err, "reading an entry")
		l.add(entry)
	}
	expect(l.root(head.N) == head.Hash, "the entries make another root than the checkpoint has")
	known := int64(0)
	answer := l.submit(submission(0, nil, signed))
	if answer.status == 409 {
		known, err = strconv.ParseInt(strings.TrimSuffix(string(answer.body), "\n"), 10, 64)
		check(err, "reading the witness's size")
		answer = l.submit(submission(known, l.proof(known, head.N), signed))
	}
	answer.is(200, "growth")
	checkCosignatures(signed, answer.body, l.witness)
	pass("200 for a real log's growth from %d to %d", known, head.N)
}
