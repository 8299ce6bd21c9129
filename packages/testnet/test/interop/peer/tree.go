package main

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A tree holds every hash of a log of its own making.
type tree struct {
	size   int64
	hashes []tlog.Hash
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = t.hashes[index]
	}
	return found, nil
}

func (t *tree) add(entry []byte) {
	hashes, err := tlog.StoredHashes(t.size, entry, t)
	check(err, "adding an entry")
	t.hashes = append(t.hashes, hashes...)
	t.size++
}

func (t *tree) root(size int64) tlog.Hash {
	if size == 0 {
		return emptyRoot
	}
	hash, err := tlog.TreeHash(size, t)
	check(err, "computing a root")
	return hash
}

// proof is the consistency proof between two sizes, empty where the protocol wants it empty.
func (t *tree) proof(older, newer int64) []tlog.Hash {
	if older == 0 || older == newer {
		return nil
	}
	proof, err := tlog.ProveTree(newer, older, t)
	check(err, "proving consistency")
	return proof
}
