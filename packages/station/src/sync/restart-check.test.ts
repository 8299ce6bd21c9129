import { ok, sha256, utf8 } from "@detente/basics";
import { ed25519Signer, formatCheckpoint, leafHash, MemoryTree, signNote } from "@detente/tlog";
import { describe, expect, it } from "vitest";
import type { Peer } from "./peer.ts";
import { askPeers, type HeldHead, judgeRemembered } from "./restart-check.ts";

/** A log of `size` entries, which are `other` from entry `from` on. */
function logOf(size: number, other = "", from = size): { size: number; rootAt: (at: number) => Uint8Array } {
  const tree = new MemoryTree();
  for (let i = 0; i < size; i++) tree.append(leafHash(utf8(i < from ? `${i}` : `${other} ${i}`)));
  return { size, rootAt: (at) => tree.root(at) };
}

const OURS = logOf(5);
const LONGER = logOf(9);
const OTHER = logOf(9, "other", 3);

function head(holder: string, log: typeof OURS, size: number): HeldHead {
  return { holder, size, root: log.rootAt(size), note: sha256(utf8(holder)) };
}

function judge(...heads: readonly HeldHead[]): string {
  const verdict = judgeRemembered(OURS, heads);
  return verdict.kind === "newest" ? verdict.kind : `${verdict.kind} ${verdict.head.holder}`;
}

describe("what the peers remember of this log", () => {
  it("confirms this directory where every head is of its entries", () => {
    expect(judge()).toBe("newest");
    expect(judge(head("a", OURS, 5), head("b", OURS, 2), head("c", OURS, 0))).toBe("newest");
    expect(judge(head("a", OTHER, 3))).toBe("newest");
  });

  it("shows that the directory is behind, by the largest head", () => {
    expect(judge(head("a", LONGER, 7), head("b", LONGER, 9), head("c", OURS, 5))).toBe("behind b");
    expect(judge(head("a", LONGER, 9), head("b", LONGER, 9))).toBe("behind a");
    // By a single entry: the next head signed here would be a second one of that size.
    expect(judge(head("a", LONGER, 6))).toBe("behind a");
  });

  it.each([
    ["the only head is of other entries", [head("a", OTHER, 4)], "a"],
    ["of equal size", [head("a", OTHER, 5)], "a"],
    ["behind a larger head that is ours", [head("a", OURS, 5), head("b", OTHER, 4)], "b"],
    ["behind a longer log that continues ours", [head("a", LONGER, 9), head("b", OTHER, 4)], "b"],
    ["shown before it", [head("b", OTHER, 4), head("a", LONGER, 9)], "b"],
    ["two heads beyond ours of equal size", [head("a", LONGER, 8), head("b", OTHER, 8)], "b"],
    ["smaller than a third beyond ours", [head("a", LONGER, 7), head("b", LONGER, 9), head("c", OTHER, 7)], "c"],
  ])("shows two versions: %s", (_, heads, holder) => {
    expect(judge(...heads)).toBe(`split ${holder}`);
  });
});

describe("a head that a peer shows", () => {
  const origin = "ann.example/log";
  const [key, old, strange] = ["key", "old", "strange"].map((name) => ed25519Signer(origin, sha256(utf8(name))));
  const asked = { origin, size: OURS.size, inUse: [key?.verifier], past: [old?.verifier] } as Parameters<
    typeof askPeers
  >[1];

  async function shown(signer: typeof key, log: typeof OURS, size: number): Promise<number | string | undefined> {
    const text = formatCheckpoint({ origin, size, root: log.rootAt(size), extensions: [] });
    const body = signNote(text, [signer as NonNullable<typeof key>]);
    const client = { request: async () => ok({ status: 200, body }) };
    const { newest, silent } = await askPeers([{ name: "bob", client } as unknown as Peer], asked);
    return newest?.size ?? silent[0]?.reason;
  }

  it("is of this log by the key in use, or by one that was replaced as far as the entries here go", async () => {
    expect(await shown(key, LONGER, 9)).toBe(9);
    expect(await shown(old, OURS, 5)).toBe(5);
  });

  it("makes this log no longer by a key that was replaced, and nothing by a strange one", async () => {
    expect(await shown(old, LONGER, 6)).toContain("only a key that was replaced has signed it");
    expect(await shown(strange, OURS, 5)).toContain("our key did not sign");
  });
});
