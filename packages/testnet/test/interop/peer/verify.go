package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256

// A remote reads tiles of a log at the paths of c2sp.org/tlog-tiles.
type remote struct {
	base    string
	fetched int
}

// place is the path of tile or bundle n with w of its 256 places filled.
func place(kind string, n int64, w int) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if w < width {
		path += fmt.Sprintf(".p/%d", w)
	}
	return "/tile/" + kind + "/" + path
}

func (r *remote) Height() int                         { return height }
func (r *remote) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (r *remote) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, t := range tiles {
		data[i] = r.static(place(fmt.Sprint(t.L), t.N, t.W))
		if len(data[i]) != t.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %v has %d bytes", t, len(data[i]))
		}
	}
	return data, nil
}

func (r *remote) static(path string) []byte {
	r.fetched++
	answer := get(r.base+path).is(200, path).has("Content-Type", "application/octet-stream", path)
	expect(strings.Contains(answer.header.Get("Cache-Control"), "max-age=31536000"), "%s may be cached for long", path)
	return answer.body
}

func splitBundle(bundle []byte, count int) [][]byte {
	entries := make([][]byte, 0, count)
	for len(bundle) > 0 {
		expect(len(bundle) >= 2, "a bundle is cut short")
		length := int(binary.BigEndian.Uint16(bundle))
		expect(len(bundle) >= 2+length, "a bundle is cut short")
		entries = append(entries, bundle[2:2+length])
		bundle = bundle[2+length:]
	}
	expect(len(entries) == count, "a bundle has %d entries, expected %d", len(entries), count)
	return entries
}

func filled(size, n int64) int {
	if left := size - n*width; left < width {
		return int(left)
	}
	return width
}

func verifyLog(base, vkey string, cosigners []string) {
	r := &remote{base: strings.TrimSuffix(base, "/")}
	key, err := note.NewVerifier(vkey)
	check(err, "reading the log's vkey")
	verifiers := []note.Verifier{key}
	for _, c := range cosigners {
		verifiers = append(verifiers, parseCosigner(c))
	}
	answer := get(r.base+"/checkpoint").is(200, "checkpoint").has("Content-Type", "text/plain; charset=utf-8", "checkpoint")
	expect(!strings.Contains(answer.header.Get("Cache-Control"), "max-age"), "a checkpoint is not cached")
	head := parseCheckpoint(openAll(answer.body, verifiers...).Text)
	expect(head.origin == key.Name(), "the checkpoint is of %q, not of %q", head.origin, key.Name())
	pass("checkpoint of %s, size %d, signed by the log and %d cosigners", head.origin, head.N, len(cosigners))

	authentic := tlog.TileHashReader(head.Tree, r)
	whole := readAll(r, head, authentic)
	proveAll(whole, head, authentic)
	tryPartial(r, whole, head)
	tryAbsent(r, head)
	tryHeaders(r, head)
	fmt.Printf("verified %d\n", head.N)
}

// readAll reads every entry, checks it against the tiles, and makes the tree anew from the entries alone.
func readAll(r *remote, head checkpoint, authentic tlog.HashReader) *tree {
	whole := &tree{}
	for n := int64(0); n*width < head.N; n++ {
		w := filled(head.N, n)
		indexes := make([]int64, w)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, n*width+int64(i))
		}
		leaves, err := authentic.ReadHashes(indexes)
		check(err, "reading the leaves' hashes")
		for i, entry := range splitBundle(r.static(place("entries", n, w)), w) {
			expect(tlog.RecordHash(entry) == leaves[i], "entry %d is not the one in the tree", n*width+int64(i))
			whole.add(entry)
		}
	}
	expect(whole.root(head.N) == head.Hash, "the entries make another root")
	pass("%d entries in their tiles, root made anew", head.N)
	return whole
}

