import type { Bytes } from "@detente/basics";
import {
  consistencyProof,
  type Cosigner,
  formatAddCheckpoint,
  MemoryHeadStore,
  originHash,
  type Suspicion,
  type Verifier,
  type WireResponse,
  Witness,
  type WitnessState,
} from "../src/index.ts";
import { checkpointNote, logSigner, type MemoryLog, ORIGIN, post, witnessKey } from "./memory-log.ts";

export interface WitnessBench {
  readonly witness: Witness;
  readonly store: MemoryHeadStore<WitnessState>;
  readonly suspicions: Suspicion[];
  keys: readonly Verifier[];
  now: number;
}

/** A witness of one log, with what it is given and what it reports. */
export function witnessBench(
  store: MemoryHeadStore<WitnessState> = new MemoryHeadStore<WitnessState>(),
  cosigners: readonly Cosigner[] = [witnessKey],
): WitnessBench {
  const suspicions: Suspicion[] = [];
  const made: WitnessBench = {
    store,
    suspicions,
    keys: [logSigner.verifier],
    now: 1_700_000_000_999,
    witness: new Witness({
      cosigners,
      store,
      logKeys: (origin) => (origin === ORIGIN ? made.keys : []),
      originOfHash: (hash) => (hash === originHash(ORIGIN) ? ORIGIN : undefined),
      onSuspicion: (suspicion) => void suspicions.push(suspicion),
      now: () => made.now,
    }),
  };
  return made;
}

/** Offers the log's checkpoint with the right proof from `oldSize`. */
export function add(witness: Witness, log: MemoryLog, oldSize: number, size: number): Promise<WireResponse> {
  return offer(witness, oldSize, consistencyProof(oldSize, size, log.tree.reader), checkpointNote(log, size));
}

export function offer(witness: Witness, oldSize: number, proof: readonly Bytes[], note: Bytes): Promise<WireResponse> {
  return witness.handle(post("/add-checkpoint", formatAddCheckpoint({ oldSize, proof, note })));
}
