import { fromHex, utf8 } from "@detente/basics";
import { expect, test } from "vitest";
import { bodyText, post, witnessKey } from "../test/memory-log.ts";
import { MemoryHeadStore } from "./head-store.ts";
import { KEY_TYPE, verifier } from "./vkey.ts";
import { Witness, type WitnessState } from "./witness.ts";

/**
 * The exchange of filippo.io/torchwood, cmd/litewitness/testdata/litewitness.txt: what a sigsum log sent to another
 * implementation of the witness protocol, in order, and the statuses it answered with. Only the spoiled signature is
 * spoiled elsewhere: theirs ends in "6gx=", base64 with stray bits, which is malformed here (400) before it is invalid.
 */
const ORIGIN = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
const LOG_KEY = "ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f";

const SIGNED_1 = `${ORIGIN}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— ${ORIGIN} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
`;
const SIGNED_3 = `${ORIGIN}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— ${ORIGIN} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
`;
const SIGNED_5 = `${ORIGIN}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— ${ORIGIN} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
`;
const NO_CHECKPOINT = `${ORIGIN}
five
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— ${ORIGIN} UgIom4JTC2MerrFcJ5xDcWHzRPVB6zzGBIw4OFqcKDflqjH4q4xY5vMxUxyczvdIlEwFYf7ivQU4KoWan2bLmzLx0go=
`;
const PROOF_1_3 = "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nKgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
const PROOF_3_5 = `KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
KgMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=
KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`;
const PROOF_1_5 = `KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=
KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`;

/** What is sent, the status, and the body of the answer where the file states it. */
const EXCHANGE: readonly (readonly [string, string, number, string])[] = [
  ["the first checkpoint", `old 0\n\n${SIGNED_1}`, 200, "— witness.example "],
  ["a spoiled signature", `old 1\n${PROOF_1_3}\n${SIGNED_3.replace("6go=", "6gw=")}`, 403, ""],
  ["an unknown log", `old 1\n${PROOF_1_3}\n${SIGNED_3.replaceAll("e562", "e563")}`, 404, ""],
  ["no proof", `old 1\n\n${SIGNED_3}`, 422, ""],
  ["a spoiled proof", `old 1\n${PROOF_1_3.replace(/AAA=\n$/, "ABA=\n")}\n${SIGNED_3}`, 422, ""],
  ["growth from 1 to 3", `old 1\n${PROOF_1_3}\n${SIGNED_3}`, 200, "— witness.example "],
  ["growth from a size before the last", `old 1\n${PROOF_1_5}\n${SIGNED_5}`, 409, "3\n"],
  ["growth from 3 to 5", `old 3\n${PROOF_3_5}\n${SIGNED_5}`, 200, "— witness.example "],
  ["as if from the beginning", `old 0\n\n${SIGNED_5}`, 409, "5\n"],
  ["a checkpoint without signatures", `old 5\n\n${SIGNED_5.slice(0, SIGNED_5.indexOf("\n\n") + 1)}`, 400, ""],
  ["a signed note that is no checkpoint", `old 5\n\n${NO_CHECKPOINT}`, 400, ""],
];

test("the exchange of litewitness gives the same statuses", async () => {
  const key = verifier(ORIGIN, KEY_TYPE.ed25519, fromHex(LOG_KEY) ?? new Uint8Array(0));
  const witness = new Witness({
    cosigners: [witnessKey],
    store: new MemoryHeadStore<WitnessState>(),
    logKeys: (origin) => (origin === ORIGIN ? [key] : []),
    originOfHash: () => undefined,
    onSuspicion: () => undefined,
    now: () => 1_700_000_000_000,
  });
  for (const [what, body, status, text] of EXCHANGE) {
    const answer = await witness.handle(post("/add-checkpoint", utf8(body)));
    expect({ what, status: answer.status }).toEqual({ what, status });
    expect(bodyText(answer).slice(0, text.length)).toBe(text);
  }
});
