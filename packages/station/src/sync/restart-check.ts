import { type Bytes, equalBytes, err, ok, type Result } from "@detente/basics";
import type { LogReader } from "@detente/store";
import { openCheckpoint, originHash, type SignedHead, type Verifier } from "@detente/tlog";
import type { Peer } from "./peer.ts";

/** A head of this party's own log, by its own signature, that a peer showed. */
export type HeldHead = SignedHead & { readonly holder: string };

/** What the peers remember of this party's log. */
export interface Remembered {
  /** Every head that any peer's witness or mirror showed. */
  readonly heads: readonly HeldHead[];
  /** The largest of them, the first shown among equals. */
  readonly newest: HeldHead | undefined;
  /** Members that gave no answer, or not a whole one, with the reason. */
  readonly silent: readonly { readonly party: string; readonly reason: string }[];
}

export type Verdict =
  /** This directory is at least as new as everything the peers have seen. */
  | { readonly kind: "newest" }
  /** The peers hold entries that this directory lacks. */
  | { readonly kind: "behind"; readonly head: HeldHead }
  /** This party's key has signed two different trees. */
  | { readonly kind: "split"; readonly head: HeldHead };

/** How heads of this party's own log are told. */
export interface OwnHeads {
  readonly origin: string;
  /** Entries on this disk. */
  readonly size: number;
  readonly inUse: readonly Verifier[];
  /** Keys that were replaced: whoever has stolen one must not make this log seem longer than it is. */
  readonly past: readonly Verifier[];
}

const SERVICES = ["witness", "mirror"] as const;
const TIMEOUT = 10_000;
const MAX_CHECKPOINT = 1 << 20;

/**
 * Asks every peer for the newest heads of this party's log that it cosigned and mirrored. A data directory that was
 * restored from a backup looks like any other from within; only the others can tell.
 */
export async function askPeers(peers: readonly Peer[], own: OwnHeads): Promise<Remembered> {
  const answers = await Promise.all(
    peers.flatMap((peer) =>
      SERVICES.map(async (service) => ({ party: peer.name, answer: await askPeer(peer, service, own) })),
    ),
  );
  const heads: HeldHead[] = [];
  const silent = new Map<string, string>();
  for (const { party, answer } of answers) {
    if (!answer.ok) silent.set(party, answer.fault.message);
    else if (answer.value !== undefined) heads.push({ ...answer.value, holder: party });
  }
  return { heads, newest: largest(heads), silent: [...silent].map(([party, reason]) => ({ party, reason })) };
}

/**
 * Holds what the peers showed against the log on this disk. Each head counts, not the largest alone: a longer log may
 * well continue only one of two versions, and the other is then seen in the smaller heads alone.
 */
export function judgeRemembered(log: Pick<LogReader, "size" | "rootAt">, heads: readonly HeldHead[]): Verdict {
  const roots = new Map<number, Bytes>();
  for (const head of heads) {
    const expected = head.size <= log.size ? log.rootAt(head.size) : (roots.get(head.size) ?? head.root);
    if (!equalBytes(expected, head.root)) return { kind: "split", head };
    roots.set(head.size, expected);
  }
  const newest = largest(heads);
  return newest !== undefined && newest.size > log.size ? { kind: "behind", head: newest } : { kind: "newest" };
}

function largest(heads: readonly HeldHead[]): HeldHead | undefined {
  return heads.reduce<HeldHead | undefined>((most, head) => (head.size > (most?.size ?? -1) ? head : most), undefined);
}

/** What a peer's witness cosigned last or its mirror holds; `undefined` where it has nothing. */
async function askPeer(
  peer: Peer,
  service: (typeof SERVICES)[number],
  own: OwnHeads,
): Promise<Result<SignedHead | undefined>> {
  const answer = await peer.client.request("GET", `/${service}/${originHash(own.origin)}/checkpoint`, {
    maxBytes: MAX_CHECKPOINT,
    timeoutMs: TIMEOUT,
  });
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status === 404) return ok(undefined);
  if (status !== 200) return err("refused", `${peer.name} answered ${status} when asked for our newest head`);
  const head = readOwnHead(body, own);
  return head.ok
    ? head
    : err("bad-answer", `${peer.name} showed a head that our key did not sign: ${head.fault.message}`);
}

function readOwnHead(note: Bytes, { origin, size: held, inUse, past }: OwnHeads): Result<SignedHead> {
  const current = openCheckpoint(note, origin, inUse);
  const opened = current.ok ? current : openCheckpoint(note, origin, past);
  if (!opened.ok) return opened;
  const { size, root } = opened.value.checkpoint;
  if (current.ok || size <= held) return ok({ size, root, note });
  return err("replaced-key", "only a key that was replaced has signed it");
}
