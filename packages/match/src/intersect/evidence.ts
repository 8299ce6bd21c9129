import { type Bytes, concatBytes, equalBytes, err, type Fault, ok, type Result, utf8 } from "@detente/basics";
import { FieldReader, joinFields } from "../lookup/fields.ts";
import { MAX_LIST, messageBytes, type Step, STEPS } from "./message.ts";

const MAGIC = utf8("DME1");
const HASH_BYTES = 32;

/** Whose a message is: the proposer's, or the other's. */
export type Author = "by" | "with";

const AUTHORS: readonly Author[] = ["by", "with"];

/** A message of a meeting as it was sent. */
export interface SentMessage {
  readonly author: Author;
  readonly step: Step;
  readonly message: Bytes;
}

/** What of a meeting shows whether a complaint is true, for anybody who has the record. */
export interface Evidence {
  /** Leaf hash of the proposal. */
  readonly meeting: Bytes;
  /** One to four, none of the same author and step. */
  readonly messages: readonly SentMessage[];
}

/** Two complaints are shown by four messages at most. */
const MAX_MESSAGES = 4;

/** Bytes of a file of evidence at most. */
export const MAX_EVIDENCE: number = 64 + MAX_MESSAGES * (16 + messageBytes("contents", MAX_LIST));

/** "DME1", then fields behind their lengths (4 bytes): the meeting, then for each message author and step (2 bytes), and itself. */
export function encodeEvidence({ meeting, messages }: Evidence): Bytes {
  const fields = messages.flatMap(({ author, step, message }) => [
    Uint8Array.of(AUTHORS.indexOf(author), STEPS[step]),
    message,
  ]);
  return concatBytes(MAGIC, joinFields([meeting, ...fields]));
}

export function isEvidence(bytes: Bytes): boolean {
  return equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
}

/** Reads a file of evidence; whether its messages are those on the record is to be seen, see `judgeMessages`. */
export function parseEvidence(bytes: Bytes): Result<Evidence, Fault<"bad-evidence">> {
  if (!isEvidence(bytes)) return bad("no evidence of a meeting");
  const fields = new FieldReader(bytes.subarray(MAGIC.length));
  const meeting = fields.next();
  const messages: SentMessage[] = [];
  while (!fields.isAtEnd() && messages.length < MAX_MESSAGES) {
    const head = fields.next();
    const [author, step] = [AUTHORS[head[0] ?? -1], stepOf(head[1])];
    if (head.length !== 2 || author === undefined || step === undefined) return bad("cut short, or not of its fields");
    messages.push({ author, step, message: fields.next() });
  }
  const names = new Set(messages.map(({ author, step }) => `${author} ${step}`));
  if (!fields.isAtEnd() || meeting.length !== HASH_BYTES) return bad("cut short, or not of its fields");
  if (messages.length === 0 || names.size !== messages.length) return bad("without a message, or with one twice");
  return ok({ meeting, messages });
}

function stepOf(number: number | undefined): Step | undefined {
  return (Object.keys(STEPS) as Step[]).find((step) => STEPS[step] === number);
}

function bad(what: string): ReturnType<typeof err<"bad-evidence">> {
  return err("bad-evidence", `evidence: ${what}; ask for the file again`);
}
