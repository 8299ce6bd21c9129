import { type Bytes, equalBytes, err, type Fault, ok, type Result, sha256 } from "@detente/basics";
import type { BadElement, Group } from "../group.ts";
import { checkContents, doublingPart, proofOf, verifyPart } from "./contents.ts";
import { countCommon, readCounted } from "./counted.ts";
import type { Author, SentMessage } from "./evidence.ts";
import { readList } from "./list.ts";
import { type BadMessage, batchesOf, parseStep, type Step } from "./message.ts";

/** What one side of a meeting has put on the record. */
export interface RecordedSide {
  readonly publicKey: Bytes;
  /** The class of its list. */
  readonly count: number;
  /** SHA-256 of its messages, of those to which it has committed. */
  readonly digests: Readonly<Partial<Record<Step, Bytes>>>;
  /** How many items it says that both have. */
  readonly says: number | undefined;
}

export type RecordedSides = Readonly<Record<Author, RecordedSide>>;

type Flaw = "bad-message" | "bad-element" | "bad-proof" | "not-as-counted" | "wrong-count";

/** What a message shows of its author: nothing, where it is as it has to be. */
export interface JudgedMessage {
  readonly author: Author;
  readonly step: Step;
  readonly what: Flaw | undefined;
}

/**
 * What the messages of a meeting show of their authors, each of whom has put its message's digest on the record: as much
 * as those in hand allow, in their order.
 *
 * Two `counted` messages that are the same to the byte give no number: one side has sent back what it got, and which one
 * is not in the messages.
 */
export function judgeMessages(
  group: Group,
  sides: RecordedSides,
  messages: readonly SentMessage[],
): Result<readonly JudgedMessage[], Fault<"not-committed">> {
  for (const { author, step, message } of messages) {
    const committed = sides[author].digests[step];
    if (committed !== undefined && equalBytes(sha256(message), committed)) continue;
    return err("not-committed", `meeting: a message (${step}) is not the one that the record names; it shows nothing`);
  }
  const of = (author: Author, step: Step): Bytes | undefined =>
    messages.find((one) => one.author === author && one.step === step)?.message;
  return ok(
    messages.map(({ author, step, message }): JudgedMessage => {
      const other = author === "by" ? "with" : "by";
      const [mine, theirs] = [sides[author], sides[other]];
      switch (step) {
        case "list":
          return { author, step, what: listFlaw(group, mine, message) };
        case "counted":
          return { author, step, what: countedFlaw(mine, theirs, message, of(other, "counted")) };
        default: {
          const before = { counted: of(author, "counted"), list: of(other, "list") };
          return { author, step, what: contentsFlaw(group, mine, theirs, message, before) };
        }
      }
    }),
  );
}

function listFlaw(group: Group, side: RecordedSide, message: Bytes): Flaw | undefined {
  const list = elementsOf(group, side, message);
  return list.ok ? undefined : list.fault.code;
}

/** The elements of a list, which are some. */
function elementsOf(group: Group, { count }: RecordedSide, message: Bytes): Result<Bytes, BadMessage | BadElement> {
  const list = readList(message, count);
  const decoded = list.ok ? group.decode(list.value) : list;
  return decoded.ok ? list : decoded;
}

/** @param theirs the other's `counted`, where it is in hand: both together give the number */
function countedFlaw(
  side: RecordedSide,
  other: RecordedSide,
  message: Bytes,
  theirs: Bytes | undefined,
): "bad-message" | "wrong-count" | undefined {
  if (!readCounted(message, other.count).ok) return "bad-message";
  if (theirs === undefined || side.says === undefined) return undefined;
  const common = countCommon({ ours: message, theirs }, { ours: side.count, theirs: other.count });
  return common.ok && common.value !== side.says ? "wrong-count" : undefined;
}

/** @param before what `contents` is held against: its author's `counted`, and the list that is under both keys in it */
function contentsFlaw(
  group: Group,
  { publicKey }: RecordedSide,
  other: RecordedSide,
  message: Bytes,
  before: { readonly counted: Bytes | undefined; readonly list: Bytes | undefined },
): Flaw | undefined {
  const parts = parseStep("contents", message, other.count);
  if (!parts.ok) return "bad-message";
  const { elements: doubled, proofs } = parts.value;
  // A key that is no element proves nothing, and its owner has put it on the record.
  if (!group.decode(publicKey).ok || !group.decode(doubled).ok) return "bad-element";
  const counted = before.counted && readCounted(before.counted, other.count);
  if (counted?.ok === true && !checkContents(message, other.count, counted.value).ok) return "not-as-counted";
  const list = before.list && elementsOf(group, other, before.list);
  if (list?.ok !== true) return undefined;
  const all = { blinded: list.value, doubled };
  const batches = Array.from({ length: batchesOf(other.count) }, (_, part) => part);
  const isProven = batches.every(
    (part) => verifyPart(group, publicKey, doublingPart(all, part), proofOf(proofs, part)).ok,
  );
  return isProven ? undefined : "bad-proof";
}
