import { formatIpv4, formatIpv6 } from "@detente/intel/canonical";

/** Something that a DNS message says, as text, and where in the message it begins. */
export interface DnsItem {
  readonly field:
    | "query_name"
    | "answer_name"
    | "answer"
    | "authority_name"
    | "authority"
    | "additional_name"
    | "additional";
  /** One character for each byte. */
  readonly text: string;
  readonly at: number;
}

/** What was read of a message; damaged from some place on, it still gives what stands before. */
export interface DnsMessage {
  readonly items: readonly DnsItem[];
  readonly isDamaged: boolean;
}

const HEADER = 12;
const MAX_MESSAGE = 65_535;
/** Octets of a name in wire format (RFC 1035 §2.3.4). */
const MAX_NAME = 255;

const A = 1;
const TXT = 16;
const AAAA = 28;
/** Types whose data is a name after so many octets: NS, CNAME, SOA (the server), PTR, MX, SRV, DNAME, SVCB, HTTPS. */
const NAME_AFTER: Readonly<Record<number, number>> = { 2: 0, 5: 0, 6: 0, 12: 0, 15: 2, 33: 6, 39: 0, 64: 2, 65: 2 };

/** Reads names, addresses and texts out of a DNS message (RFC 1035 §4). */
export function readDnsMessage(message: Uint8Array): DnsMessage {
  const items: DnsItem[] = [];
  if (message.length < HEADER || message.length > MAX_MESSAGE) return { items, isDamaged: true };
  const counts = [4, 6, 8, 10].map((at) => shortAt(message, at));
  const [questions = 0, ...sections] = counts;
  let at = HEADER;
  for (let i = 0; i < questions; i++) {
    const name = readName(message, at);
    if (name === undefined || name.next + 4 > message.length) return { items, isDamaged: true };
    items.push({ field: "query_name", text: name.text, at });
    at = name.next + 4;
  }
  for (const [i, section] of (["answer", "authority", "additional"] as const).entries()) {
    for (let k = 0; k < (sections[i] ?? 0); k++) {
      const next = readRecord(message, at, section, items);
      if (next === undefined) return { items, isDamaged: true };
      at = next;
    }
  }
  return { items, isDamaged: false };
}

/** A name by itself, as a zone is named. */
export function readDnsName(bytes: Uint8Array): string | undefined {
  const name = readName(bytes, 0);
  return name?.next === bytes.length ? name.text : undefined;
}

function readRecord(
  message: Uint8Array,
  from: number,
  field: "answer" | "authority" | "additional",
  items: DnsItem[],
): number | undefined {
  const owner = readName(message, from);
  if (owner === undefined || owner.next + 10 > message.length) return undefined;
  const type = shortAt(message, owner.next);
  const at = owner.next + 10;
  const end = at + shortAt(message, owner.next + 8);
  if (end > message.length) return undefined;
  if (owner.text !== ".") items.push({ field: `${field}_name`, text: owner.text, at: from });
  const text = readData(message, type, at, end);
  if (text === undefined) return undefined;
  if (text !== "") items.push({ field, text, at });
  return end;
}

/** The data of a record as text, empty for types that hold nothing to look for. */
function readData(message: Uint8Array, type: number, at: number, end: number): string | undefined {
  const data = message.subarray(at, end);
  if (type === A) return data.length === 4 ? formatIpv4(data.reduce((sum, octet) => sum * 256 + octet, 0)) : undefined;
  if (type === AAAA) return data.length === 16 ? readAddress(data) : undefined;
  if (type === TXT) return readTexts(data);
  const before = NAME_AFTER[type];
  if (before === undefined) return "";
  const name = readName(message, at + before);
  return name === undefined || name.next > end ? undefined : name.text;
}

/** An IPv4 or IPv6 address in network order, as text. */
export function readAddress(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return formatIpv4(bytes.reduce((sum, octet) => sum * 256 + octet, 0));
  return bytes.length === 16 ? formatIpv6(Array.from({ length: 8 }, (_, i) => shortAt(bytes, 2 * i))) : undefined;
}

/** Character strings belong together (RFC 7208 §3.3 and others read them so). */
function readTexts(data: Uint8Array): string | undefined {
  let text = "";
  for (let at = 0; at < data.length;) {
    const length = data[at] as number;
    if (at + 1 + length > data.length) return undefined;
    text += String.fromCharCode(...data.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return text;
}

interface ReadName {
  readonly text: string;
  readonly next: number;
}

/**
 * Reads a name, following pointers backwards only (RFC 1035 §4.1.4), so that none leads round in a circle. A dot or
 * another odd character in a label is written `\DDD`: `a\046b.example` is not below `b.example`.
 */
function readName(message: Uint8Array, from: number): ReadName | undefined {
  const labels: string[] = [];
  let next: number | undefined;
  let lowest = from;
  let octets = 1;
  for (let at = from; ;) {
    const length = message[at];
    if (length === undefined) return undefined;
    if (length === 0) return { text: labels.length === 0 ? "." : labels.join("."), next: next ?? at + 1 };
    if (length >= 0xc0) {
      const target = shortAt(message, at) & 0x3fff;
      if (at + 1 >= message.length || target >= lowest) return undefined;
      next ??= at + 2;
      lowest = target;
      at = target;
      continue;
    }
    octets += 1 + length;
    if (length > 63 || octets > MAX_NAME || at + 1 + length > message.length) return undefined;
    labels.push(labelText(message.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
}

function labelText(label: Uint8Array): string {
  const text = String.fromCharCode(...label);
  return text.replace(/[^!-,/-[\]-~\u0080-\u00ff-]/g, (odd) => `\\${odd.charCodeAt(0).toString().padStart(3, "0")}`);
}

function shortAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
