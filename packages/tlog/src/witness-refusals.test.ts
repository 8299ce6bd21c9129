import { type Bytes, sha256, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyText, checkpointNote, get, logOf, logSigner, ORIGIN, post, seed } from "../test/memory-log.ts";
import { add, offer, witnessBench } from "../test/witness-bench.ts";
import { formatCheckpoint } from "./checkpoint.ts";
import { emptyRoot } from "./hash.ts";
import { formatNote, parseNote } from "./note.ts";
import { ed25519Signer, signNote } from "./signer.ts";
import { formatAddCheckpoint } from "./witness-message.ts";

describe("refusals", () => {
  test("each status, the first check that fails deciding", async () => {
    const { witness } = witnessBench();
    const log = await logOf(9);
    await add(witness, log, 0, 5);
    const stranger = ed25519Signer(ORIGIN, seed(12));
    const other = signNote(
      formatCheckpoint({ origin: "log.example/unknown", size: 9, root: emptyRoot, extensions: [] }),
      [logSigner],
    );
    const forged = unwrap(parseNote(checkpointNote(log, 9)));
    const bad = formatNote({ text: forged.text.replace("9", "8"), signatures: forged.signatures });

    expect((await witness.handle(post("/add-checkpoint", utf8("old x\n\n")))).status).toBe(400);
    expect((await offer(witness, 5, [], utf8("no note"))).status).toBe(400);
    expect((await offer(witness, 5, [], signNote("no checkpoint\n", [logSigner]))).status).toBe(400);
    expect((await offer(witness, 5, [], other)).status).toBe(404);
    expect((await offer(witness, 5, [], checkpointNote(log, 9, stranger))).status).toBe(403);
    expect((await offer(witness, 5, [], bad)).status).toBe(403);
    expect((await offer(witness, 10, [], checkpointNote(log, 9))).status).toBe(400);
    expect((await offer(witness, 5, [], checkpointNote(log, 9))).status).toBe(422);
    expect((await offer(witness, 5, [sha256(utf8("x"))], checkpointNote(log, 5))).status).toBe(422);
  });

  test("409 names the last cosigned size, in its own media type", async () => {
    const { witness } = witnessBench();
    const log = await logOf(9);
    const first = await offer(witness, 3, [], checkpointNote(log, 9));
    expect([first.status, bodyText(first)]).toEqual([409, "0\n"]);
    await add(witness, log, 0, 5);
    const second = await add(witness, log, 0, 9);
    expect([second.status, bodyText(second), second.headers]).toEqual([
      409,
      "5\n",
      { "content-type": "text/x.tlog.size" },
    ]);
    expect((await add(witness, log, 0, 3)).status).toBe(409);
  });

  test("other paths and methods are not found", async () => {
    const { witness } = witnessBench();
    for (const request of [get("/add-checkpoint"), get("/"), post("/x", new Uint8Array(0)), get("/../checkpoint")]) {
      expect((await witness.handle(request)).status).toBe(404);
    }
  });

  test("nothing that is refused changes the state", async () => {
    const { witness, store } = witnessBench();
    const log = await logOf(9);
    await add(witness, log, 0, 5);
    const before = await store.get(ORIGIN);
    await offer(witness, 5, [], checkpointNote(log, 9));
    await add(witness, log, 0, 9);
    await add(witness, await logOf(5, "fork", 3), 5, 5);
    expect(await store.get(ORIGIN)).toBe(before);
  });
});

describe("a log that forks", () => {
  test("another root at the held size is 422 and handed over as evidence", async () => {
    const { witness, suspicions } = witnessBench();
    const log = await logOf(5);
    const fork = await logOf(5, "fork", 3);
    await add(witness, log, 0, 5);
    expect((await add(witness, fork, 5, 5)).status).toBe(422);
    expect(suspicions).toMatchObject([{ origin: ORIGIN, kind: "other-root", offered: checkpointNote(fork) }]);
    expect(unwrap(parseNote(suspicions[0]?.held as Bytes)).text).toBe(unwrap(parseNote(checkpointNote(log))).text);
  });

  test("it is evidence also where the request is refused for something else", async () => {
    const { witness, suspicions } = witnessBench();
    await add(witness, await logOf(5), 0, 5);
    expect((await add(witness, await logOf(5, "fork", 3), 0, 5)).status).toBe(409);
    expect(suspicions.map(({ kind }) => kind)).toEqual(["other-root"]);
  });

  test("a larger fork's proof does not verify", async () => {
    const { witness, suspicions } = witnessBench();
    await add(witness, await logOf(5), 0, 5);
    expect((await add(witness, await logOf(9, "fork", 3), 5, 9)).status).toBe(422);
    expect(suspicions.map(({ kind }) => kind)).toEqual(["bad-proof"]);
  });
});

describe("hostile bodies", () => {
  test("nothing makes the witness throw or cosign", async () => {
    const { witness, store } = witnessBench();
    const log = await logOf(5);
    const good = formatAddCheckpoint({ oldSize: 0, proof: [], note: checkpointNote(log) });
    const spoiled = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
      const bytes = good.slice();
      bytes[at] = (bytes[at] as number) ^ mask;
      return bytes;
    });
    const bodies = fc.oneof(
      spoiled,
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(good.length - 1).map((n) => good.subarray(0, n)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("/add-checkpoint", "/sign-subtree"), bodies, async (path, body) => {
        const { status } = await witness.handle(post(path, body));
        expect([400, 403, 404, 409, 422]).toContain(status);
      }),
      { numRuns: 400 },
    );
    expect(await store.get(ORIGIN)).toBeUndefined();
  });

  test("a signed checkpoint with a text too long to be cosigned is refused", async () => {
    const { witness } = witnessBench();
    const extensions = ["x".repeat(70_000)];
    const note = signNote(formatCheckpoint({ origin: ORIGIN, size: 0, root: emptyRoot, extensions }), [logSigner]);
    expect((await offer(witness, 0, [], note)).status).toBe(400);
  });
});
