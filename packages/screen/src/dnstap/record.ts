import { type DnsItem, readAddress, readDnsMessage, readDnsName } from "./dns-message.ts";
import { type ProtobufField, protobufFields } from "./protobuf.ts";

/** Something that a frame says, as text, one character for each byte, and at which byte of the frame it begins. */
interface DnstapItem {
  readonly field: DnsItem["field"] | "identity" | "query_address" | "response_address" | "query_zone";
  readonly text: string;
  readonly at: number;
}

export interface DnstapRecord {
  /** Each once, though a response repeats the question. */
  readonly items: readonly DnstapItem[];
  /** Of the response, else of the query, milliseconds since the epoch. */
  readonly time: number | null;
  /** Something in it could not be read; what could is there. */
  readonly isDamaged: boolean;
}

/** The fields of dnstap.proto, by their numbers. */
const DNSTAP = { identity: 1, message: 14 } as const;
const MESSAGE = {
  queryAddress: 4,
  responseAddress: 5,
  queryTimeSec: 8,
  queryTimeNsec: 9,
  queryMessage: 10,
  queryZone: 11,
  responseTimeSec: 12,
  responseTimeNsec: 13,
  responseMessage: 14,
} as const;

/** Reads the protocol buffer of one frame (dnstap.proto, `Dnstap` and its `Message`). */
export function readDnstap(frame: Uint8Array): DnstapRecord {
  const outer = protobufFields(frame);
  const identity = outer?.find(({ number }) => number === DNSTAP.identity);
  const message = outer?.find(({ number }) => number === DNSTAP.message);
  const fields = message === undefined ? undefined : protobufFields(message.bytes);
  const found = new Finder(message?.at ?? 0);
  if (identity !== undefined) {
    found.add(
      { field: "identity", text: String.fromCharCode(...identity.bytes.subarray(0, 1024)), at: identity.at },
      0,
    );
  }
  for (const field of fields ?? []) found.read(field);
  const isDamaged = fields === undefined || found.isDamaged;
  const time = (sec: number, nsec: number): number | null => timeOf(fields ?? [], sec, nsec);
  return {
    items: [...found.items.values()],
    time: time(MESSAGE.responseTimeSec, MESSAGE.responseTimeNsec) ?? time(MESSAGE.queryTimeSec, MESSAGE.queryTimeNsec),
    isDamaged,
  };
}

class Finder {
  readonly items = new Map<string, DnstapItem>();
  readonly #start: number;
  isDamaged = false;

  /** @param start where the message begins in the frame */
  constructor(start: number) {
    this.#start = start;
  }

  read({ number, bytes, at }: ProtobufField): void {
    switch (number) {
      case MESSAGE.queryAddress:
        return this.#text("query_address", readAddress(bytes), at);
      case MESSAGE.responseAddress:
        return this.#text("response_address", readAddress(bytes), at);
      case MESSAGE.queryZone:
        return this.#text("query_zone", readDnsName(bytes), at);
      case MESSAGE.queryMessage:
      case MESSAGE.responseMessage: {
        const { items, isDamaged } = readDnsMessage(bytes);
        if (isDamaged) this.isDamaged = true;
        for (const item of items) this.add(item, this.#start + at);
      }
    }
  }

  add(item: DnstapItem, offset: number): void {
    const key = `${item.field} ${item.text}`;
    if (!this.items.has(key)) this.items.set(key, { ...item, at: item.at + offset });
  }

  #text(field: DnstapItem["field"], text: string | undefined, at: number): void {
    if (text === undefined) this.isDamaged = true;
    else this.add({ field, text, at }, this.#start);
  }
}

/** Seconds and nanoseconds of two fields, within what a Date can name. */
function timeOf(fields: readonly ProtobufField[], sec: number, nsec: number): number | null {
  const seconds = fields.find(({ number }) => number === sec)?.value;
  if (seconds === undefined || seconds > 8_640_000_000_000) return null;
  const nanoseconds = fields.find(({ number }) => number === nsec)?.value ?? 0;
  return seconds * 1000 + Math.min(999, Math.floor(nanoseconds / 1_000_000));
}
