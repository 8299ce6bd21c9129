import {
  type Bytes,
  canonicalJson,
  equalBytes,
  err,
  type Fault,
  type Json,
  ok,
  present,
  type Result,
  toBase64,
} from "@detente/basics";
import { keyDigest, type KeyRole, KEY_ROLES, type PartyFile } from "@detente/record";
import { type Cosigner, ed25519Cosigner, ed25519Signer, type Signer } from "@detente/tlog";
import { readJsonFile, writeFileDurably } from "./files.ts";
import { Turns } from "../turns.ts";
import { type Keys, type KeySeeds, loadKeys, saveCurrent, saveNext } from "./keys.ts";
import { commitmentTo, publicKeyText } from "./party.ts";
import { loadPending, type PendingRotation, removePending, savePending } from "./pending-rotation.ts";

export type RotateFault = Fault<"no-next-key" | "wrong-next-key" | "conflict" | "keys-missing">;

/** A rotation as this party's own log states it. */
export interface StatedRotation {
  readonly role: KeyRole;
  /** The key's public text. */
  readonly key: string;
  /** The digest of the key that may follow. */
  readonly next: string;
}

/** Keys of one role that are used at the same time: each of them only until all members know its successor. */
const MAX_PREVIOUS = 8;

/**
 * The station's own keys, on disk and in use. A rotation is written down whole before it is stated; the statement on
 * this party's own log then decides: once it stands there the rotation is finished, however often the station is
 * killed in between, and until then nothing is signed with the new key.
 */
export class KeyKeeper {
  readonly #dir: string;
  readonly #origin: string;
  readonly #stated = new Map<KeyRole, StatedRotation & { readonly index: number }>();
  readonly #made = new Map<string, Signer | Cosigner>();
  #party: PartyFile;
  #keys: Keys;
  #pending: PendingRotation | undefined;
  #announced = false;
  readonly #writes = new Turns();

  private constructor(dir: string, party: PartyFile, keys: Keys, pending: PendingRotation | undefined) {
    this.#dir = dir;
    this.#origin = party.origin;
    this.#party = party;
    this.#keys = keys;
    this.#pending = pending;
  }

  static async open(dir: string): Promise<Result<KeyKeeper>> {
    const keys = await loadKeys(dir);
    if (!keys.ok) return keys;
    const party = await readJsonFile(`${dir}/party.json`);
    if (!party.ok) return party;
    const pending = await loadPending(dir);
    return pending.ok ? ok(new KeyKeeper(dir, party.value as PartyFile, keys.value, pending.value)) : pending;
  }

  /** Seeds to sign with in a role: the key in use, then those that some member may know instead. */
  seeds(role: KeyRole): readonly Bytes[] {
    const { current, previous } = this.#keys;
    const announced = this.#announced && this.#pending?.role === role ? [this.#pending.seed] : [];
    return [...announced, current[role], ...(previous[role] ?? [])];
  }

