import { type Bytes, err, type Fault, fromHex, type Json, ok, present, type Result, toHex } from "@detente/basics";
import {
  type Audience,
  type CharterDocument,
  charterDigest,
  checkContent,
  draftHeads,
  draftStatement,
  type Head,
  isAudience,
  type StatementDraft,
  STATEMENT_TYPES,
} from "@detente/record";
import type { BlobWriter } from "@detente/store";
import { leafHash } from "@detente/tlog";
import type { Appended, AudienceInput, ObjectsInput, ShareInput, StatementInput } from "../api/contract.ts";
import type { StatedRotation } from "../setup/key-keeper.ts";
import { type DraftedObjects, draftObjects } from "./objects-draft.ts";
import { type DraftedShare, draftShare } from "./share-draft.ts";
import type { AppendFault, Entry, OwnLog } from "../sync/own-log.ts";

export type SpeakFault =
  | AppendFault
  | Fault<
      "no-unit" | "not-a-member" | "bad-statement" | "bad-audience" | "bad-item" | "too-large" | "marking-narrower"
    >;

export interface SpeakerOptions {
  readonly party: string;
  readonly own: OwnLog;
  readonly blobs: BlobWriter;
  /** The unit's id, once a charter was accepted. */
  readonly unit: () => string | undefined;
  readonly members: () => ReadonlySet<string>;
  /** The STIX identities of this party. */
  readonly identities: ReadonlySet<string>;
  readonly random: (length: number) => Bytes;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What makes a statement differ from another one that says the same. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 32 random bytes. */
  readonly salt: Bytes;
}

/** A statement that was made and can be said. */
export interface Drafted {
  readonly entry: Entry;
  /** In hex. */
  readonly leafHash: string;
}

type Sayable = Pick<StatementDraft, "of" | "audience" | "unseals"> & {
  readonly type: StatementInput["type"];
  readonly kind: string;
  readonly content: Json;
};

/** Makes this party's statements: checks what is to be said, salts it, and appends it to the party's own log. */
export class Speaker {
  readonly #options: SpeakerOptions;

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  async state(input: StatementInput): Promise<Result<Appended, SpeakFault>> {
    const drafted = this.draft(input);
    return drafted.ok ? this.append(drafted.value) : drafted;
  }

  /** Makes a statement without saying it: with the same moment and salt always the same bytes. */
  draft(input: StatementInput, fixed: Moment = this.#moment()): Result<Drafted, SpeakFault> {
    if (!STATEMENT_TYPES.includes(input.type))
      return err("bad-statement", `type: expected one of ${STATEMENT_TYPES.join(", ")}`);
    const badReference = input.of.find((hash) => fromHex(hash)?.length !== 32);
    if (badReference !== undefined)
      return err("bad-statement", `of: "${badReference}" is not a statement's hash of 64 hex digits`);
    const said = checkContent(input.type, input.kind, input.content);
    if (!said.ok) return err("bad-statement", said.fault.message);
    if (said.value.name === "unknown") {
      return err("bad-statement", `kind: "${input.type}/${input.kind}" is not a kind that this station knows`);
    }
    if (this.#options.unit() !== undefined && !this.#options.members().has(this.#options.party)) {
      return err("not-a-member", "this party has left the unit: what it says would count for nothing");
    }
    const audience = this.#audience(input.audience);
    if (!audience.ok) return audience;
    const { type, kind, of, content, unseals } = input;
    const statement = { type, kind, of, content, audience: audience.value };
    return this.#draft({ ...statement, ...(unseals === undefined ? {} : { unseals }) }, fixed);
  }

  /** Shares a list of indicators. */
  share(input: ShareInput): Promise<Result<Appended, SpeakFault>> {
    return this.#share("share", input.audience, (key) => draftShare(input, key));
  }

