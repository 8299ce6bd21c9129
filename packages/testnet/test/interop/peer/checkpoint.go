package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A checkpoint is the text of c2sp.org/tlog-checkpoint.
type checkpoint struct {
	origin string
	tlog.Tree
}

func (c checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.origin, c.N, c.Hash)
}

func parseCheckpoint(text string) checkpoint {
	lines := strings.Split(text, "\n")
	expect(len(lines) >= 4 && lines[len(lines)-1] == "", "a checkpoint has three lines: %q", text)
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "reading a checkpoint's size")
	expect(size >= 0 && strconv.FormatInt(size, 10) == lines[1], "a checkpoint's size is a plain decimal: %q", lines[1])
	hash, err := tlog.ParseHash(lines[2])
	check(err, "reading a checkpoint's root")
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: hash}}
}

func originHash(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return hex.EncodeToString(sum[:])
}

const cosignatureType = 0x04

// A cosigner verifies, and with a private key makes, the Ed25519 cosignatures of c2sp.org/tlog-cosignature.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	priv ed25519.PrivateKey
	// The time in the last cosignature that was verified.
	seen time.Time
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func cosignatureMessage(text []byte, at uint64) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", at)), text...)
}

func (c *cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	c.seen = time.Unix(int64(at), 0)
	return ed25519.Verify(c.key, cosignatureMessage(text, at), sig[8:])
}

func (c *cosigner) Sign(text []byte) ([]byte, error) {
	at := uint64(time.Now().Unix())
	sig := make([]byte, 8, 8+ed25519.SignatureSize)
	binary.BigEndian.PutUint64(sig, at)
	return append(sig, ed25519.Sign(c.priv, cosignatureMessage(text, at))...), nil
}

func cosignerHash(name string, key ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n\x04"), key...))
	return binary.BigEndian.Uint32(sum[:])
}

func newCosigner(name string) *cosigner {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	check(err, "making a cosigner's key")
	return &cosigner{name: name, hash: cosignerHash(name, public), key: public, priv: private}
}

func (c *cosigner) vkey() string {
	key := append([]byte{cosignatureType}, c.key...)
	return fmt.Sprintf("%s+%08x+%s", c.name, c.hash, base64.StdEncoding.EncodeToString(key))
}

func parseCosigner(vkey string) *cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	expect(len(parts) == 3, "a vkey has three parts: %q", vkey)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err, "reading a vkey")
	expect(len(key) == 33 && key[0] == cosignatureType, "a witness's vkey has type 04 and 32 bytes: %q", vkey)
	c := &cosigner{name: parts[0], key: key[1:]}
	c.hash = cosignerHash(c.name, c.key)
	expect(fmt.Sprintf("%08x", c.hash) == parts[1], "the key id of %q should be %08x", vkey, c.hash)
	return c
}

// openAll opens a note and wants a signature by each of the verifiers.
func openAll(signed []byte, verifiers ...note.Verifier) *note.Note {
	n, err := note.Open(signed, note.VerifierList(verifiers...))
	check(err, "opening a note")
	for _, v := range verifiers {
		found := false
		for _, sig := range n.Sigs {
			found = found || sig.Name == v.Name() && sig.Hash == v.KeyHash()
		}
		expect(found, "the note has no signature by %s:\n%s", v.Name(), signed)
	}
	return n
}

// checkCosignatures wants a witness's answer to be signature lines over the checkpoint, one of them by the witness.
func checkCosignatures(signed, answer []byte, w *cosigner) {
	expect(bytes.HasSuffix(answer, []byte("\n")), "the cosignatures do not end in a newline: %q", answer)
	for _, line := range strings.Split(strings.TrimSuffix(string(answer), "\n"), "\n") {
		expect(strings.HasPrefix(line, "\u2014 "), "not a signature line: %q", line)
	}
	openAll(append(append([]byte{}, signed...), answer...), w)
	age := time.Since(w.seen)
	expect(age > -time.Minute && age < time.Minute, "the cosignature's time is %s ago", age)
}