  logSigners(): Signer[] {
    return this.seeds("log").map((seed) => this.#once("log", seed, () => ed25519Signer(this.#origin, seed)) as Signer);
  }

  cosigners(role: "witness" | "mirror"): Cosigner[] {
    const make = (seed: Bytes): Cosigner => ed25519Cosigner(`${this.#origin}/${role}`, seed);
    return this.seeds(role).map((seed) => this.#once(role, seed, () => make(seed)) as Cosigner);
  }

  /** The public text of the key in use. */
  keyText(role: KeyRole): string {
    return publicKeyText(role, this.#keys.current[role], this.#origin);
  }

  /** Roles in which a replaced key is still used beside the current one. */
  changing(): KeyRole[] {
    return KEY_ROLES.filter((role) => (this.#keys.previous[role] ?? []).length > 0);
  }

  /** What this party's own log says at `index`; `settle` then acts on the last of each role. */
  noted(rotation: StatedRotation, index: number): void {
    if ((this.#stated.get(rotation.role)?.index ?? -1) < index) this.#stated.set(rotation.role, { ...rotation, index });
  }

  /**
   * Writes down the rotation to the key committed to: from the `next` keys on this disk, or the one given. Gives what
   * is to be stated. Nothing is signed with the new key before `announce`.
   */
  prepare(
    role: KeyRole,
    given: Bytes | undefined,
    random: (length: number) => Bytes,
  ): Promise<Result<StatedRotation, RotateFault>> {
    return this.#writes.run(() => this.#prepare(role, given, random));
  }

  async #prepare(
    role: KeyRole,
    given: Bytes | undefined,
    random: (length: number) => Bytes,
  ): Promise<Result<StatedRotation, RotateFault>> {
    if (this.#pending !== undefined)
      return err("conflict", `the rotation of the ${this.#pending.role} key is under way`);
    if ((this.#keys.previous[role] ?? []).length >= MAX_PREVIOUS) {
      return err(
        "conflict",
        `${MAX_PREVIOUS} former ${role} keys are not known as replaced to every member; see \`detente status\``,
      );
    }
    const committed = this.#stated.get(role)?.next ?? this.#party.next[role];
    const seed = given ?? this.#keys.next?.[role];
    if (seed === undefined) {
      return err(
        "no-next-key",
        `${this.#dir}/keys/next.json does not hold the next ${role} key: name the file that does with --next FILE`,
      );
    }
    const key = publicKeyText(role, seed, this.#origin);
    if (keyDigest(key) !== committed) {
      const source = given === undefined ? `${this.#dir}/keys/next.json` : "the key given";
      return err(
        "wrong-next-key",
        `${source} is not the next ${role} key that this party has committed itself to; name the right file with --next FILE`,
      );
    }
    const pending = { role, seed, next: random(32) };
    await savePending(this.#dir, pending);
    this.#pending = pending;
    return ok({ role, key, next: commitmentTo(role, pending.next, this.#origin) });
  }

  /** The statement is about to be signed for: the head that covers it, and all after it, bear the new key as well. */
  announce(): void {
    this.#announced = true;
  }

  /** The statement did not come about. */
  discard(): Promise<void> {
    return this.#writes.run(async () => {
      const pending = this.#pending;
      if (pending === undefined || this.#isStated(pending)) return;
      await removePending(this.#dir);
      this.#pending = undefined;
      this.#announced = false;
    });
  }

  /** Brings the keys into step with this party's own log. True where others are in use now. */
  settle(): Promise<Result<boolean, RotateFault>> {
    return this.#writes.run(() => this.#settle());
  }

  /** All members know this key: if it is still the one in use, those before it are forgotten. */
  retire(role: KeyRole, known: string): Promise<void> {
    return this.#writes.run(async () => {
      if (this.keyText(role) !== known) return;
      const { current, previous } = this.#keys;
      const kept = { ...previous };
      delete kept[role];
      await saveCurrent(this.#dir, { current, previous: kept });
      this.#keys = { ...this.#keys, previous: kept };
    });
  }

  async #settle(): Promise<Result<boolean, RotateFault>> {
    let changed = false;
    for (const stated of this.#stated.values()) {
      const { role, key } = stated;
      const pending = this.#pending !== undefined && this.#isStated(this.#pending) ? this.#pending : undefined;
      const { current, previous, next } = this.#keys;
      const isKey = (seed: Bytes | undefined): boolean =>
        seed !== undefined && publicKeyText(role, seed, this.#origin) === key;
      if (pending?.role === role) {
        await this.#switch(stated, pending.seed, pending.next);
        changed = true;
      } else if (isKey(next?.[role])) {
        // A directory older than the rotation: the key is here, its successor was made later.
        await this.#switch(stated, present(next?.[role], "the next seed"), undefined);
        changed = true;
      } else if (!isKey(current[role]) && previous[role]?.some(isKey) !== true) {
        return err(
          "keys-missing",
          `${this.#dir}/keys is older than the record: the ${role} key in force is not in it; copy keys/ from the newest backup and restart`,
        );
      }
    }
    return ok(changed);
  }

  /** Each step may be repeated; what is pending goes last. */
  async #switch({ role, next: commitment }: StatedRotation, seed: Bytes, next: Bytes | undefined): Promise<void> {
    const { current, previous } = this.#keys;
    const others = { ...this.#keys.next };
    delete others[role];
    const isDone = equalBytes(current[role], seed);
    const keys: Keys = {
      current: { ...current, [role]: seed },
      previous: isDone ? previous : { ...previous, [role]: [current[role], ...(previous[role] ?? [])] },
      next: next === undefined ? others : { ...others, [role]: next },
    };
    const party: PartyFile = {
      ...this.#party,
      [role]: publicKeyText(role, seed, this.#origin),
      next: { ...this.#party.next, [role]: commitment },
    };
    await saveCurrent(this.#dir, keys);
    await saveNext(this.#dir, keys.next as Partial<KeySeeds>);
    await writeFileDurably(`${this.#dir}/party.json`, `${canonicalJson(party as unknown as Json)}\n`);
    await removePending(this.#dir);
    this.#keys = keys;
    this.#party = party;
    this.#pending = undefined;
    this.#announced = false;
  }

  #isStated({ role, seed }: PendingRotation): boolean {
    return this.#stated.get(role)?.key === publicKeyText(role, seed, this.#origin);
  }

  #once(role: KeyRole, seed: Bytes, make: () => Signer | Cosigner): Signer | Cosigner {
    const name = `${role} ${toBase64(seed)}`;
    let made = this.#made.get(name);
    if (made === undefined) this.#made.set(name, (made = make()));
    return made;
  }
}