  /** Shares objects of STIX in their sources' bytes: all of them, or none. */
  shareObjects(input: ObjectsInput): Promise<Result<Appended, SpeakFault>> {
    const { identities } = this.#options;
    return this.#share("objects", input.audience, (key, audience) =>
      draftObjects(input, key, { audience, identities }),
    );
  }

  /** Puts the founding charter on this party's own log and accepts it, both or neither. */
  async adopt(charter: CharterDocument): Promise<Result<void, SpeakFault>> {
    const { own, now, random } = this.#options;
    const unit = charterDigest(charter);
    const common = { unit, by: own.origin, at: now(), audience: "unit" } as const;
    const opening = draftStatement({
      ...common,
      type: "open",
      kind: "charter",
      of: [],
      content: { charter },
      salt: random(32),
    });
    const acceptance = draftStatement({
      ...common,
      type: "position",
      kind: "accept",
      of: [toHex(leafHash(opening.leaf))],
      content: { digest: unit },
      salt: random(32),
    });
    const appended = await own.append([opening, acceptance]);
    return appended.ok ? ok(undefined) : appended;
  }

  /** States a rotation of this party's keys. @param onStaged called before the head that covers it is signed */
  rotate(rotation: StatedRotation, onStaged: () => void): Promise<Result<Appended, SpeakFault>> {
    const content: Json = { ...rotation };
    return this.#append({ type: "open", kind: "keys", of: [], content, audience: "unit" }, onStaged);
  }

  /** Says which heads of other logs this station holds whole. */
  async observe(heads: readonly Head[]): Promise<Result<void, SpeakFault>> {
    const unit = this.#options.unit();
    if (unit === undefined) return err("no-unit", NO_UNIT);
    const appended = await this.#options.own.append([{ leaf: draftHeads({ unit, at: this.#options.now(), heads }) }]);
    return appended.ok ? ok(undefined) : appended;
  }

  /** Says what `draft` has made. @param onStaged called before the head that covers it is signed */
  async append({ entry, leafHash: hash }: Drafted, onStaged?: () => void): Promise<Result<Appended, SpeakFault>> {
    const { own } = this.#options;
    const appended = await own.append([entry], onStaged);
    return appended.ok ? ok({ log: own.origin, index: appended.value, leafHash: hash }) : appended;
  }

  /** The blob of what is shared is durable before the statement that names it. */
  async #share(
    kind: "share" | "objects",
    to: AudienceInput,
    draft: (key: Bytes, audience: Audience) => Promise<Result<DraftedShare | DraftedObjects, SpeakFault>>,
  ): Promise<Result<Appended, SpeakFault>> {
    const audience = this.#audience(to);
    if (!audience.ok) return audience;
    const drafted = await draft(this.#options.random(32), audience.value);
    if (!drafted.ok) return drafted;
    const { content, pieces } = drafted.value;
    const { blobs } = this.#options;
    const digest = present(fromHex(content.items.digest), "the digest of a blob");
    const stored = await blobs.put(digest, content.items.size, pieces);
    if (!stored.ok) return err("storage-failed", stored.fault.message);
    const said = await this.#append({
      type: "open",
      kind,
      of: [],
      content: content as unknown as Json,
      audience: audience.value,
    });
    // After a disk that failed, the statement may stand nevertheless: only the next start knows.
    if (!said.ok && said.fault.code !== "storage-failed") await blobs.erase(digest);
    return said;
  }

  #draft(statement: Sayable, moment: Moment): Result<Drafted, SpeakFault> {
    const unit = this.#options.unit();
    if (unit === undefined) return err("no-unit", NO_UNIT);
    try {
      const entry = draftStatement({ ...statement, unit, by: this.#options.own.origin, ...moment });
      return ok({ entry, leafHash: toHex(leafHash(entry.leaf)) });
    } catch (error) {
      return err("too-large", `the statement cannot be made: ${(error as Error).message}`);
    }
  }

  async #append(statement: Sayable, onStaged?: () => void): Promise<Result<Appended, SpeakFault>> {
    const drafted = this.#draft(statement, this.#moment());
    return drafted.ok ? this.append(drafted.value, onStaged) : drafted;
  }

  #moment(): Moment {
    const { now, random } = this.#options;
    return { at: now(), salt: random(32) };
  }

  /** Fails closed: a name that is no member's, an empty list, or only oneself reaches nobody, so it is refused. */
  #audience(input: AudienceInput): Result<Audience, SpeakFault> {
    if (input === "unit") return ok(input);
    const names = [...new Set([...input, this.#options.party])].sort();
    const members = this.#options.members();
    const stranger = names.find((name) => !members.has(name));
    if (stranger !== undefined) {
      return err("bad-audience", `audience: "${stranger}" is no member; members are ${[...members].join(", ")}`);
    }
    if (!isAudience(names) || names.length < 2) {
      return err("bad-audience", "audience: name at least one other member, or say unit");
    }
    return ok(names);
  }
}

const NO_UNIT = "no charter has been accepted yet: run `detente charter accept FILE`";
