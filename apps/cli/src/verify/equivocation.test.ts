import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519PublicKey, utf8Decode } from "@detente/basics";
import { ed25519Signer, formatCheckpoint, formatVkey, KEY_TYPE, signNote, verifier } from "@detente/tlog";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detente } from "../testing/console.ts";

const LOG = "log.example/mallory";
const SEED = new Uint8Array(32).fill(7);

let dir: string;
let policy: string;

/** A checkpoint of three entries that Mallory, or another key, has signed. */
function note(root: number, seed: Uint8Array = SEED): string {
  const text = formatCheckpoint({ origin: LOG, size: 3, root: new Uint8Array(32).fill(root), extensions: [] });
  return utf8Decode(signNote(text, [ed25519Signer(LOG, seed)])) as string;
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return path;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-"));
  const key = formatVkey(verifier(LOG, KEY_TYPE.ed25519, ed25519PublicKey(SEED)));
  policy = await file("mallory.policy", `log ${key}\nquorum none\n`);
});

afterAll(() => rm(dir, { recursive: true, force: true }));

describe("verify of an alleged equivocation", () => {
  it("is valid where one log has signed two roots for one size", async () => {
    const path = await file("fraud.json", { log: LOG, first: note(1), second: note(2) });
    const { code, out } = await detente(["verify", path, "--policy", policy]);
    expect(code).toBe(0);
    expect(out).toContain("both checkpoints are signed by log.example/mallory");
  });

  it("is not valid where both are one, or another key has signed", async () => {
    for (const second of [note(1), note(2, new Uint8Array(32).fill(8))]) {
      const path = await file("none.json", { log: LOG, first: note(1), second });
      const { code, out } = await detente(["verify", path, "--policy", policy]);
      expect(code).toBe(1);
      expect(out).toMatch(/fails .*\n\nNOT VALID\n$/);
    }
  });

  it("is trouble without a policy, with a broken one, and where the file is none", async () => {
    const path = await file("fraud.json", { log: LOG, first: note(1), second: note(2) });
    expect((await detente(["verify", path])).err).toMatch(/^detente: --policy: is missing/);
    const broken = await file("broken.policy", "log\n");
    expect((await detente(["verify", path, "--policy", broken])).err).toMatch(
      `detente: ${broken}: line 1 of the policy`,
    );
    const other = await file("other.json", { log: 1, first: 2, second: 3 });
    expect(await detente(["verify", other, "--policy", policy])).toMatchObject({ code: 2, out: "" });
    expect(await detente(["verify", "-"])).toMatchObject({ code: 2, out: "" });
  });
});
