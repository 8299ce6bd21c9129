import { type Json, parseCanonicalJson } from "@detente/basics";
import type { KeyRole } from "@detente/record";
import { openCheckpoint, originHash, type Verifier } from "@detente/tlog";
import type { Clock } from "../clock.ts";
import type { KeyKeeper } from "../setup/key-keeper.ts";
import { Job, type StepOutcome } from "./job.ts";
import type { Peer } from "./peer.ts";

export interface RetirementOptions {
  readonly keeper: KeyKeeper;
  readonly origin: string;
  readonly peers: () => readonly Peer[];
  /** Brings the newest head to a peer once more, whose copy bears no signature by the key in use. */
  readonly showAgain: (peer: string) => void;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

const LIMITS = { maxBytes: 1 << 20, timeoutMs: 10_000 } as const;
const RETRY = 1000;

/**
 * Ends the time in which a replaced key is used beside its successor: once every member's record has the successor,
 * and, for the log's key, once what every member keeps of this log is signed with it.
 */
export class KeyRetirement {
  readonly #options: RetirementOptions;
  readonly #job: Job;
  readonly #waitingFor = new Map<KeyRole, readonly string[]>();

  constructor(options: RetirementOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, () => this.#step(), options.onFault);
  }

  /** The members that keep a replaced key of each role in use. */
  waitingFor(): { readonly role: KeyRole; readonly members: readonly string[] }[] {
    return this.#options.keeper.changing().map((role) => ({ role, members: this.#waitingFor.get(role) ?? [] }));
  }

  wake(): void {
    this.#job.wake();
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #step(): Promise<StepOutcome> {
    const { keeper, peers } = this.#options;
    const roles = keeper.changing();
    const members = peers();
    if (roles.length === 0 || members.length === 0) return "done";
    const known = await Promise.all(members.map(async (peer) => ({ peer, keys: await knownKeys(peer) })));
    for (const role of roles) {
      const current = keeper.keyText(role);
      const behind: string[] = [];
      for (const { peer, keys } of known) {
        const knows = keys?.[role] === current && (role !== "log" || (await this.#keepsNewSignature(peer)));
        if (!knows) behind.push(peer.name);
      }
      this.#waitingFor.set(role, behind);
      if (behind.length === 0) await keeper.retire(role, current);
    }
    return keeper.changing().length === 0 ? "done" : { retryAfter: RETRY };
  }

  /** A peer keeps the signatures that it could verify when a head came. */
  async #keepsNewSignature({ name, client }: Peer): Promise<boolean> {
    const { keeper, origin, showAgain } = this.#options;
    const keys: readonly Verifier[] = keeper
      .logSigners()
      .slice(0, 1)
      .map(({ verifier }) => verifier);
    for (const service of ["witness", "mirror"]) {
      const answer = await client.request("GET", `/${service}/${originHash(origin)}/checkpoint`, LIMITS);
      if (!answer.ok) return false;
      if (answer.value.status === 200 && openCheckpoint(answer.value.body, origin, keys).ok) continue;
      showAgain(name);
      return false;
    }
    return true;
  }
}

async function knownKeys(peer: Peer): Promise<Partial<Record<string, Json>> | undefined> {
  const answer = await peer.client.request("GET", "/known-keys", LIMITS);
  const json = answer.ok && answer.value.status === 200 ? parseCanonicalJson(answer.value.body) : undefined;
  const value = json?.ok === true ? json.value : undefined;
  return typeof value === "object" && value !== null ? (value as Partial<Record<string, Json>>) : undefined;
}