func samples(size int64) []int64 {
	var chosen []int64
	for _, n := range []int64{0, 1, 2, 3, 127, 128, 255, 256, 257, 300, 511, 512, 513, size - 2, size - 1} {
		if n >= 0 && n < size {
			chosen = append(chosen, n)
		}
	}
	return chosen
}

func proveAll(whole *tree, head checkpoint, authentic tlog.HashReader) {
	for _, n := range samples(head.N) {
		proof, err := tlog.ProveRecord(head.N, n, authentic)
		check(err, "proving inclusion")
		check(tlog.CheckRecord(proof, head.N, head.Hash, n, whole.hashes[tlog.StoredHashIndex(0, n)]), "inclusion")
		older := n + 1
		change, err := tlog.ProveTree(head.N, older, authentic)
		check(err, "proving consistency")
		check(tlog.CheckTree(change, head.N, head.Hash, older, whole.root(older)), "consistency")
	}
	pass("inclusion and consistency proofs")
}

// tryPartial reads partial tiles and bundles of earlier sizes: a checkpoint of each may exist.
func tryPartial(r *remote, whole *tree, head checkpoint) {
	for _, last := range samples(head.N) {
		w := int(last%width) + 1
		if w == width {
			continue
		}
		n := last / width
		t := tlog.Tile{H: height, L: 0, N: n, W: w}
		want, err := tlog.ReadTileData(t, whole)
		check(err, "making a tile")
		expect(bytes.Equal(r.static(place("0", n, w)), want), "tile %s is another", place("0", n, w))
		for i, entry := range splitBundle(r.static(place("entries", n, w)), w) {
			index := tlog.StoredHashIndex(0, n*width+int64(i))
			expect(tlog.RecordHash(entry) == whole.hashes[index], "a partial bundle holds another entry")
		}
	}
	pass("partial tiles and bundles of earlier sizes")
}

func tryAbsent(r *remote, head checkpoint) {
	// The log may have grown since, but not that far.
	beyond := head.N/width + 4
	absent := []string{
		place("0", beyond, 1), place("0", beyond, width), place("entries", beyond, 1), place("entries", beyond, width),
		"/tile/0/0", "/tile/00/000", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/0/000.p/01", "/tile/0/x000/000",
		"/tile/64/000", "/tile/7/000.p/1", "/tile/-1/000", "/tile/entries", "/tile/entries/000.p/0", "/nothing", "/",
	}
	for _, path := range absent {
		get(r.base+path).is(404, path)
	}
	pass("404 for %d paths that name nothing", len(absent))
}

func tryHeaders(r *remote, head checkpoint) {
	bundle := place("entries", 0, filled(head.N, 0))
	for _, path := range []string{"/checkpoint", bundle, place("0", 0, filled(head.N, 0))} {
		plain := get(r.base + path)
		bare := do("HEAD", r.base+path, nil, nil).is(200, "HEAD "+path)
		bare.has("Content-Type", plain.header.Get("Content-Type"), "HEAD "+path)
		expect(len(bare.body) == 0, "HEAD %s has a body", path)
		plain.has("Access-Control-Allow-Origin", "*", path)
		plain.has("Content-Encoding", "", path)
	}
	packed := do("GET", r.base+bundle, map[string]string{"Accept-Encoding": "gzip"}, nil).is(200, bundle)
	packed.has("Content-Encoding", "gzip", bundle).has("Vary", "accept-encoding", bundle)
	reader, err := gzip.NewReader(bytes.NewReader(packed.body))
	check(err, "unpacking a bundle")
	unpacked, err := io.ReadAll(reader)
	check(err, "unpacking a bundle")
	expect(bytes.Equal(unpacked, get(r.base+bundle).body), "packed and plain bundles differ")
	refused := do("GET", r.base+bundle, map[string]string{"Accept-Encoding": "gzip;q=0, identity"}, nil)
	refused.has("Content-Encoding", "", "a client that takes no gzip")
	pass("HEAD, gzip, CORS")
}
