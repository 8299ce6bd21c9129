import { type Bytes, fromHex, present, toHex, utf8, utf8Decode } from "@detente/basics";
import type { Prover } from "@detente/match";
import type { SetFiles } from "../matching/set-files.ts";
import type { StatementInput } from "../api/contract.ts";
import type { Intent } from "../speak/say-once.ts";
import type { Grant } from "./spending.ts";

/** This party's own side of a meeting. Secret: whoever has it can test every guess of the list. */
export interface OwnSide {
  readonly prover: Prover;
  /** In the order of the elements of the message `list`; null for padding. */
  readonly inputs: readonly (string | null)[];
}

/** A statement of a meeting as it was decided on, and all that makes its bytes what they are. */
export interface Intended {
  readonly input: StatementInput;
  readonly intent: Intent;
}

interface WrittenSide {
  readonly key: string;
  readonly publicKey: string;
  readonly nonceKey: string;
  readonly inputs: readonly (string | null)[];
}

/** The messages of a meeting as they are kept: one's own under the name of the step. */
export type MessageName = `${"" | "their-"}${"list" | "counted" | "contents"}`;

const MEETING = /^[0-9a-f]{64}$/;
const SIDE = "side.json";
const GRANT = "grant.json";

/**
 * The files of a meeting in a directory of its own, readable for the station alone: a crash at any moment leaves the one
 * key that this meeting has, and all that was said by it.
 */
export class MeetingFolder {
  readonly meeting: string;
  readonly #files: SetFiles;

  /** @param meeting its leaf hash */
  constructor(files: SetFiles, meeting: string) {
    this.#files = files;
    this.meeting = meeting;
  }

  path(name: string): string {
    return this.#files.path(this.meeting, name);
  }

  /** Whether the own side is here: whatever else a crash has left, nothing is ever said or sent without it. */
  async isEntered(): Promise<boolean> {
    return (await this.size(SIDE)) !== undefined;
  }

  async side(): Promise<OwnSide | undefined> {
    const written = await this.#json<WrittenSide>(SIDE);
    if (written === undefined) return undefined;
    const { key, publicKey, nonceKey, inputs } = written;
    return { prover: { key: hex(key), publicKey: hex(publicKey), nonceKey: hex(nonceKey) }, inputs };
  }

  /** Durable when it resolves, as is all that is written here. */
  async keepSide({ prover: { key, publicKey, nonceKey }, inputs }: OwnSide): Promise<void> {
    const written = { key: toHex(key), publicKey: toHex(publicKey), nonceKey: toHex(nonceKey), inputs };
    await this.#files.write(this.meeting, SIDE, utf8(JSON.stringify(written)));
  }

  /** Forgets the key and the list, which nothing more is made of. */
  async forgetSide(): Promise<void> {
    await this.#files.remove(this.meeting, "doubled");
    await this.#files.remove(this.meeting, SIDE);
  }

  /** What the meeting takes from this party's budgets. */
  grant(): Promise<Grant | undefined> {
    return this.#json<Grant>(GRANT);
  }

  async keepGrant(grant: Grant): Promise<void> {
    await this.#files.write(this.meeting, GRANT, utf8(JSON.stringify(grant)));
  }

  message(name: MessageName | "doubled"): Promise<Bytes | undefined> {
    return this.#files.read(this.meeting, name);
  }

  async keepMessage(name: MessageName | "doubled", message: Bytes): Promise<void> {
    await this.#files.write(this.meeting, name, message);
  }

  async dropMessage(name: MessageName): Promise<void> {
    await this.#files.remove(this.meeting, name);
  }

  size(name: string): Promise<number | undefined> {
    return this.#files.size(this.meeting, name);
  }

  readAt(name: MessageName, at: number, length: number): Promise<Bytes> {
    return this.#files.readAt(this.meeting, name, at, length);
  }

  intended(what: string): Promise<Intended | undefined> {
    return this.#json<Intended>(`say-${what}.json`);
  }

  async keepIntended(what: string, intended: Intended): Promise<void> {
    await this.#files.write(this.meeting, `say-${what}.json`, utf8(JSON.stringify(intended)));
  }

  async forget(): Promise<void> {
    await this.#files.forget(this.meeting);
  }

  async #json<Written>(name: string): Promise<Written | undefined> {
    const file = await this.#files.read(this.meeting, name);
    return file === undefined ? undefined : (JSON.parse(utf8Decode(file) ?? "") as Written);
  }
}

/** Whether it can be the leaf hash of a meeting. */
export function isMeetingHash(text: string): boolean {
  return MEETING.test(text);
}

/** The folders of all meetings of which there are files. */
export async function meetingFolders(files: SetFiles): Promise<MeetingFolder[]> {
  return (await files.sets()).filter(isMeetingHash).map((meeting) => new MeetingFolder(files, meeting));
}

function hex(text: string): Bytes {
  return present(fromHex(text), "hexadecimal");
}
