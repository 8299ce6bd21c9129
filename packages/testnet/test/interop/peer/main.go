// Program peer is what Détente's stations are tried against: a verifier, a log and a witness of transparency logs,
// written from the C2SP texts and on golang.org/x/mod/sumdb, and sharing no code with the stations.
//
//	peer verify BASE-URL LOG-VKEY [COSIGNER-VKEY...]
//	peer log WITNESS-URL SIGNING-KEY WITNESS-VKEY
//	peer relay WITNESS-URL CHECKPOINT-FILE ENTRIES-DIR WITNESS-VKEY
//	peer witness NAME LOG-VKEY...
//	peer newkey NAME
//
// It prints what it found right, line by line, and stops at the first thing that is wrong with exit code 1.
package main

import (
	"crypto/rand"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
)

func main() {
	if len(os.Args) < 3 {
		fatal("usage: peer verify|log|relay|witness|newkey ...")
	}
	args := os.Args[2:]
	switch os.Args[1] {
	case "verify":
		verifyLog(args[0], args[1], args[2:])
	case "log":
		runLog(args[0], args[1], args[2])
	case "relay":
		relay(args[0], args[1], args[2], args[3])
	case "witness":
		runWitness(args[0], args[1:])
	case "newkey":
		skey, vkey, err := note.GenerateKey(rand.Reader, args[0])
		check(err, "making a key")
		fmt.Println(skey)
		fmt.Println(vkey)
	default:
		fatal("no such command: " + os.Args[1])
	}
}

func pass(format string, args ...interface{}) {
	fmt.Printf("ok "+format+"\n", args...)
}

func fatal(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "WRONG "+format+"\n", args...)
	os.Exit(1)
}

func check(err error, doing string) {
	if err != nil {
		fatal("%s: %v", doing, err)
	}
}

func expect(holds bool, format string, args ...interface{}) {
	if !holds {
		fatal(format, args...)
	}
}
