import { type Bytes, ed25519PublicKey, sha256, toBase64, toHex, utf8 } from "@detente/basics";
import { formatVkey, KEY_TYPE, verifier } from "@detente/tlog";
import type { CharterDocument, Contents, PartyFile } from "../index.ts";

/** 32 bytes that only `name` gives. */
export function bytesOf(name: string): Bytes {
  return sha256(utf8(name));
}

export function hexOf(name: string): string {
  return toHex(bytesOf(name));
}

function vkey(name: string, type: number, seed: string): string {
  return formatVkey(verifier(name, type, ed25519PublicKey(bytesOf(seed))));
}

export function party(name: string): PartyFile {
  const origin = `${name}.example/log`;
  return {
    v: 1,
    name,
    origin,
    url: `https://${name}.example:7300`,
    log: vkey(origin, KEY_TYPE.ed25519, `${name} log`),
    witness: vkey(`${name}.example/witness`, KEY_TYPE.cosignature, `${name} witness`),
    mirror: vkey(`${name}.example/mirror`, KEY_TYPE.cosignature, `${name} mirror`),
    transport: toBase64(ed25519PublicKey(bytesOf(`${name} transport`))),
    next: {
      log: hexOf(`${name} next log`),
      witness: hexOf(`${name} next witness`),
      mirror: hexOf(`${name} next mirror`),
      transport: hexOf(`${name} next transport`),
    },
  };
}

export function charter(names: readonly string[], quorum: number): CharterDocument {
  return {
    v: 1,
    title: "Election guard",
    purpose: "Guard the election.\nKeep one another in check.",
    nonce: hexOf("nonce"),
    quorum,
    attempt: 1,
    parties: names.toSorted().map(party),
  };
}

const coverage = { from: 1_700_000_000_000, to: 1_700_003_600_000, source: "dns resolver, Berlin" };

