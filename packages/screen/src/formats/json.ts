import { parseTime } from "@detente/intel/time";
import { decodeHexEscapes, decodeJsonEscapes, type MappedText } from "../mapped-text.ts";
import { type JsonVisitor, JsonWalker } from "./json-walker.ts";
import { FREE_TEXT, type LineReader, type LineVisitor } from "./reader.ts";

type Range = readonly [start: number, end: number];

/**
 * Members that hold a time, the commonest first; behind those of many the names that AWS CloudTrail, Microsoft 365 and
 * Sentinel, Okta, Kubernetes' audit log, Splunk and journald have for it.
 */
const TIMES: readonly RegExp[] = [
  "timestamp",
  "@timestamp",
  "ts",
  "time",
  "datetime",
  "date",
  "eventTime",
  "CreationTime",
  "TimeGenerated",
  "published",
  "requestReceivedTimestamp",
  "_time",
  "__REALTIME_TIMESTAMP",
].map((name) => new RegExp(`"${name}"\\s*:\\s*(?:"([^"\\\\]{4,40})"|([0-9]{9,13}(?:\\.[0-9]{1,9})?))`));
/** Microseconds since the epoch, as journald has them (systemd.journal-fields(7)). */
const MICROSECONDS = /^[0-9]{16}$/;
/** Anything in it that JSON does not have between its strings: letters other than literals and exponents, addresses. */
const NOT_JSON = /[^\s\d.,:{}[\]+\-eE]|\d\.\d+\.\d|::/;
const LITERALS = /true|false|null/g;

/** One JSON object a line: Suricata's eve.json, Zeek's JSON logs, and any other. */
export class JsonReader implements LineReader {
  readonly format: "eve" | "zeek-json" | "json";
  readonly #walker = new JsonWalker();

  constructor(format: "eve" | "zeek-json" | "json") {
    this.format = format;
  }

  unescape(piece: MappedText): MappedText {
    return decodeHexEscapes(decodeJsonEscapes(piece));
  }

  read(line: string, visitor: LineVisitor): boolean {
    if (!/^\s*[{[]/.test(line)) return false;
    const walker = this.#walker;
    let host: Range | undefined;
    let target: Range | undefined;
    const parts: JsonVisitor = {
      string: (start, end, isName) => {
        if (!isName && isMember(walker, "hostname", "host")) host = [start, end];
        else if (!isName && isMember(walker, "url", "uri")) target = [start, end];
        visitor.piece(start, end, walker.path);
      },
      other: (start, end) => {
        if (end - start <= 2 || !visitor.wants(start, end)) return;
        const between = line.slice(start, end);
        if (NOT_JSON.test(between.replace(LITERALS, ""))) visitor.piece(start, end, FREE_TEXT);
      },
    };
    const balanced = walker.walk(line, parts);
    if (host !== undefined && target !== undefined && visitor.wants(...host)) {
      const port = /"(?:http_port|dest_port|id\.resp_p)"\s*:\s*([0-9]{1,5})/.exec(line)?.[1];
      const field = this.format === "zeek-json" ? "uri" : "http.url";
      visitor.request({ host, target, port: port === undefined ? undefined : Number(port), field });
    }
    return balanced;
  }

  time(line: string): number | null {
    for (const pattern of TIMES) {
      const match = pattern.exec(line);
      const text = match?.[1] ?? match?.[2] ?? "";
      const time = match === null ? undefined : parseTime(MICROSECONDS.test(text) ? text.slice(0, 13) : text);
      if (time !== undefined) return time;
    }
    return null;
  }
}

/** Suricata nests the request under `http`; Zeek has it at the top. */
function isMember(walker: JsonWalker, nested: string, top: string): boolean {
  if (walker.depth === 2) return walker.isNamed(2, nested) && walker.isNamed(1, "http");
  return walker.depth === 1 && walker.isNamed(1, top);
}
