import { type Bytes, equalBytes, err, ok, type Result } from "@detente/basics";
import type { LogReader } from "@detente/store";
import { openCheckpoint, originHash, type SignedHead, type Verifier } from "@detente/tlog";
import type { Peer } from "./peer.ts";

/** What the peers remember of this party's log, each answer by its own signature. */
export interface Remembered {
  /** The newest head of this log that any of them showed; it carries this party's own signature. */
  readonly newest: (SignedHead & { readonly holder: string }) | undefined;
  /** Members that gave no answer, with the reason. */
  readonly silent: readonly { readonly party: string; readonly reason: string }[];
}

export type Verdict =
  /** This directory is at least as new as everything the peers have seen. */
  | { readonly kind: "newest" }
  /** The peers hold entries that this directory lacks. */
  | { readonly kind: "behind"; readonly head: SignedHead & { readonly holder: string } }
  /** This party's key has signed two different trees. */
  | { readonly kind: "split"; readonly head: SignedHead & { readonly holder: string } };

/** How heads of this party's own log are told. */
export interface OwnHeads {
  readonly origin: string;
  /** Entries on this disk. */
  readonly size: number;
  readonly inUse: readonly Verifier[];
  /** Keys that were replaced: whoever has stolen one must not make this log seem longer than it is. */
  readonly past: readonly Verifier[];
}

const TIMEOUT = 10_000;
const MAX_CHECKPOINT = 1 << 20;

/**
 * Asks every peer for the newest head of this party's log that it cosigned or mirrors. A data directory that was
 * restored from a backup looks like any other from within; only the others can tell.
 */
export async function askPeers(peers: readonly Peer[], own: OwnHeads): Promise<Remembered> {
  const answers = await Promise.all(peers.map((peer) => askPeer(peer, own)));
  let newest: Remembered["newest"];
  const silent: { party: string; reason: string }[] = [];
  for (const [i, answer] of answers.entries()) {
    const party = (peers[i] as Peer).name;
    if (!answer.ok) silent.push({ party, reason: answer.fault.message });
    else if (answer.value !== undefined && (newest === undefined || answer.value.size > newest.size)) {
      newest = { ...answer.value, holder: party };
    }
  }
  return { newest, silent };
}

/** Holds what the peers showed against the log on this disk. */
export function judgeRemembered(log: LogReader, newest: Remembered["newest"]): Verdict {
  if (newest === undefined) return { kind: "newest" };
  if (newest.size > log.size) return { kind: "behind", head: newest };
  return equalBytes(log.rootAt(newest.size), newest.root) ? { kind: "newest" } : { kind: "split", head: newest };
}

/** The larger of what a peer's witness cosigned and what its mirror holds; `undefined` where it has neither. */
async function askPeer(peer: Peer, own: OwnHeads): Promise<Result<SignedHead | undefined>> {
  let newest: SignedHead | undefined;
  for (const service of ["witness", "mirror"]) {
    const answer = await peer.client.request("GET", `/${service}/${originHash(own.origin)}/checkpoint`, {
      maxBytes: MAX_CHECKPOINT,
      timeoutMs: TIMEOUT,
    });
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status === 404) continue;
    if (status !== 200) return err("refused", `${peer.name} answered ${status} when asked for our newest head`);
    const head = readOwnHead(body, own);
    if (!head.ok)
      return err("bad-answer", `${peer.name} showed a head that our key did not sign: ${head.fault.message}`);
    if (newest === undefined || head.value.size > newest.size) newest = head.value;
  }
  return ok(newest);
}

function readOwnHead(note: Bytes, { origin, size: held, inUse, past }: OwnHeads): Result<SignedHead> {
  const current = openCheckpoint(note, origin, inUse);
  const opened = current.ok ? current : openCheckpoint(note, origin, past);
  if (!opened.ok) return opened;
  const { size, root } = opened.value.checkpoint;
  if (current.ok || size <= held) return ok({ size, root, note });
  return err("replaced-key", "only a key that was replaced has signed it");
}