/** One content of every kind. */
export const SAMPLES: Contents = {
  "open/charter": { charter: charter(["north", "south"], 1) },
  "open/keys": { role: "transport", key: toBase64(ed25519PublicKey(bytesOf("new"))), next: hexOf("newer") },
  "open/share": {
    title: "Credential phishing against election offices",
    tlp: "amber+strict",
    collection: { root: hexOf("root"), count: 3 },
    items: { digest: hexOf("items"), size: 400 },
    kinds: { domain: 2, sha256: 1 },
    source: "incident 2026-17",
  },
  "open/match-set": {
    suite: "ristretto255-SHA512",
    epoch: 1,
    key: hexOf("element"),
    receipts: hexOf("receipts"),
    pool: 20_000,
    partners: [
      { party: "east", budget: 10_000, key: hexOf("east") },
      { party: "south", budget: 5000, key: hexOf("south") },
    ],
  },
  "open/objects": {
    title: "A report on the phishing",
    tlp: "green",
    collection: { root: hexOf("objects root"), count: 2 },
    items: { digest: hexOf("objects"), size: 900 },
  },
  "open/question": { title: "Was it the same actor?", text: "" },
  "open/case": { title: "Breach of clause 4", text: "On Monday,\n\tsouth used what north had shared." },
  "open/accord": { title: "No use in attack", text: "1. Nobody uses what was shared for attacks." },
  "open/finding": { title: "Not proven", text: "…" },
  "exhibit/file": {
    digest: hexOf("pcap"),
    size: 1024,
    origin: "border router",
    via: "handed over by the operator",
    obtained: 1_700_000_000_000,
    precision: 60_000,
  },
  "exhibit/match-edition": {
    sequence: 0,
    labelBytes: 256,
    partners: [{ party: "south", root: hexOf("tags"), count: 1024, labels: hexOf("labels") }],
  },
  "weigh/probability": { permille: 125 },
  "position/assert": { text: "It is so." },
  "position/accept": { digest: hexOf("charter") },
  "position/deny": { clause: "4", text: "We did not." },
  "position/abstain": {},
  "position/recuse": {},
  "position/suspend": { clause: "2" },
  "position/withdraw": {},
  "account/report": { party: "south", said: "“We have seen it too.”", source: "press conference" },
  "observe/sighting": { item: { index: 2, value: "evil.example" }, count: 4, first: 1, last: 2, coverage },
  "observe/false-positive": { item: { index: 0 }, reason: "a content delivery network" },
  "observe/check": { check: "ballots match the manifest", outcome: "no-access", coverage },
  "observe/equivocation": {
    log: "south.example/log",
    first: "south.example/log\n1\nAAAA\n\n— south.example/log AAAA\n",
    second: "south.example/log\n2\nBBBB\n\n— south.example/log BBBB\n",
    proof: [toBase64(bytesOf("proof"))],
  },
  "observe/match-totals": {
    to: 1_700_000_000_000,
    pooled: 80,
    partners: [
      { party: "east", spent: 16, receipt: hexOf("last of east") },
      { party: "south", spent: 64, receipt: hexOf("last of south") },
    ],
  },
  "open/meeting": {
    suite: "ristretto255-SHA512",
    by: "north",
    with: "south",
    purpose: "the intrusion at the registry",
    until: 1_700_000_000_000,
    most: 4096,
    list: { key: hexOf("key of north"), count: 1024, digest: hexOf("list of north") },
  },
  "exhibit/meeting-list": { key: hexOf("key of south"), count: 2048, digest: hexOf("list of south") },
  "exhibit/meeting-message": { step: "counted", digest: hexOf("counted") },
  "observe/meeting-count": { count: 17 },
  "observe/meeting-end": { outcome: "not-as-counted" },
  "seal/commitment": { commitment: hexOf("commitment") },
  "open/contest": {
    title: "Mayor, 2026",
    holder: "office",
    auditors: ["north", "south"],
    boards: ["north", "south"],
    riskLimit: 50_000,
    test: { name: "cobra", expected: { o1: 1000, o2: 10, u1: 1000, u2: 10 }, weight: 100 },
    seed: { dice: 20, beacon: { name: "drand quicknet", rounds: [{ round: 9_000_000, at: 1_790_000_000_000 }] } },
    leastStyle: 10,
    malformed: "phantom",
    contests: [
      {
        id: "mayor",
        name: "Mayor",
        candidates: ["Ada", "Bob"],
        rule: { method: "plurality", seats: 1, marks: 1 },
        bound: 1000,
        rounds: [50, 200],
      },
    ],
  },
  "exhibit/records": {
    cards: { digest: hexOf("cards"), size: 9000, count: 1000 },
    contests: [
      {
        id: "mayor",
        collection: { root: hexOf("mayor"), count: 1000 },
        votes: { digest: hexOf("votes"), size: 9000 },
        recorded: 990,
        totals: [550, 400],
        winners: [0],
        assertions: [{ kind: "not-eliminated-next", winner: 0, loser: 1, continuing: [0, 1] }],
      },
    ],
  },
  "exhibit/openings": {
    contest: "mayor",
    openings: [{ index: 7, salt: hexOf("salt"), card: ["batch 7", 46], marks: [[0, 1]], proof: [hexOf("sibling")] }],
  },
  "observe/seed-share": { by: "north", random: hexOf("random") },
  "observe/seed-closing": { attempt: 1 },
  "observe/seed-chance": {
    attempt: 1,
    dice: [3, 1, 4],
    beacon: { name: "drand quicknet", round: 9_000_000, value: hexOf("beacon") },
  },
  "observe/readings": {
    by: "north",
    contest: "mayor",
    readings: [
      { card: ["batch 7", 46], marks: [[1, 1]] },
      { card: ["batch 8", "1-4-9"], marks: "missing" },
    ],
  },
  "observe/agreed-readings": { by: "north", contest: "mayor", readings: [{ card: ["batch 7", 46], marks: null }] },
  "observe/audit-risk": { contest: "mayor", round: 1, drawn: 50, overstatements: [[[-1, 2]]], risk: 41_000 },
  "observe/hand-count": { contest: "mayor", totals: [551, 399], winners: [0] },
};
