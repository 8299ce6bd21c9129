import { type Bytes, fromHex, type Json, present, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import {
  arrangeList,
  batchesOf,
  blindPart,
  checkList,
  contentsMessage,
  countedMessage,
  doublingPart,
  type Group,
  meetingKey,
  multiplyPart,
  paddingBytes,
  provePart,
  type Prover,
  setClass,
  type Step,
} from "@detente/match";
import type { MeetingReport } from "@detente/unit";
import type { HostileParty, Trick } from "./hostile-party.ts";
import { seededBytes } from "./random.ts";
import type { TestStation } from "./test-station.ts";

const HEAD_BYTES = 5;
const PIECE = 2 ** 20;

/** A side of a meeting of a party that keeps no rule: it can say and send whatever it likes, honest unless told otherwise. */
export class HostileMeeting {
  readonly prover: Prover;
  /** Its messages, as it sends them. */
  readonly messages: Map<Step, Bytes> = new Map();
  readonly #group: Group;
  readonly #party: HostileParty;
  meeting = "";
  /** The other's list, once it was answered. */
  taken: Bytes = new Uint8Array(0);

  /** @param inputs as `kind:value` */
  constructor(group: Group, party: HostileParty, seed: number, inputs: readonly string[]) {
    const random = seededBytes(seed);
    this.#group = group;
    this.#party = party;
    const { key, publicKey } = meetingKey(group, random(64));
    this.prover = { key, publicKey, nonceKey: random(32) };
    const padding = random(paddingBytes(setClass(inputs.length) - inputs.length));
    this.messages.set("list", arrangeList(blindPart(group, key, inputs.map(utf8), padding)).message);
  }

  /** Commits to a list: that of `messages` unless another is given. */
  commit(list: Bytes = this.message("list")): Json {
    const { publicKey } = this.prover;
    return { key: toHex(publicKey), count: (list.length - HEAD_BYTES) / 32, digest: toHex(sha256(list)) };
  }

  /** Proposes a meeting. @param until milliseconds since 1970 */
  propose(partner: string, until: number, list: Json = this.commit()): string {
    const terms = {
      suite: "ristretto255-SHA512",
      by: this.#party.name,
      with: partner,
      purpose: "?",
      until,
      most: 1024,
    };
    const written = this.#party.write({ type: "open", kind: "meeting", content: { ...terms, list } });
    this.meeting = written.hash;
    return written.hash;
  }

  say(type: "exhibit" | "observe" | "position", kind: string, content: Json): void {
    this.#party.write({ type, kind, of: [this.meeting], content });
  }

  /** Commits to a message of its own as `messages` has it. */
  commitTo(step: "counted" | "contents"): void {
    this.say("exhibit", "meeting-message", { step, digest: toHex(sha256(this.message(step))) });
  }

  /** Fetches a message of the other's. */
  async fetch(from: TestStation, step: Step): Promise<{ readonly status: number; readonly body: Bytes }> {
    return this.#party.send(from, "GET", `/meet/${this.meeting}/${step}/0`);
  }

  /** Makes the honest messages of the other's list. */
  answer(report: MeetingReport, list: Bytes, prover: Prover = this.prover): void {
    this.taken = list;
    const { count, digest } =
      report.terms.by === this.#party.name ? present(report.with.list, "the other's list").content : report.terms.list;
    const blinded = unwrap(checkList({ count, digest: present(fromHex(digest), "a digest") }, list));
    const doubled = unwrap(multiplyPart(this.#group, prover.key, blinded));
    this.messages.set("counted", countedMessage(doubled));
    const proofs = Array.from({ length: batchesOf(count) }, (_, i) =>
      provePart(this.#group, prover, doublingPart({ blinded, doubled }, i)),
    );
    this.messages.set("contents", contentsMessage(doubled, proofs));
  }

  message(step: Step): Bytes {
    return present(this.messages.get(step), `the message ${step}`);
  }

  /** Sends its messages to whoever asks, at the party's address. */
  readonly trick: Trick = (request) => {
    const [, root, meeting, step, piece] = new URL(request.url).pathname.split("/");
    if (root !== "meet" || meeting !== this.meeting) return undefined;
    const message = this.messages.get(step as Step);
    if (message === undefined) return new Response("nothing here\n", { status: 404 });
    const at = PIECE * Number(piece);
    return new Response(Uint8Array.from(message.subarray(at, at + PIECE)));
  };
}
